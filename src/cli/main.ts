/** The `paceline` command: the only place that ends the process. */
import { constants } from 'node:os';
import { reportFailure } from './failure.ts';
import { processIo } from './io.ts';
import { createProgram, exitCodeOf } from './program.ts';

/** Native handles of the worker may keep the process alive after everything was closed. */
const LINGER_MS = 2_000;

// A reader that goes away (`paceline … | head`) is no failure of the command.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
// Until a command handles signals itself, they end the process as usual.
const io = processIo({ color: !process.argv.includes('--no-color') });
process.exitCode = await exitCode();
setTimeout(() => process.exit(), LINGER_MS).unref();

async function exitCode(): Promise<number> {
  const ended: { code: number } = { code: 0 };
  const program = createProgram(io, {
    ends: (code) => {
      ended.code = code;
    },
    leavesAtOnce: (signal) => process.exit(128 + constants.signals[signal]),
  });
  try {
    await program.parseAsync(process.argv);
    return ended.code;
  } catch (error) {
    return exitCodeOf(error) ?? reportFailure(error, io);
  }
}
