/**
 * The workflows as one text, which a worker needs at its start. To make it takes seconds, so it is kept in the user's cache
 * directory until a source file changes.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type Logger } from '@temporalio/worker';

/** One for each version or checkout that is in use; each has about 2 MB. */
const MOST_KEPT = 8;

/** .ts in the source tree, .js in a build. */
const EXTENSION = extname(import.meta.url);
const SOURCES = dirname(fileURLToPath(new URL('.', import.meta.url)));

/** The program's workflows. The text comes from the cache, or is made and put there. */
export function programsBundle(env: NodeJS.ProcessEnv, logger: Logger): Promise<{ readonly code: string }> {
  const cache = env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const workflowsPath = join(SOURCES, 'workflows', `index${EXTENSION}`);
  return keptBundle({
    folder: join(cache, 'paceline', 'workflow-bundles'),
    // package.json has the exact version of each library.
    key: keyOf(SOURCES, join(dirname(SOURCES), 'package.json')),
    make: async () => (await bundleWorkflowCode({ workflowsPath, logger })).code,
  });
}

/** Differs for other contents, and for another place: the text names the source files by their paths. */
export function keyOf(sources: string, manifest: string): string {
  const hash = createHash('sha256').update(sources).update(readFileSync(manifest));
  const names = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter(
    (name) => extname(name) === EXTENSION,
  );
  for (const name of names.sort()) hash.update(`\0${name}\0`).update(readFileSync(join(sources, name)));
  return hash.digest('hex').slice(0, 32);
}

interface Kept {
  /** Must be the user's own: the code in it is run. */
  readonly folder: string;
  readonly key: string;
  readonly make: () => Promise<string>;
}

/** A folder that cannot be read or written costs only time. */
export async function keptBundle({ folder, key, make }: Kept): Promise<{ readonly code: string }> {
  const file = join(folder, `${key}.js`);
  const kept = intact(await readFile(file, 'utf8').catch(() => ''));
  if (kept !== null) return { code: kept };
  const code = await make();
  await keep(folder, file, code).catch(() => {});
  return { code };
}

/** The first line is the digest of the rest, because a computer that loses power may leave a part of a file. */
function intact(text: string): string | null {
  const end = text.indexOf('\n');
  const code = text.slice(end + 1);
  return end > 0 && text.slice(0, end) === firstLine(code) ? code : null;
}

function firstLine(code: string): string {
  return `// ${createHash('sha256').update(code).digest('hex')}`;
}

async function keep(folder: string, file: string, code: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  try {
    await writeFile(draft, `${firstLine(code)}\n${code}`, { mode: 0o600 });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  await removeOldest(folder);
}

async function removeOldest(folder: string): Promise<void> {
  const files = (await readdir(folder)).map((name) => join(folder, name));
  const dated = await Promise.all(files.map(async (file) => ({ file, at: (await stat(file)).mtimeMs })));
  const old = dated.sort((a, b) => b.at - a.at).slice(MOST_KEPT);
  await Promise.all(old.map(({ file }) => rm(file, { force: true })));
}
