import { activity } from './support/attempt.ts';
import type { Make } from './support/deps.ts';

export const openRun: Make<'openRun'> = ({ store, instance, host }) =>
  activity({ phase: 'preparing' }, async ({ run, source, startedAt }) => {
    await store.openRun({ run, instance, source, startedAt });
    await store.addHost(run, host);
  });
