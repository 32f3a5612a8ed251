/** The project's own files that a finding can name by file and line, read once, when the project is resolved. */
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import type {
  ComposeFileFacts,
  DockerfileFacts,
  DockerignoreFacts,
  FileText,
  ProjectFiles,
  PytestFileFacts,
  UnreadFile,
} from '../../model/project-files.ts';
import { beginningOf } from '../../model/bounds.ts';
import { readPatterns } from '../build/dockerignore.ts';
import type { ProjectBuild } from '../build/project-builds.ts';
import { firstOf, LONGEST_VALUE } from './bounds.ts';
import { type InlineDockerfile, readComposeKeys } from './compose-keys.ts';
import { safeComposeLines } from './compose-lines.ts';
import { maskText, safeText } from './credentials.ts';
import { readDockerfileFacts } from './dockerfile-facts.ts';
import { safeDockerfileLines } from './dockerfile-lines.ts';
import { fileText } from './file-text.ts';
import { safePytestLines } from './pytest-lines.ts';
import { PYTEST_FILES, readPytestOptions } from './pytest-options.ts';
import { readText } from './read-text.ts';
import type { SafeLines } from './safe-lines.ts';

type Build = Pick<ProjectBuild, 'services' | 'context' | 'dockerfile' | 'dockerfileInline' | 'target'>;

export interface ProjectToRead {
  readonly directory: string;
  /** Absolute, in the order in which they are merged. */
  readonly composeFiles: readonly string[];
  /** The service that runs the tests. */
  readonly service: string;
  readonly builds: readonly Build[];
}

/** Never rejects because of what the files hold: a file that cannot be read or parsed is in `unread`. */
export async function readProjectFiles(project: ProjectToRead): Promise<ProjectFiles> {
  const [unread, texts]: [UnreadFile[], FileText[]] = [[], []];
  const context: Reading = {
    project,
    unread,
    texts,
    shown: (path) => relative(project.directory, path) || basename(path),
  };
  const compose = await composeFiles(context);
  return {
    dockerfiles: await dockerfiles(context, compose),
    dockerignores: await dockerignores(context),
    composeFiles: compose.map(({ facts }) => facts),
    pytest: await pytestFile(context),
    unread,
    texts,
  };
}

interface Reading {
  readonly project: ProjectToRead;
  readonly unread: UnreadFile[];
  readonly texts: FileText[];
  readonly shown: (path: string) => string;
}

interface Compose {
  readonly facts: ComposeFileFacts;
  readonly inline: readonly InlineDockerfile[];
}

/**
 * @param safe which lines of it may be kept for patches
 * @returns null where there is no such file, or why is in `unread`
 */
async function textOf(
  { unread, texts, shown }: Reading,
  path: string,
  encoding: 'utf-8' | 'bytes',
  { isNamed, safe }: { readonly isNamed: boolean; readonly safe: (text: string) => SafeLines | null },
): Promise<string | null> {
  const read = await readText(path, encoding);
  if (read.kind === 'text') {
    const text = read.whole ? fileText(shown(path), read.text, safe) : null;
    if (text !== null && !texts.some(({ file }) => file === text.file)) texts.push(text);
    return read.text;
  }
  if (read.kind === 'unread') unread.push({ file: shown(path), reason: read.reason });
  else if (isNamed) unread.push({ file: shown(path), reason: { kind: 'notReadable' } });
  return null;
}

async function composeFiles(reading: Reading): Promise<readonly Compose[]> {
  const files: Compose[] = [];
  for (const path of new Set(reading.project.composeFiles)) {
    const file = reading.shown(path);
    const text = await textOf(reading, path, 'utf-8', { isNamed: true, safe: safeComposeLines });
    if (text === null) continue;
    const read = readComposeKeys(text);
    if (read.kind === 'unread') reading.unread.push({ file, reason: read.reason });
    else files.push({ facts: { file, keys: read.keys, leftOut: read.leftOut }, inline: read.inline });
  }
  return files;
}

async function dockerfiles(reading: Reading, compose: readonly Compose[]): Promise<readonly DockerfileFacts[]> {
  const files: DockerfileFacts[] = [];
  for (const build of reading.project.builds) {
    const { services, target, dockerfile, dockerfileInline } = build;
    if (dockerfileInline !== null) {
      const place = inlinePlace(build, compose);
      const facts = place === null ? null : readDockerfileFacts(dockerfileInline, place.linesBefore);
      if (place !== null && facts !== null) files.push({ file: place.file, services, target, ...facts });
    } else if (isAbsolute(dockerfile)) {
      const text = await textOf(reading, dockerfile, 'bytes', { isNamed: true, safe: safeDockerfileLines });
      if (text !== null)
        files.push({ file: reading.shown(dockerfile), services, target, ...readDockerfileFacts(text) });
    } else {
      reading.unread.push({ file: safeText(dockerfile), reason: { kind: 'remote' } });
    }
  }
  return files;
}

/** The last file that has it counts, as compose merges them. */
function inlinePlace({ services }: Build, compose: readonly Compose[]) {
  const places = compose.flatMap(({ facts, inline }) =>
    inline.filter(({ service }) => services.includes(service)).map((place) => ({ ...place, file: facts.file })),
  );
  return places.at(-1) ?? null;
}

/** `NAME.dockerignore` next to the Dockerfile wins over the context's own. */
async function dockerignores(reading: Reading): Promise<readonly DockerignoreFacts[]> {
  const files = new Map<string, DockerignoreFacts>();
  for (const { context, dockerfile, dockerfileInline } of reading.project.builds) {
    if (!isAbsolute(context)) continue;
    const own = join(dirname(dockerfile), `${basename(dockerfile)}.dockerignore`);
    const candidates = [...(dockerfileInline === null ? [own] : []), join(context, '.dockerignore')];
    for (const path of candidates) {
      const file = reading.shown(path);
      const text = files.has(file)
        ? null
        : await textOf(reading, path, 'bytes', { isNamed: false, safe: safePatternLines });
      if (text !== null) files.set(file, dockerignoreOf(file, text));
      if (files.has(file)) break;
    }
  }
  return [...files.values()];
}

function dockerignoreOf(file: string, text: string): DockerignoreFacts {
  const { kept, leftOut } = firstOf(readPatterns(text));
  const patterns = kept.map((each) => ({ ...each, pattern: beginningOf(each.pattern, LONGEST_VALUE) }));
  return { file, patterns, leftOut };
}

function safePatternLines(text: string): SafeLines {
  return text.split(/\r?\n/).map((line) => (maskText(line) === line ? line : null));
}

/** In the project's folder, else in the folder that the test image is built from. The first one that configures pytest counts. */
async function pytestFile(reading: Reading): Promise<PytestFileFacts | null> {
  const { directory, service, builds } = reading.project;
  const context = builds.find(({ services }) => services.includes(service))?.context;
  const folders = new Set([directory, ...(context !== undefined && isAbsolute(context) ? [context] : [])]);
  for (const folder of folders) {
    for (const name of PYTEST_FILES) {
      const path = join(folder, name);
      const before = reading.unread.length;
      const texts = reading.texts.length;
      const text = await textOf(reading, path, 'utf-8', {
        isNamed: false,
        safe: (each) => safePytestLines(name, each),
      });
      if (reading.unread.length > before) return null;
      if (text === null) continue;
      const read = readPytestOptions(name, text);
      if (read.kind === 'options') return { file: reading.shown(path), options: read.options, leftOut: read.leftOut };
      reading.texts.length = texts;
      if (read.kind === 'notPytest') continue;
      reading.unread.push({ file: reading.shown(path), reason: read.reason });
      return null;
    }
  }
  return null;
}
