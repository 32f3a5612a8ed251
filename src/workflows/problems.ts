/** The message for a failed activity. */
import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import { internalProblem, isProblem, type Problem } from '../model/failure.ts';

/** The problem that an activity threw, as it was; a time-out or a defect is put in the same form. */
export function problemOf(error: unknown): Problem {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    const [problem] = cause.details ?? [];
    if (isProblem(problem)) return problem;
    return internalProblem(cause.message);
  }
  if (cause instanceof TimeoutFailure && error instanceof ActivityFailure) {
    return {
      type: 'NoHost',
      what: `No worker finished \`${error.activityType}\` in time (${cause.timeoutType}).`,
      next: 'Check that a Paceline worker is running (`paceline up` or `paceline worker`), and start the run again.',
    };
  }
  return internalProblem(error instanceof Error ? error.message : String(error));
}

/** Ends the workflow itself, if there is no host to make a result. */
export function failureOf(problem: Problem): ApplicationFailure {
  return ApplicationFailure.create({
    type: problem.type,
    nonRetryable: true,
    message: `${problem.what} ${problem.next}`,
    details: [problem],
  });
}
