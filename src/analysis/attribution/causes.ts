/** Why a figure of one run differs from that of another: named causes with their evidence, each second counted once. */
import type { Cause, CauseClass, CauseEvidence } from '../../model/cause.ts';
import type { Suspect } from '../../model/regression.ts';
import type { RunFacts } from '../../model/run.ts';
import { typicalTrial } from '../trials/typical-trial.ts';
import { buildParts } from './build/build-parts.ts';
import type { Part, Sides } from './part.ts';
import { causesFrom } from './shares.ts';
import { startupParts } from './startup/startup-parts.ts';
import { tearDownParts } from './startup/tear-down-parts.ts';
import { testParts } from './tests/test-parts.ts';

/** A figure of a run: what can be measured again by itself, and the tear-down of the services. */
export type Figure = Suspect;

/**
 * The causes of a figure's difference, the largest share first: at least nine tenths of it by name, or `unknown` for the rest.
 * Shares sum to at most 1. None where the figure did not change, or where the profiles of a side say nothing.
 * @param difference of the figure itself, head − base, in seconds
 */
export function causesOf(base: RunFacts, head: RunFacts, figure: Figure, difference: number): Cause[] {
  if (difference === 0) return [];
  // What became faster is what would have become slower the other way round: all else is about growth alone.
  if (difference > 0) return causesOfGrowth({ base, head }, figure, difference);
  return causesOfGrowth({ base: head, head: base }, figure, -difference).map(turned);
}

function causesOfGrowth(sides: Sides<RunFacts>, figure: Figure, difference: number): Cause[] {
  const parts = partsOf(sides, figure, difference);
  return parts === null ? [] : causesFrom(parts, difference, disturbanceOf(sides, figure));
}

/** @returns null where nothing is known of the parts */
function partsOf(sides: Sides<RunFacts>, figure: Figure, difference: number): Part[] | null {
  switch (figure.phase) {
    case 'build':
      return buildParts(sides, figure.mode);
    case 'startup':
      return startupParts(sides);
    case 'teardown':
      return tearDownParts(sides);
    case 'test':
      return testParts(sides, figure.scenario, difference);
  }
}

function disturbanceOf({ head }: Sides<RunFacts>, figure: Figure): string | null {
  if (figure.phase !== 'test') return null;
  return typicalTrial(head, figure.scenario, ({ seconds }) => seconds !== null)?.disturbed?.reason ?? null;
}

const OPPOSITE: Partial<Record<CauseClass, CauseClass>> = {
  newStep: 'removedStep',
  removedStep: 'newStep',
  newService: 'removedService',
  removedService: 'newService',
  newTests: 'removedTests',
  removedTests: 'newTests',
};

function turned({ baseSeconds, headSeconds, evidence, ...cause }: Cause): Cause {
  return {
    ...cause,
    class: OPPOSITE[cause.class] ?? cause.class,
    baseSeconds: headSeconds,
    headSeconds: baseSeconds,
    evidence: evidence.map(turnedEvidence),
  };
}

function turnedEvidence(evidence: CauseEvidence): CauseEvidence {
  switch (evidence.kind) {
    case 'changedKey':
    case 'changedInstruction':
    case 'option':
    case 'waitedFor':
      return { ...evidence, base: evidence.head, head: evidence.base };
    case 'calls':
    case 'imageBytes':
      return { ...evidence, base: evidence.head, head: evidence.base };
    case 'fixture':
      return { ...evidence, baseCount: evidence.headCount, headCount: evidence.baseCount };
    case 'readiness':
      return {
        ...evidence,
        baseReadySeconds: evidence.headReadySeconds,
        headReadySeconds: evidence.baseReadySeconds,
      };
    case 'throttled':
      return { ...evidence, baseSeconds: evidence.headSeconds, headSeconds: evidence.baseSeconds };
    case 'workers':
      return {
        ...evidence,
        baseBusiest: evidence.headBusiest,
        headBusiest: evidence.baseBusiest,
        baseMean: evidence.headMean,
        headMean: evidence.baseMean,
      };
    case 'firstMiss': {
      const { input } = evidence;
      const turnedInput = input.kind === 'baseImage' ? { ...input, base: input.head, head: input.base } : input;
      return { ...evidence, input: turnedInput };
    }
    case 'tests':
      return { ...evidence, secondsEach: -evidence.secondsEach };
    case 'oneOfTests':
    case 'allUseFixture':
    case 'changedFiles':
    case 'disturbed':
    case 'place':
      return evidence;
  }
}
