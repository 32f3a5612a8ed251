/**
 * The environment for a Go program that wants to know who it is. Built without cgo, it asks `USER` and `HOME` where
 * /etc/passwd does not know the user, as in a container that runs by number, and ends at once without them.
 *
 * @param home an existing folder, for a user who has none
 */
export function userEnvironment(env: NodeJS.ProcessEnv, home: string): NodeJS.ProcessEnv {
  return { ...env, USER: env['USER'] || `uid-${process.getuid?.() ?? 'unknown'}`, HOME: env['HOME'] || home };
}
