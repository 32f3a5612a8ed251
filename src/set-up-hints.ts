/** What set-up (scripts/set-up/) recorded of this machine. Hints only: whoever uses one looks further where it does not hold. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';

const SetUpHints = z.object({
  /** Temporal's command line program. */
  temporal: z.string().nullable().catch(null),
  /** A docker that has compose and buildx. */
  docker: z.string().nullable().catch(null),
  /** Image repository → the stand-in made for it. */
  standIns: z.record(z.string(), z.string()).catch({}),
});

export type SetUpHints = z.infer<typeof SetUpHints>;

/** Empty where set-up never ran. */
export function setUpHints(env: NodeJS.ProcessEnv): SetUpHints {
  const cache = env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  try {
    return SetUpHints.parse(JSON.parse(readFileSync(join(cache, 'paceline', 'set-up.json'), 'utf8')));
  } catch {
    return { temporal: null, docker: null, standIns: {} };
  }
}
