/** All messages of set-up go to stderr, so that `npm start -- --json` has stdout for itself. */
export function say(sentence) {
  process.stderr.write(`set-up: ${sentence}\n`);
}

/** A sign of life for work that takes minutes: prints every 20 seconds what is still running. */
export async function withSignOfLife(what, work) {
  const started = Date.now();
  const timer = setInterval(() => say(`  still ${what} (${Math.round((Date.now() - started) / 1000)} s)`), 20_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** What set-up may not or cannot install: one message for the user, exit code 2. */
export class CannotSetUp extends Error {}
