/** How long a dead worker goes unnoticed, apart from the other policies so that a test can be quicker about it. */
export const HEARTBEAT_TIMEOUT = '15s';
