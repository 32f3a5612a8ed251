/** How a command reports an error. */
import { PacelineError } from '../model/failure.ts';
import { renderProblem } from '../report/formats/problem.ts';
import type { Io } from './io.ts';

const ERROR = 2;

/** Prints the error on stderr. @returns the exit code */
export function reportFailure(error: unknown, io: Io): number {
  if (error instanceof PacelineError) {
    io.err(`paceline: ${renderProblem(error.problem, { color: io.stderr.color })}\n`);
    return ERROR;
  }
  const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.err(`paceline: This is a bug in Paceline. Please report it with these lines:\n${shown}\n`);
  return ERROR;
}
