/** How a command ends the process. */
export interface Ending {
  /** Sets the exit code. */
  readonly ends: (code: number) => void;
  /** Called at a second Ctrl-C. Ends the process without waiting for anything. */
  readonly exitImmediately: (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => never;
}
