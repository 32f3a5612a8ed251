import { describe, expect, it, test } from 'vitest';
import { type LaneHost, laneShape } from '../../src/plan/lanes.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';
import type { PlanInput } from '../../src/plan/schema.ts';

const GB = 1e9;
const HOST: LaneHost = { hostCpus: 16, hostMemoryBytes: 64 * GB, hasServices: true, isolable: true, local: true };

function lanesOf(plan: PlanInput, host: Partial<LaneHost> = {}) {
  return laneShape(resolvePlan(plan, { folderName: 'shop' }), { ...HOST, ...host });
}

const one = (command: string | null): PlanInput => ({ scenarios: [{ name: 'A', command }], trials: { repeat: 100 } });

describe('without a word in the plan', () => {
  test.each<[string, PlanInput, Partial<LaneHost>, cpus: number, lanes: number]>([
    ['the original matrix on 16 CPUs', {}, {}, 5, 3],
    ['the original matrix without services', {}, { hasServices: false }, 4, 4],
    ['the original matrix on 2 CPUs', {}, { hostCpus: 2 }, 2, 1],
    ['the original matrix on 1 CPU', {}, { hostCpus: 1 }, 1, 1],
    ['no more lanes than trials', {}, { hostCpus: 64 }, 5, 4],
    ['a single process', one('pytest'), {}, 2, 8],
    ['as many workers as there are CPUs', one('pytest -n auto'), {}, 16, 1],
    ['as many workers as there are CPUs, up to a maximum', one('pytest -n auto --maxprocesses 3'), {}, 4, 4],
    ["the service's own command, which may take what it likes", one(null), {}, 16, 1],
    ['a script, which may take what it likes', one('make test'), {}, 16, 1],
    ['a project that cannot run twice at once', one('pytest'), { isolable: false }, 2, 1],
    ['an engine on another machine', one('pytest'), { local: false }, 2, 1],
    ['no more lanes than have room for the memory target', one('pytest'), { hostMemoryBytes: 7 * GB }, 2, 3],
    ['a host smaller than the memory target', one('pytest'), { hostMemoryBytes: 1 * GB }, 2, 1],
    ['no memory target', { ...one('pytest'), targets: { memory: 'none' } }, { hostMemoryBytes: 1 * GB }, 2, 8],
  ])('%s', (_, plan, host, cpus, lanes) => {
    expect(lanesOf(plan, host)).toMatchObject({ shape: { cpus, memoryBytes: null }, lanes });
  });
});

describe('what the plan says', () => {
  test.each<[string, PlanInput, Partial<LaneHost>, { cpus: number; memoryBytes: number | null }, lanes: number]>([
    ['CPUs', { ...one('pytest -n 8'), lanes: { cpus: 3 } }, {}, { cpus: 3, memoryBytes: null }, 5],
    ['memory', { ...one('pytest'), lanes: { memory: '20 GB' } }, {}, { cpus: 2, memoryBytes: 20 * GB }, 3],
    ['a maximum', { ...one('pytest'), lanes: { max: 2 } }, {}, { cpus: 2, memoryBytes: null }, 2],
    ['a maximum above what fits', { ...one('pytest'), lanes: { max: 20 } }, {}, { cpus: 2, memoryBytes: null }, 8],
    [
      'a maximum for what cannot run twice at once',
      { ...one('pytest'), lanes: { max: 2 } },
      { isolable: false },
      { cpus: 2, memoryBytes: null },
      1,
    ],
  ])('%s', (_, plan, host, shape, lanes) => {
    expect(lanesOf(plan, host)).toMatchObject({ shape, lanes });
  });

  it('is refused where the host has less', () => {
    expect(() => lanesOf({ lanes: { cpus: 8 } }, { hostCpus: 2 })).toThrow(
      "The plan's lanes.cpus asks for 8 CPUs, and this host has 2 CPUs. Lower lanes.cpus, or leave it out.",
    );
    expect(() => lanesOf({ lanes: { memory: '8 GB' } }, { hostMemoryBytes: 4 * GB })).toThrow(
      "The plan's lanes.memory asks for 8 GB, and this host has 4 GB. Lower lanes.memory, or leave it out.",
    );
  });
});

test.each<[PlanInput, Partial<LaneHost>, string]>([
  [
    {},
    {},
    'Up to 3 trials run at the same time, each on 5 CPUs (4 for the scenario with the most workers, 1 for the services); the host has 16 CPUs.',
  ],
  [
    {},
    { hostCpus: 2 },
    'Trials run one at a time, each on 2 CPUs (5 are wanted: 4 for the scenario with the most workers, 1 for the services); the host has 2 CPUs.',
  ],
  [
    {},
    { isolable: false, hasServices: false },
    'Trials run one at a time, each on 4 CPUs (4 for the scenario with the most workers); trials of this project cannot run at the same time.',
  ],
  [
    {},
    { local: false },
    'Trials run one at a time, each on 5 CPUs (4 for the scenario with the most workers, 1 for the services); the engine is on another machine.',
  ],
  [
    { lanes: { cpus: 1, max: 2 } },
    {},
    'Up to 2 trials run at the same time, each on 1 CPU (from the plan); at most that many by the plan.',
  ],
  [
    { lanes: { cpus: 1 } },
    {},
    'Up to 4 trials run at the same time, each on 1 CPU (from the plan); as many as there are trials.',
  ],
  [
    { lanes: { cpus: 1 } },
    { hostMemoryBytes: 4 * GB },
    'Up to 2 trials run at the same time, each on 1 CPU (from the plan); the host has 4 GB of memory.',
  ],
])('the reason is said: %j %j', (plan, host, reason) => {
  expect(lanesOf(plan, host).reason).toBe(reason);
});
