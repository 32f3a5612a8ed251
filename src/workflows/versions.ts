/** Names of the places where a workflow of today does more than one that was begun by an earlier version, for `patched`. */

/** Default scenarios are fitted to the image, once it is built. */
export const FIT_SCENARIOS = 'fit-scenarios';
