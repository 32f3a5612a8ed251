import { furtherTrials } from '../analysis/trials/further-trials.ts';
import { activity } from './support/attempt.ts';
import type { Make } from './support/deps.ts';

/** Looks at what is stored of the run: the decision is made here, and is thereby in the history. */
export const nextTrials: Make<'nextTrials'> = ({ store }) =>
  activity({ phase: 'collecting' }, async ({ run }) => furtherTrials(await store.loadFacts(run)));
