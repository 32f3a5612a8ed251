/** How long a dead worker may stay unnoticed. In its own file, so that a test can shorten it. */
export const HEARTBEAT_TIMEOUT = '15s';
