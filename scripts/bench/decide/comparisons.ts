/** Comparisons of two commits on hosts that differ by 15 %, through the real decision code. */
import { decidePairs, firstOf, nextPairs } from '../../../src/analysis/regression/pairs.ts';
import type { ComparisonVerdict, Pair } from '../../../src/model/regression.ts';
import { type Noise, NullEngine } from './noise.ts';

const HOST_OFFSET = 0.15;
const THRESHOLD = 0.2;
const SECONDS = 60;

export interface Compared {
  readonly verdict: ComparisonVerdict;
  readonly pairs: number;
}

/** @param effect 0 for A/A, 0.3 for a head that is 30 % slower */
export function compareOnce(noise: Noise, effect: number, seed: number, stream: number): Compared {
  const engine = new NullEngine(noise, seed, stream);
  engine.nextNight();
  const host = Math.exp(HOST_OFFSET * engine.normal());
  const run = (factor: number) => ({
    value: engine.run(SECONDS * host * factor),
    hostId: 'host-1',
    startedAt: null,
    disturbed: null,
    tests: null,
  });
  const pairs: Pair[] = [];
  for (;;) {
    const more = nextPairs(pairs, { threshold: THRESHOLD });
    if (more === 0) break;
    for (let pair = 0; pair < more; pair += 1) {
      pairs.push({ base: run(1), head: run(1 + effect), first: firstOf(pairs.length) });
    }
  }
  const comparison = decidePairs(pairs, { threshold: THRESHOLD });
  if (comparison.kind === 'refused') throw new Error(comparison.reason);
  return { verdict: comparison.verdict, pairs: pairs.length };
}
