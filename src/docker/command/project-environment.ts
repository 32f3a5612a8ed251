/**
 * The user's environment for docker commands of a project: its `${VARIABLES}` come from it. Some variables are left out.
 * DOCKER_CONTEXT chooses an engine, which the endpoint does here. PACELINE_STORE is a URL that may hold a password, and
 * PACELINE_NOTIFY_… are secrets of receivers: a compose file must not pass them to a container.
 */
export function projectEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const { DOCKER_CONTEXT: _, PACELINE_STORE: __, ...rest } = env;
  return Object.fromEntries(
    Object.entries(rest).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('PACELINE_NOTIFY_'),
    ),
  );
}
