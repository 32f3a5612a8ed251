/**
 * The variable for the folder that a command starts in, as a shell sets it: compose reads `${PWD}` from its
 * environment.
 */

/** @returns the environment with `PWD` for that folder, and without the caller's */
export function startedIn(cwd: string, env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { OLDPWD: _, ...kept } = env;
  return { ...kept, PWD: cwd };
}
