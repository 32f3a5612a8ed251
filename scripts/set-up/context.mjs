import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lock } from './lock.mjs';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What every part gets: paths, and the lock, which is taken only to install something. */
export function createContext() {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'paceline');
  let held;
  return {
    root,
    cache,
    log: join(cache, 'set-up.log'),
    found: {},
    async lock() {
      mkdirSync(cache, { recursive: true });
      held ??= lock(join(cache, 'set-up.lock'));
      await held;
    },
    async release() {
      if (held) (await held)();
    },
  };
}

const resultFile = (context) => join(context.cache, 'set-up.json');

export function readResult(context) {
  try {
    return JSON.parse(readFileSync(resultFile(context), 'utf8'));
  } catch {
    return {};
  }
}

/** Writes the hints that src/ reads, but only if they changed: a complete machine is not touched. */
export function writeResult(context) {
  const before = readResult(context);
  const after = {
    schemaVersion: 1,
    temporal: context.found.temporal ?? null,
    docker: context.found.docker ?? null,
    standIns: context.found.standIns ?? {},
  };
  if (JSON.stringify(before) === JSON.stringify(after)) return after;
  mkdirSync(context.cache, { recursive: true });
  const temporary = `${resultFile(context)}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(after)}\n`);
  renameSync(temporary, resultFile(context));
  return after;
}
