import { figure } from '../../../format/figure.ts';
import {
  isWorth,
  placeOfWorkers,
  predictedEvidence,
  predictionOf,
  remedyOf,
  savesByPrediction,
} from '../../xdist/finding.ts';
import type { Audit } from '../audit.ts';

/**
 * Simulates the other distributions of pytest-xdist with as many workers as ran. `load` hands out tests by number and not by time,
 * `loadfile` and `loadscope` keep files and classes together: either may leave one worker with work when the others have none.
 */
export const distribution: Audit = {
  id: 'distribution',
  title: 'Another distribution of the tests is faster',
  ok: 'No other distribution of the tests over the workers is much faster.',
  requires: ['trials', 'pytest'],
  audit: (context) => {
    const read = predictionOf(context);
    if (read.kind !== 'predicted') return [read];
    const { prediction } = read;
    const { way, now } = prediction;
    if (way.workers < 2) return [{ kind: 'notApplicable', reason: 'The tests run in a single process.' }];
    const best = prediction.others.find(({ workers }) => workers === way.workers);
    if (best === undefined || !isWorth(prediction, best, context)) return [];
    const ends = now.perWorker.map(({ endsAt }) => endsAt);
    const idle = Math.max(...ends) - Math.min(...ends);
    return [
      {
        kind: 'opportunity',
        message: `Distribute the tests with \`--dist ${best.distribution}\` and not with \`--dist ${way.distribution}\`: the last worker ends ${figure(idle, 'second')} after the first one.`,
        evidence: predictedEvidence(prediction, best),
        where: placeOfWorkers(context),
        saves: savesByPrediction(prediction, best),
        remedy: remedyOf(context, best),
      },
    ];
  },
};
