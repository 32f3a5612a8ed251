/**
 * The environment for a Go program that needs to know its user. Without cgo, Go reads `USER` and `HOME` if /etc/passwd does
 * not contain the user, as in a container that runs with a user number. Without these variables it exits immediately.
 *
 * @param home an existing directory, for a user without a home
 */
export function userEnvironment(env: NodeJS.ProcessEnv, home: string): NodeJS.ProcessEnv {
  return { ...env, USER: env['USER'] || `uid-${process.getuid?.() ?? 'unknown'}`, HOME: env['HOME'] || home };
}
