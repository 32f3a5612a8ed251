/** Patch ids for `patched`: places where the current workflow does more than one that an earlier version started. */

/** Default scenarios are fitted to the image, once it is built. */
export const FIT_SCENARIOS = 'fit-scenarios';

/** `tune` simulates from a stored run where one fits, and then measures no trial for it. */
export const STORED_TUNING = 'stored-tuning';
/** Receivers learn what the run found, once its report is written. */
export const NOTIFY_RECEIVERS = 'notify-receivers';
