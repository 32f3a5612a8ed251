/** Runs the docker CLI with these arguments, `input` on its stdin; rejects only where it cannot be run at all. */
export type RunDocker = (
  args: readonly string[],
  cwd: string,
  input?: string,
) => Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>;
