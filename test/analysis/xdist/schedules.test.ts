/** The schedulers against pytest-xdist's own classes: scripts/bench/predict/record_schedules.py ran those and wrote schedules.json. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Distribution } from '../../../src/analysis/xdist/schedulers/scheduler.ts';
import { simulate } from '../../../src/analysis/xdist/simulate.ts';
import { suite } from './suites.ts';

interface Case {
  readonly dist: Distribution;
  readonly ids: readonly string[];
  readonly seconds: readonly number[];
  readonly ran: readonly (readonly number[])[];
}

const { cases } = JSON.parse(readFileSync(new URL('schedules.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
};

describe('workers run the tests that those of xdist 3.8.0 ran', () => {
  it.each(cases.map((each, number) => [`${each.dist}, case ${number}`, each] as const))('%s', (_, given) => {
    const { dist, ids, seconds, ran } = given;
    const tests = ids.map((id, test) => ({ id, wait: seconds[test]! }));
    const { perWorker } = simulate(suite({ tests }), { workers: ran.length, distribution: dist, cpus: 1 });
    expect(perWorker.map((worker) => worker.tests)).toEqual(ran);
  });
});
