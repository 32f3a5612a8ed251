/** A service's environment, with what its files say: compose's secrets reach the official image as POSTGRES_PASSWORD_FILE. */
import type { ContainerFacts, Engine } from '../../docker/engine/engine.ts';
import { shortTextOf } from '../../docker/engine/streams.ts';

const FROM_FILE = /^(POSTGRES_(?:USER|PASSWORD|DB))_FILE$/;

/** A file that cannot be read changes nothing. */
export async function environmentOf(
  engine: Pick<Engine, 'copyOut'>,
  { id, env }: ContainerFacts,
): Promise<Readonly<Record<string, string>>> {
  const own = Object.fromEntries(env.map((entry) => splitOnce(entry)));
  const read = await Promise.all(
    Object.entries(own).flatMap(([variable, path]) => {
      const name = FROM_FILE.exec(variable)?.[1];
      return name === undefined || path === '' ? [] : [contentOf(engine, id, name, path)];
    }),
  );
  return { ...own, ...Object.fromEntries(read.filter((entry) => entry !== null)) };
}

async function contentOf(engine: Pick<Engine, 'copyOut'>, id: string, name: string, path: string) {
  const content = await shortTextOf(await engine.copyOut(id, path).catch(() => null));
  // As the image's own `$(< file)` does.
  return content === null ? null : ([name, content.replace(/\n+$/, '')] as const);
}

function splitOnce(entry: string): [string, string] {
  const at = entry.indexOf('=');
  return at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)];
}
