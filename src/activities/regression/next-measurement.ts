import { nextStep } from '../../analysis/regression/confirm.ts';
import { activity } from '../support/attempt.ts';
import type { Make } from '../support/deps.ts';
import { evidenceOf } from './measured.ts';

/** Decided in an activity, so that the decision is in Temporal's history: a changed threshold does not break a replay. */
export const nextMeasurement: Make<'nextMeasurement'> = (deps) =>
  activity({ phase: 'collecting' }, async ({ candidate, head, base, taken, baseUnavailable, stopped }) => {
    const { reruns, pairs, missing } = await evidenceOf(deps, { base, head }, candidate.suspect, taken);
    return nextStep(candidate, {
      reruns,
      pairs,
      baseUnavailable: baseUnavailable ?? (missing.base === null ? null : `The base has no figure: ${missing.base}`),
      stopped: stopped ?? (missing.head === null ? null : `This commit has no second figure: ${missing.head}`),
    });
  });
