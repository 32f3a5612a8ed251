import { baseImages } from './base-images.mjs';
import { dockerEngine } from './docker-engine.mjs';
import { nodeModules } from './node-modules.mjs';
import { temporalCli, temporalTestServer } from './temporal.mjs';

/**
 * What a machine needs, in the order in which it is told. A part: `check` gives what is there (or nothing), `install`
 * brings it, `needs` names a part that must be there first, `key` is its place in set-up.json.
 */
export const parts = [nodeModules, temporalCli, temporalTestServer, dockerEngine, baseImages];
