import { describe, expect, it, test } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { parsePlanInput } from '../../src/plan/parse.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';
import { SEED_BLOCK } from './seed.ts';

const SEED_PLAN: Plan = {
  project: 'leadfactory',
  compose: 'docker-compose.test.yml',
  dockerfile: 'Dockerfile.test',
  service: null,
  build: { modes: ['cold', 'warm'], targetSeconds: 120 },
  startup: { targetSeconds: 60 },
  targets: {
    totalSeconds: 300,
    testSeconds: 180,
    memoryBytes: 2_000_000_000,
    cpuRatio: 0.8,
    latencySeconds: 0.01,
    coverageReportSeconds: 30,
    gate: [],
  },
  alerts: { regressionRatio: 0.2, floorSeconds: 2 },
  trials: { repeat: 1, warmup: 0, max: 5, timeoutSeconds: null, seed: 1 },
  lanes: { cpus: 'auto', memoryBytes: 'auto', max: 'auto' },
  scenarios: [
    {
      name: 'Full Test Suite',
      id: 'full-test-suite',
      command: ['python', '-m', 'pytest', '-v', '-n', '2', '--cov=.'],
      targetSeconds: 180,
      primary: true,
    },
    {
      name: 'Quick Tests Only',
      id: 'quick-tests-only',
      command: ['python', '-m', 'pytest', '-v', '-n', '2', '-m', 'not slow'],
      targetSeconds: 120,
      primary: false,
    },
    {
      name: 'Single Worker',
      id: 'single-worker',
      command: ['python', '-m', 'pytest', '-v', '--cov=.'],
      targetSeconds: 300,
      primary: false,
    },
    {
      name: 'Parallel Workers',
      id: 'parallel-workers',
      command: ['python', '-m', 'pytest', '-v', '-n', '4', '--cov=.'],
      targetSeconds: 150,
      primary: false,
    },
  ],
};

const context = { folderName: 'leadfactory' };

test.each([
  ['the block of the original plan alone, word for word,', SEED_BLOCK],
  ['an empty file', ''],
  ['a file of comments', '# nothing yet\n'],
  ['an empty section', '{}'],
  [
    'sections whose keys are all commented out',
    'targets:\n  # total: 3m\nbuild:\nstartup:\nalerts:\ntrials:\nlanes:\n',
  ],
])('%s is the whole plan', (_, text) => {
  expect(resolvePlan(parsePlanInput(text, { file: 'paceline.yml' }), context)).toEqual(SEED_PLAN);
});

it('data and text make the same plan', () => {
  expect(resolvePlan(undefined, context)).toEqual(SEED_PLAN);
  expect(resolvePlan({}, context)).toEqual(SEED_PLAN);
});

it('every key is taken', () => {
  const text = `
project: shop
compose: ci/compose.yml
dockerfile: ci/Dockerfile
service: tests
build: { modes: [warm], target: 3m }
startup: { target: 90 }
targets:
  total: "< 10 min"
  test: none
  memory: 1GiB
  cpu: 95%
  latency:
  coverageReport: "45"
  gate: [memory, cpu]
alerts: { regression: "150 %", floor: 0 }
trials: { repeat: 10, warmup: 2, timeout: 1h, seed: 42 }
lanes: { cpus: 4, memory: 4 GB, max: 2 }
scenarios:
  - name: Quick
    command: [sh, -c, "pytest && echo done"]
  - name: Own command
    primary: true
    target: none
`;
  expect(resolvePlan(parsePlanInput(text, { file: 'paceline.yml' }), { folderName: 'folder' })).toEqual({
    project: 'shop',
    compose: 'ci/compose.yml',
    dockerfile: 'ci/Dockerfile',
    service: 'tests',
    build: { modes: ['warm'], targetSeconds: 180 },
    startup: { targetSeconds: 90 },
    targets: {
      totalSeconds: 600,
      testSeconds: null,
      memoryBytes: 1_073_741_824,
      cpuRatio: 0.95,
      latencySeconds: null,
      coverageReportSeconds: 45,
      gate: ['memory', 'cpu'],
    },
    alerts: { regressionRatio: 1.5, floorSeconds: 0 },
    trials: { repeat: 10, warmup: 2, max: 10, timeoutSeconds: 3600, seed: 42 },
    lanes: { cpus: 4, memoryBytes: 4_000_000_000, max: 2 },
    scenarios: [
      {
        name: 'Quick',
        id: 'quick',
        command: ['sh', '-c', 'pytest && echo done'],
        targetSeconds: null,
        primary: false,
      },
      { name: 'Own command', id: 'own-command', command: null, targetSeconds: null, primary: true },
    ],
  });
});

it('the automatic time-out may be written out as the documentation has it', () => {
  const { trials } = resolvePlan({ trials: { timeout: 'max(15 min, 3 × target)' } }, context);
  expect(trials.timeoutSeconds).toBeNull();
});

it('aliases and merges are followed', () => {
  const text = `
scenarios:
  - &base { name: A, command: &run pytest -q, target: 1m }
  - { <<: *base, name: B }
  - { name: C, command: *run }
`;
  const { scenarios } = resolvePlan(parsePlanInput(text, { file: 'paceline.yml' }), context);
  expect(scenarios.map(({ name, command, targetSeconds }) => [name, command, targetSeconds])).toEqual([
    ['A', ['pytest', '-q'], 60],
    ['B', ['pytest', '-q'], 60],
    ['C', ['pytest', '-q'], null],
  ]);
});

describe('ids of scenarios', () => {
  test.each([
    [['Full Test Suite'], ['full-test-suite']],
    [
      ['A b', 'a-b', 'A/B'],
      ['a-b', 'a-b-2', 'a-b-3'],
    ],
    [
      ['a', 'a 2', 'A'],
      ['a', 'a-2', 'a-3'],
    ],
    [
      ['Größe', 'Grosse'],
      ['gro-e', 'grosse'],
    ],
    [['Café'], ['cafe']],
    [
      ['快速', '🚀'],
      ['scenario', 'scenario-2'],
    ],
    [['-- --'], ['scenario']],
    [['long '.repeat(15)], ['long-long-long-long-long-long-long-long']],
  ])('%j: %j', (names, ids) => {
    const { scenarios } = resolvePlan({ scenarios: names.map((name) => ({ name })) }, context);
    expect(scenarios.map(({ id }) => id)).toEqual(ids);
  });
});
