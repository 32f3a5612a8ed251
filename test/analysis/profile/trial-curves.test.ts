import { expect, test } from 'vitest';
import { trialCurves } from '../../../src/analysis/profile/trial-curves.ts';
import type { TrialProfile } from '../../../src/model/profile/trial-profile.ts';
import type { TrialRecord } from '../../../src/model/run.ts';
import { FULL, trialOf } from '../facts.ts';
import { profileOf } from '../pytest-profiles.ts';
import { CURVES, resourcesWith, USE } from '../resource-facts.ts';

const RESOURCES = {
  ...resourcesWith({ service: 'test', container: 'test-1', ...USE }),
  memory: { of: 'trial', atSeconds: [10, 30], workingSetBytes: [5, 7] },
  curves: {
    ...CURVES,
    startedAt: '2026-11-29T06:00:00.500Z',
    atSeconds: [10, 20, 30],
    cpusInUse: [1, null, 2],
  },
} as const;

function trial(change: Partial<TrialRecord> = {}, profile: TrialProfile = profileOf()): TrialRecord {
  return trialOf(FULL, {
    startedAt: '2026-11-29T06:00:00.000Z',
    finishedAt: '2026-11-29T06:00:34.500Z',
    times: {
      startedAt: '2026-11-29T05:59:50.000Z',
      finishedAt: '2026-11-29T06:00:36.000Z',
      parts: [
        { kind: 'waitForLane', name: null, fromSeconds: 0, toSeconds: 2 },
        { kind: 'startServices', name: null, fromSeconds: 2, toSeconds: 9 },
      ],
    },
    profile: { ...profile, resources: RESOURCES },
    ...change,
  });
}

const lengths = (
  stretches: readonly { readonly id: string; readonly fromSeconds: number; readonly toSeconds: number }[],
) => stretches.map(({ id, fromSeconds, toSeconds }) => [id, fromSeconds, toSeconds]);

test('curves, phases of pytest and stages of the trial are on one clock, which begins with the container', () => {
  const curves = trialCurves(trial())!;
  expect(curves.atSeconds).toEqual([10.5, 20.5, 30.5]);
  expect(curves.curves.cpusInUse).toEqual([1, null, 2]);
  expect(lengths(curves.phases)).toEqual([
    ['start', 0, 1],
    ['collection', 1, 3],
    ['tests', 3, 33],
    ['report', 33, 34],
    ['other:end', 34, 34.5],
  ]);
  expect(lengths(curves.stages)).toEqual([
    ['wait:lane', -10, -8],
    ['services', -8, -1],
    ['other:before tests', -1, 0],
    ['tests', 0, 34.5],
    ['other:end', 34.5, 36],
  ]);
});

test('memory is in the stretches that have a sample of it', () => {
  expect(trialCurves(trial())?.memory).toEqual({ of: 'trial', workingSetBytes: [5, null, 7] });
});

test('where pytest ran several times, its phases are not one after another, and not shown', () => {
  expect(trialCurves(trial({}, profileOf({ sessions: 2 })))?.phases).toEqual([]);
});

test('where it is not known when the container started, the clock is that of the samples', () => {
  const curves = trialCurves(trial({ startedAt: null, finishedAt: null }))!;
  expect(curves.atSeconds).toEqual([10, 20, 30]);
  expect(curves.phases).toEqual([]);
});

test('trials that older versions stored have none', () => {
  const { curves: _, ...older } = RESOURCES;
  expect(trialCurves(trial({ profile: { ...profileOf(), resources: older } }))).toBeNull();
  expect(trialCurves(trial({ profile: null }))).toBeNull();
});
