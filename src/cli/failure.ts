/** What a command that failed says, and how it ends. */
import { PacelineError } from '../model/failure.ts';
import { renderProblem } from '../report/formats/problem.ts';
import type { Io } from './io.ts';

const ERROR = 2;

/** Says what went wrong on stderr, in a line or two. @returns the exit code */
export function reportFailure(error: unknown, io: Io): number {
  if (error instanceof PacelineError) {
    io.err(`paceline: ${renderProblem(error.problem, { color: io.stderr.color })}\n`);
    return ERROR;
  }
  const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.err(`paceline: This is a defect of Paceline's; please report it with the following lines.\n${shown}\n`);
  return ERROR;
}
