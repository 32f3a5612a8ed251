import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolvePlan } from '../../src/plan/resolve.ts';
import { writtenPlan } from '../../src/plan/written.ts';

const complete = (input: unknown) => resolvePlan(input, { folderName: 'shop' });

describe('a plan written out', () => {
  test.each<[string, unknown]>([
    ['all defaults', {}],
    [
      'no target at all',
      { build: { target: 'none' }, startup: { target: null }, targets: { total: 'none', cpu: 'none', memory: 'none' } },
    ],
    ['odd figures', { targets: { memory: 1234567891, cpu: 0.123456789012345, latency: '0.3 ms', total: '1h 3.7s' } }],
    ['an increase of more than all', { alerts: { regression: '150 %', floor: 0 } }],
    [
      'lanes and trials',
      { lanes: { cpus: 2, memory: '1 GiB', max: 3 }, trials: { repeat: 7, warmup: 2, timeout: '2 min', seed: 5 } },
    ],
    [
      'commands with quotes',
      {
        scenarios: [
          { name: 'A', command: ['sh', '-c', `echo "it's" $HOME && true`] },
          { name: 'B', primary: true },
        ],
      },
    ],
  ])('%s: makes the same plan again', (_, input) => {
    const plan = complete(input);
    expect(complete(writtenPlan(plan))).toEqual(plan);
  });

  test('any figures come back as they were', () => {
    const seconds = fc.double({ min: 0.001, max: 600_000, noNaN: true });
    const share = fc.double({ min: 0.001, max: 1, noNaN: true });
    fc.assert(
      fc.property(seconds, fc.integer({ min: 7_000_000, max: 1e12 }), share, (target, memory, cpu) => {
        const plan = complete({ targets: { memory, cpu }, startup: { target } });
        expect(complete(writtenPlan(plan))).toEqual(plan);
      }),
    );
  });

  test('any argument vector comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[ -~]+$/), { maxLength: 4 }), (words) => {
        const plan = complete({ scenarios: [{ name: 'A', command: ['run', ...words] }] });
        expect(complete(writtenPlan(plan))).toEqual(plan);
      }),
    );
  });

  test('reads as people would write it', () => {
    expect(writtenPlan(complete({}))).toMatchObject({
      build: { target: '< 120 s' },
      targets: { memory: '< 2 GB', cpu: '< 80 %', latency: '< 10 ms' },
      scenarios: [
        { command: 'python -m pytest -v -n 2 --cov=.' },
        { command: "python -m pytest -v -n 2 -m 'not slow'" },
        {},
        {},
      ],
    });
  });
});
