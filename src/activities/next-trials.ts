import { furtherTrials } from '../analysis/trials/further-trials.ts';
import { activity } from './support/attempt.ts';
import type { Make } from './support/deps.ts';

/** Decides from what is stored of the run. As an activity, its decision is in Temporal's history. */
export const nextTrials: Make<'nextTrials'> = ({ store }) =>
  activity({ phase: 'collecting' }, async ({ run }) => furtherTrials(await store.loadFacts(run)));
