import { analyze as judge } from '../analysis/analyze.ts';
import { activity } from './attempt.ts';
import type { Make } from './deps.ts';

/** Judges what is stored and stores the result: the first conclusion of a run counts. */
export const analyze: Make<'analyze'> = ({ store, missedRuns }) =>
  activity({ phase: 'collecting' }, async ({ run, problems, notes, cancelled }) => {
    const facts = await store.loadFacts(run);
    const finishedAt = new Date().toISOString();
    const result = judge({
      ...facts,
      finishedAt,
      missedRuns: await missedRuns(run),
      problems: [...facts.problems, ...problems],
      notes: [...facts.notes, ...notes],
      cancelled,
    });
    return store.finishRun(run, { result, verdict: result.verdict, finishedAt });
  });
