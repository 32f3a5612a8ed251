/** A worker that dies is noticed within seconds. */
export const HEARTBEAT_TIMEOUT = '3s';
