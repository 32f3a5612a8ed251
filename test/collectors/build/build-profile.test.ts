import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { buildProfile, criticalPath } from '../../../src/collectors/build/build-profile.ts';
import type { BuildStep } from '../../../src/collectors/build/buildkit.ts';
import { readBuildRecord } from '../../support/build-record.ts';

function recorded(name: string) {
  return readBuildRecord(readFileSync(new URL(`../../fixtures/buildkit/${name}.rawjson`, import.meta.url), 'utf8'));
}

const profileOf = (name: string) => buildProfile(recorded(name), null, []);

describe('the first miss', () => {
  test.each([
    ['cold', '[deps 1/2] RUN --mount=type=cache'],
    ['source-change', '[4/5] COPY . .'],
    ['workdir-cold', '[3/6] COPY requirements-test.txt ./'],
  ])('of %s is the step that the cache did not have', (name, step) => {
    expect(profileOf(name).firstMiss).toMatch(step);
  });

  test('there is none where every step was cached', () => {
    expect(profileOf('warm').firstMiss).toBeNull();
  });
});

describe('the critical path', () => {
  test('goes back from the export along what each step needed', () => {
    expect(criticalPath(recorded('workdir-cold').steps).map(({ name }) => name.slice(0, 22))).toEqual([
      '[internal] load build ',
      '[3/6] COPY requirement',
      '[4/6] RUN python -m pi',
      '[5/6] COPY . .',
      '[6/6] RUN SETUPTOOLS_S',
      'exporting to image',
    ]);
  });

  test('takes the longer of two stages that ran at the same time, and adds up to less than both', () => {
    const step = (digest: string, beginsSeconds: number, seconds: number, inputs: string[] = []): BuildStep => ({
      name: `[${digest} 1/1] RUN ${digest}`,
      digest,
      inputs,
      beginsSeconds,
      seconds,
      cached: false,
      error: null,
      isUserStep: true,
    });
    const steps = [
      step('slow', 0, 5),
      step('fast', 0, 2),
      step('both', 5, 1, ['fast', 'slow']),
      step('export', 6, 0.5),
    ];
    expect(criticalPath(steps).map(({ digest }) => digest)).toEqual(['slow', 'both', 'export']);
    expect(buildProfile({ ...recorded('warm'), steps }, null, []).criticalPathSeconds).toBe(6.5);
  });

  test('ends where steps name each other', () => {
    const loop = (digest: string, other: string): BuildStep => ({
      ...recorded('warm').steps[0]!,
      digest,
      inputs: [other],
    });
    expect(criticalPath([loop('a', 'b'), loop('b', 'a')])).toHaveLength(2);
  });

  test('is empty for a build in which nothing ended', () => {
    expect(buildProfile(readBuildRecord(''), null, []).criticalPathSeconds).toBeNull();
  });
});

test('keeps the thirty longest steps in the order in which they began, and names short enough to read', () => {
  const step = (index: number): BuildStep => ({
    ...recorded('cold').steps[0]!,
    digest: String(index),
    name: `[${index}/40] RUN ${'x'.repeat(500)}`,
    beginsSeconds: index,
    seconds: 1 + (index % 7),
    isUserStep: true,
  });
  const steps = Array.from({ length: 40 }, (_, index) => step(index));
  const profile = buildProfile({ ...recorded('cold'), steps }, null, []);
  expect(profile.steps).toHaveLength(30);
  expect(profile.stepsLeftOut).toBe(10);
  expect(profile.steps.map(({ name }) => Number(/\d+/.exec(name)?.[0]))).toEqual(
    profile.steps.map(({ name }) => Number(/\d+/.exec(name)?.[0])).toSorted((a, b) => a - b),
  );
  expect(Math.max(...profile.steps.map(({ name }) => name.length))).toBe(160);
});

test('layers that hold nothing are left out', () => {
  const layers = [
    { createdBy: 'base', bytes: 10 },
    { createdBy: 'CMD ["x"]', bytes: 0 },
  ];
  expect(buildProfile(recorded('warm'), null, layers).layers).toEqual([{ createdBy: 'base', bytes: 10 }]);
});

describe('every step of the Dockerfile', () => {
  test('is kept with its state and what it builds on', () => {
    const steps = profileOf('source-change').allSteps ?? [];
    expect(steps.length).toBeGreaterThan(0);
    expect(steps.every(({ cached, seconds }) => !cached || seconds === null)).toBe(true);
    const copy = steps.find(({ name }) => name.startsWith('[4/5] COPY'));
    expect(copy?.cached).toBe(false);
    expect(copy?.after.map((index) => steps[index]?.name.slice(0, 5))).toEqual(['[3/5]']);
  });

  test('is unknown to import or export a cache where the build did neither', () => {
    expect(profileOf('cold')).toMatchObject({ cacheImportSeconds: null, cacheExportSeconds: null });
  });
});
