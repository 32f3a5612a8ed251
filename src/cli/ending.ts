/** How a command ends the process. */
export interface Ending {
  /** How the command ended: the process's exit code. */
  readonly ends: (code: number) => void;
  /** A second Ctrl-C: nothing is waited for. */
  readonly leavesAtOnce: (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => never;
}
