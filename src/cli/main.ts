/** The `paceline` command. The only place that ends the process. */
import { constants } from 'node:os';
import { diskTroubleOf } from '../data/disk-trouble.ts';
import { processIo } from './io.ts';
import { runProgram } from './program.ts';

/** Native handles of the worker can keep the process alive after everything was closed. */
const LINGER_MS = 2_000;

/** The reader of a pipe exited (`paceline … | head`), or the terminal was closed and its SIGHUP is being handled. */
const NOBODY_READS = new Set(['EPIPE', 'EIO']);

/** Set if stdout or stderr could not be written because a disk is full. The run continues; the exit code reports it. */
const lost: { why: string | null } = { why: null };

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (NOBODY_READS.has(error.code ?? '')) return;
    if (diskTroubleOf(error) === null) throw error;
    lost.why ??= error.message;
  });
}
// Until a command handles signals, they end the process as usual.
const io = processIo({ color: !process.argv.includes('--no-color') });
process.exitCode = await runProgram(process.argv.slice(2), io, (signal) =>
  process.exit(128 + constants.signals[signal]),
);
if (lost.why !== null) {
  process.stderr.write(
    `paceline: Not all output could be written (${lost.why}). Free some disk space and try again.\n`,
  );
  process.exitCode = 2;
}
setTimeout(() => process.exit(), LINGER_MS).unref();
