import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cacheLedger, cacheVerdict } from '../../../src/analysis/ledger/ledger.ts';
import { cacheReport } from '../../../src/report/history/cache.ts';
import type { BuildInputs, StepState } from '../../../src/model/profile/build-profile.ts';
import type { BuildMode } from '../../../src/model/plan.ts';
import type { BuildFacts, RunFacts } from '../../../src/model/run.ts';

const STEPS = ['FROM a', 'COPY requirements.txt ./', 'RUN pip install', 'COPY . .'] as const;

const DOCKERFILE = {
  file: 'Dockerfile',
  services: ['test'],
  target: null,
  stages: [{ name: null, line: 1 }],
  instructions: STEPS.map((text, index) => {
    const [keyword = '', ...words] = text.split(' ');
    return { line: index + 1, endLine: index + 1, keyword, flags: [], arguments: words.join(' '), stage: 0 };
  }),
  leftOut: 0,
};

const inputs = (files: Readonly<Record<string, string>>): BuildInputs => ({
  files: Object.entries(files),
  filesLeftOut: 0,
  args: [],
  images: [['a', 'same']],
  instructions: STEPS.map((text, index) => [index + 1, text.split(' ')[0] ?? '', text]),
});

/** @param seconds of each step after FROM; null: it came from the cache */
function build(
  mode: BuildMode,
  seconds: readonly (number | null)[],
  files: Readonly<Record<string, string>>,
): BuildFacts {
  const allSteps = STEPS.map((text, index): StepState => {
    const own = index === 0 ? 0 : (seconds[index - 1] ?? null);
    return {
      name: `[${index + 1}/4] ${text}`,
      cached: own === null,
      seconds: own,
      startSeconds: index,
      after: index === 0 ? [] : [index - 1],
      onCriticalPath: true,
    };
  });
  const profile = {
    steps: [],
    stepsLeftOut: 0,
    firstMiss: null,
    criticalPathSeconds: null,
    contextBytes: null,
    contextSeconds: null,
    exportSeconds: null,
    context: null,
    layers: [],
    allSteps,
    inputs: inputs(files),
  };
  const image = {
    services: ['test'],
    tag: 't',
    seconds: 12,
    steps: { total: 3, cached: 0 },
    imageBytes: null,
    profile,
  };
  return { mode, images: [image], change: null };
}

const run = (id: string, builds: readonly BuildFacts[]) =>
  ({
    run: { workflowId: 'w', runId: id },
    startedAt: '2026-11-29T01:00:00.000Z',
    builds,
    projectFiles: { dockerfiles: [DOCKERFILE], dockerignores: [], composeFiles: [], pytest: null, unread: [] },
  }) satisfies Partial<RunFacts>;

const FILES = { 'requirements.txt': '1', 'src/a.py': '1' };

describe('the ledger of the cache', () => {
  const entries = cacheLedger([
    run('one', [
      build('cold', [1, 8, 2], FILES),
      build('source-change', [null, null, 3], { ...FILES, 'src/a.py': '2' }),
    ]),
    run('two', [build('warm', [1, 9, 2], { ...FILES, 'requirements.txt': '2' })]),
    run('three', [build('warm', [null, null, null], { ...FILES, 'requirements.txt': '2' })]),
  ]);

  test('says why the first step missed, across the modes of a run and across runs', () => {
    expect(entries.map(({ firstMiss }) => firstMiss?.input ?? null)).toEqual([
      { kind: 'noCache' },
      { kind: 'files', files: ['src/a.py'], more: 0 },
      { kind: 'files', files: ['requirements.txt'], more: 0 },
      null,
    ]);
    expect(entries[1]?.firstMiss?.place).toEqual({ file: 'Dockerfile', line: 4 });
    expect(entries[2]?.steps[2]?.input).toEqual({ kind: 'earlierStep', step: '[2/4] COPY requirements.txt ./' });
  });

  test('counts seconds saved by what a step took when it last ran', () => {
    expect(entries.map(({ savedSeconds, spentSeconds }) => [savedSeconds, spentSeconds])).toEqual([
      [0, 11],
      [9, 3],
      [0, 12],
      [12, 0],
    ]);
    expect(entries.map(({ hits, misses }) => [hits, misses])).toEqual([
      [0, 3],
      [2, 1],
      [0, 3],
      [3, 0],
    ]);
    expect(entries.map(({ verdict }) => verdict)).toEqual(['neutral', 'pays', 'neutral', 'pays']);
  });

  test('is shown with its first miss in words', () => {
    const text = cacheReport(entries.slice(0, 3), 200);
    expect(text).toContain('test: Dockerfile:2 COPY requirements.txt ./: requirements.txt changed');
    expect(text).toContain('First miss: Dockerfile:2 COPY requirements.txt ./: requirements.txt changed.');
    expect(text).toContain('RUN pip install (a step before it missed)');
  });

  test('leaves out builds of older versions, whose steps are not known', () => {
    const { profile: _, ...image } = build('cold', [1, 1, 1], FILES).images[0]!;
    const old: BuildFacts = { mode: 'cold', change: null, images: [{ ...image, profile: null }] };
    expect(cacheLedger([run('old', [old])])).toEqual([]);
  });
});

test('a cache pays or costs only by more than half a second and 5 % of the build', () => {
  fc.assert(
    fc.property(fc.nat(1_000), fc.nat(1_000), fc.nat(1_000), (savedSeconds, costSeconds, seconds) => {
      const worth = Math.max(0.5, seconds / 20);
      const balance = savedSeconds - costSeconds;
      const expected = balance >= worth ? 'pays' : balance <= -worth ? 'costs' : 'neutral';
      expect(cacheVerdict({ savedSeconds, costSeconds, seconds })).toBe(expected);
    }),
  );
});
