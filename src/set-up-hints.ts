/** What set-up (scripts/set-up/) recorded about this machine. These are hints: callers search elsewhere if one is wrong. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';

const SetUpHints = z.object({
  /** Temporal's command line program. */
  temporal: z.string().nullable().catch(null),
  /** A docker program with compose and buildx. */
  docker: z.string().nullable().catch(null),
  /** Image repository → its stand-in. */
  standIns: z.record(z.string(), z.string()).catch({}),
});

export type SetUpHints = z.infer<typeof SetUpHints>;

/** Empty if set-up never ran. */
export function setUpHints(env: NodeJS.ProcessEnv): SetUpHints {
  const cache = env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  try {
    return SetUpHints.parse(JSON.parse(readFileSync(join(cache, 'paceline', 'set-up.json'), 'utf8')));
  } catch {
    return { temporal: null, docker: null, standIns: {} };
  }
}
