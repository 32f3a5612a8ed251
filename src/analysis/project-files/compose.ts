/** What the compose files say of a service: its keys, their values, and what it depends on. Of several files the last one wins. */
import type { ComposeFileFacts, ComposeKey, Place, ProjectFiles } from '../../model/project-files.ts';

type Files = ProjectFiles | null | undefined;
/** Below its service: `['healthcheck', 'interval']`; `[]` is the service itself. */
type Key = ComposeKey['path'];

/** Where a key is written; null if it is not there. */
export function composePlace(files: Files, service: string, key: Key): Place | null {
  const found = keysAt(files, service, key).at(-1);
  return found === undefined ? null : { file: found.file, line: found.key.line };
}

/** The value of a key, as written; null if it is not there, or may be a secret. */
export function composeValue(files: Files, service: string, key: Key): ComposeKey['value'] {
  return keysAt(files, service, key).at(-1)?.key.value ?? null;
}

/** Whether a key is there, or anything below it. */
export function hasComposeKey(files: Files, service: string, key: Key): boolean {
  return keysBelow(files, service, key).length > 0;
}

/** All texts at a key and below it, in all files: of `volumes` in both of its forms. */
export function composeValues(files: Files, service: string, key: Key): readonly string[] {
  return keysBelow(files, service, key).flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
}

/** The services that a service depends on, which are written as a list or a mapping. */
export function dependenciesOf(files: Files, service: string): readonly string[] {
  const names = keysBelow(files, service, ['depends_on']).flatMap(({ path, value }) => {
    const [, , , key, more] = path;
    if (more !== undefined || key === undefined) return [];
    return typeof key === 'number' ? [String(value ?? '')] : [key];
  });
  return [...new Set(names)];
}

/** The key that makes a service wait for another one: `['depends_on', 'db']`, or its index in a list. null: it is not written there. */
export function dependencyKey(files: Files, from: string, to: string): Key | null {
  for (const { keys } of files?.composeFiles ?? []) {
    const own = keys.filter((key) => isBelow(key, ['services', from, 'depends_on']) && key.path.length === 4);
    const edge = own.find(({ path, value }) => path[3] === to || (typeof path[3] === 'number' && value === to));
    if (edge === undefined) continue;
    return own.length === 1 ? ['depends_on'] : ['depends_on', edge.path[3] ?? to];
  }
  return null;
}

/** The image that a service names: `postgres` of `${IMAGE:-docker.io/library/postgres:15-alpine}`. null: it builds its own. */
export function serviceImage(files: Files, service: string): string | null {
  const value = composeValue(files, service, ['image']);
  if (typeof value !== 'string' || hasComposeKey(files, service, ['build'])) return null;
  const plain = /^\$\{\w+:?-(.+)\}$/.exec(value)?.[1] ?? value;
  return (
    plain
      .split('@')[0]
      ?.replace(/:[^/:]*$/, '')
      .split('/')
      .at(-1)
      ?.toLowerCase() ?? null
  );
}

/** The first word of a command that starts the image's server. A command may also start a client of the same image: `pg_dump`, `sh`. */
const STARTS_SERVER =
  /^(?:-|(?:docker-entrypoint\.sh|postgres|mysqld|mariadbd|mongod|redis-server|valkey-server|keydb-server|memcached|rabbitmq-server|nats-server|server|etcd|cassandra)\b)/;

/** Whether a service in the image of a server is one, by the command in its compose files. */
export function runsServer(files: Files, service: string): boolean {
  if (hasComposeKey(files, service, ['entrypoint'])) return false;
  const [first] = composeValues(files, service, ['command']);
  return first === undefined ? !hasComposeKey(files, service, ['command']) : STARTS_SERVER.test(first.trim());
}

function keysAt(files: Files, service: string, key: Key) {
  const path = ['services', service, ...key];
  const isIt = (each: ComposeKey) => each.path.length === path.length && isBelow(each, path);
  return composeFiles(files).flatMap(({ file, keys }) => keys.filter(isIt).map((found) => ({ file, key: found })));
}

function keysBelow(files: Files, service: string, key: Key): readonly ComposeKey[] {
  const path = ['services', service, ...key];
  return composeFiles(files).flatMap(({ keys }) => keys.filter((each) => isBelow(each, path)));
}

function composeFiles(files: Files): readonly ComposeFileFacts[] {
  return files?.composeFiles ?? [];
}

function isBelow({ path }: ComposeKey, prefix: Key): boolean {
  return prefix.every((part, at) => path[at] === part);
}
