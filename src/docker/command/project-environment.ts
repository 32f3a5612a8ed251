/**
 * The user's environment, as far as docker commands of a project may see it: a project's `${VARIABLES}` come from it. Not the
 * choice of the engine, which the endpoint makes, and not the store's URL, which may hold a password.
 */
export function projectEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const { DOCKER_CONTEXT: _, PACELINE_STORE: __, ...rest } = env;
  return Object.fromEntries(Object.entries(rest).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
