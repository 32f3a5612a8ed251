/** An error as the other process can print it. */
import { PacelineError, type Problem } from '../../model/failure.ts';

export function problemOfError(error: unknown): Problem {
  if (error instanceof PacelineError) return error.problem;
  return {
    type: 'Internal',
    what: `The pages could not be served: ${error instanceof Error ? error.message : String(error)}.`,
    next: 'Use --no-pages to run without them.',
  };
}
