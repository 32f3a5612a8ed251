/** All that set-up has to say goes to stderr, so that `npm start -- --json` keeps stdout to itself. */
export function say(sentence) {
  process.stderr.write(`set-up: ${sentence}\n`);
}

/** A sign of life for work that takes minutes: says what is still going on, every 20 seconds. */
export async function withSignOfLife(what, work) {
  const started = Date.now();
  const timer = setInterval(() => say(`  still ${what} (${Math.round((Date.now() - started) / 1000)} s)`), 20_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** What set-up may not or cannot install: one sentence for the user, exit code 2. */
export class CannotSetUp extends Error {}
