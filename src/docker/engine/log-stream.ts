/** A container with a terminal has only `stdout`. */
export type LogStream = 'stdout' | 'stderr';
