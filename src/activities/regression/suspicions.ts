import { candidateAlert } from '../../analysis/regression/alert.ts';
import { judgeRun } from '../../analysis/regression/judge-run.ts';
import { activity } from '../support/attempt.ts';
import type { Make } from '../support/deps.ts';
import { keepSeries } from '../support/fill-series.ts';
import { historyOf } from './history.ts';

/** A machine that became slow suspects everything at once: the farthest over their thresholds are measured again. */
const MOST_CANDIDATES = 6;

/** Stores what the run shows for each series, and its suspicions as candidates, which are not reported yet. */
export const suspicions: Make<'suspicions'> = ({ store }) =>
  activity({ phase: 'collecting' }, async ({ run }) => {
    const facts = await store.loadFacts(run);
    const { candidates } = judgeRun(facts, await historyOf(store, facts));
    const chosen = candidates.slice(0, MOST_CANDIDATES);
    await keepSeries(store, facts);
    await store.saveAlerts(run, chosen.map(candidateAlert));
    return chosen;
  });
