/** The `paceline` command: the only place that ends the process. */
import { constants } from 'node:os';
import { processIo } from './io.ts';
import { runProgram } from './program.ts';

/** Native handles of the worker may keep the process alive after everything was closed. */
const LINGER_MS = 2_000;

/** The reader of a pipe went away (`paceline … | head`), or the terminal was closed, and its SIGHUP is being acted on. */
const NOBODY_READS = new Set(['EPIPE', 'EIO']);

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!NOBODY_READS.has(error.code ?? '')) throw error;
  });
}
// Until a command handles signals itself, they end the process as usual.
const io = processIo({ color: !process.argv.includes('--no-color') });
process.exitCode = await runProgram(process.argv.slice(2), io, (signal) =>
  process.exit(128 + constants.signals[signal]),
);
setTimeout(() => process.exit(), LINGER_MS).unref();
