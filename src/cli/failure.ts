/** How a command reports an error. */
import { PacelineError, type Problem } from '../model/failure.ts';
import { renderProblem } from '../report/formats/problem.ts';
import type { Io } from './io.ts';

const ERROR = 2;

/** Prints the error on stderr. @returns the exit code */
export async function reportFailure(error: unknown, io: Io): Promise<number> {
  const problem = error instanceof PacelineError ? error.problem : await problemOfServer(error);
  if (problem !== null) {
    io.err(`paceline: ${renderProblem(problem, { color: io.stderr.color })}\n`);
    return ERROR;
  }
  const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.err(`paceline: This is a bug in Paceline. Please report it with these lines:\n${shown}\n`);
  return ERROR;
}

/** A busy server is not a bug. The code that knows its errors is loaded only here: that takes most of a second. */
async function problemOfServer(error: unknown): Promise<Problem | null> {
  const { answeredTooLate } = await import('../temporal-client/connect.ts');
  if (!answeredTooLate(error)) return null;
  return {
    type: 'WrongUsage',
    what: 'The Temporal server did not answer in time.',
    next: 'The machine may be busy. Run the same command again; `paceline run` attaches to a run that goes on.',
  };
}
