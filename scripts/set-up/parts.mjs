import { baseImages } from './base-images.mjs';
import { dockerEngine } from './docker-engine.mjs';
import { nodeModules } from './node-modules.mjs';
import { temporalCli } from './temporal.mjs';

/**
 * What a machine needs, in the order of the messages. A part: `check` returns what is there (or nothing), `install` installs
 * it, `needs` names a part that must come first, `key` is its place in set-up.json.
 */
export const parts = [nodeModules, temporalCli, dockerEngine, baseImages];
