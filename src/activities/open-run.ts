import { activity } from './support/attempt.ts';
import type { Make } from './support/deps.ts';

export const openRun: Make<'openRun'> = ({ store, instance, host }) =>
  activity({ phase: 'preparing' }, async ({ run, source, startedAt }) => {
    const isCheck = 'base' in source && source.base !== undefined;
    await store.openRun({ run, instance, source, startedAt, kind: isCheck ? 'check' : 'benchmark' });
    await store.addHost(run, host);
  });
