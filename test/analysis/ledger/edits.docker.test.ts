/** Edits of a project, each built by the real BuildKit: the ledger must name the input that made the first step miss. */
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ExplainedBuild, explainMisses } from '../../../src/analysis/ledger/explain-miss.ts';
import { buildProfile } from '../../../src/collectors/build/build-profile.ts';
import { baseChangeCommand } from '../../../src/docker/build/base-change.ts';
import type { OrderedBuild } from '../../../src/docker/build/base-images.ts';
import { buildCommand } from '../../../src/docker/build/build-command.ts';
import { buildInputs, imageDigest } from '../../../src/docker/build/build-inputs.ts';
import { baseImages } from '../../../src/docker/build/dockerfile.ts';
import { createFileDigests } from '../../../src/docker/build/file-digests.ts';
import type { RunDocker } from '../../../src/docker/command/docker-runner.ts';
import { runDocker } from '../../../src/docker/command/run-docker.ts';
import { imageFacts } from '../../../src/docker/engine/engine-facts.ts';
import { readDockerfileFacts } from '../../../src/docker/project-files/dockerfile-facts.ts';
import type { MissInput } from '../../../src/model/cause.ts';
import { readBuildRecord } from '../../support/build-record.ts';
import { layOut } from '../../support/lay-out.ts';
import { localEndpoint, nameHere, PYTHON_IMAGE } from '../../support/local-engine.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const MARK = `${nameHere('paceline-test-ledger')}-${Date.now().toString(36)}`;
const BASE = `${MARK}:base`;
const DOCKERFILE = `ARG IMAGE=${BASE}
FROM \${IMAGE} AS tools
COPY tool.txt /tool.txt
RUN cp /tool.txt /made && echo ${MARK}
FROM \${IMAGE} AS app
ARG LEVEL=1
ARG FLAVOUR
ENV MODE=a
WORKDIR /app
COPY requirements.txt ./
RUN --mount=type=cache,id=${MARK}-pip,target=/c echo install ${MARK} $LEVEL
COPY conf/*.ini conf/
COPY src src
COPY --from=tools /made made
RUN --mount=type=bind,source=bound,target=/b cat /b/x > seen
ADD data.txt data.txt
RUN --mount=type=secret,id=key true secret
RUN <<EOF
echo heredoc
EOF
USER mail
RUN id
LABEL a=b
COPY . all
CMD ["x"]
FROM app AS extra
RUN echo extra ${MARK}
`;
const FILES = {
  Dockerfile: DOCKERFILE,
  '.dockerignore': 'Dockerfile*\n.dockerignore\nkey\n',
  'tool.txt': 'tool',
  'requirements.txt': 'pytest\n',
  'conf/a.ini': '[a]\n',
  'src/a.py': 'a\n',
  'src/b.py': 'b\n',
  'bound/x': 'x',
  'data.txt': 'data',
  'extra.txt': 'extra',
  key: 'secret',
};

interface Options {
  readonly args?: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly noCache?: boolean;
  /** The image that takes the place of the base. */
  readonly standIn?: string;
}

let docker: RunDocker;
let folderOfAll: string;
let original: string;
let before: ExplainedBuild;

beforeAll(async () => {
  const endpoint = await localEndpoint();
  docker = (args, cwd, input = '') => runDocker(endpoint, args, { cwd, input });
  folderOfAll = mkdtempSync(join(tmpdir(), 'paceline-edits-'));
  // A layer of its own parts these builds from all others.
  await changedBase('base', PYTHON_IMAGE);
  original = layOut(join(folderOfAll, 'project'), FILES);
  before = await build(original, {});
}, 300_000);

afterAll(async () => {
  await docker(['image', 'rm', '-f', BASE, `${MARK}:other`, `${MARK}:changed`], '/');
  for (const id of await records(MARK)) await docker(['buildx', 'prune', '-f', '--filter', `id=${id}`], '/');
  rmSync(folderOfAll, { recursive: true, force: true });
}, 120_000);

/** @returns the base with one layer more, as another tag */
async function changedBase(name: string, image = BASE): Promise<string> {
  const tag = `${MARK}:${name}`;
  const folder = join(folderOfAll, name);
  const command = await baseChangeCommand({ folder, image, tag, mark: tag, platform: null, labels: {} });
  expect((await docker(command, '/')).exitCode).toBe(0);
  return tag;
}

async function build(
  folder: string,
  { args = {}, target = 'app', noCache = false, standIn }: Options,
): Promise<ExplainedBuild> {
  const dockerfile = join(folder, 'Dockerfile');
  const text = readFileSync(dockerfile, 'utf8');
  const images = baseImages(text, args, target);
  const one: OrderedBuild = {
    name: 'test',
    services: ['test'],
    images: [],
    context: folder,
    dockerfile,
    dockerfileInline: null,
    target,
    args,
    secrets: [{ id: 'key', file: join(folder, 'key') }],
    ssh: [],
    additionalContexts: {},
    extraHosts: [],
    network: null,
    platform: null,
    labels: {},
    shmSize: null,
    noCache,
    baseImages: images,
    frontend: null,
    stagePlatforms: [],
    basedOn: [],
  };
  const standIns = standIn === undefined ? [] : images.map((image) => ({ image, standIn }));
  const command = buildCommand(one, { tags: [], cache: { mode: 'warm', namespace: null }, standIns });
  const { exitCode, stderr } = await docker([...command.slice(0, -1), '--output', 'type=cacheonly', folder], folder);
  expect(exitCode, stderr.slice(-2_000)).toBe(0);
  const used = await Promise.all(
    images.map(async (image) => {
      const { stdout } = await docker(['image', 'inspect', standIn ?? image], '/');
      const [found] = JSON.parse(stdout) as [Parameters<typeof imageFacts>[0]];
      return [image, imageDigest(imageFacts(found))] as const;
    }),
  );
  const inputs = await buildInputs(one, { images: used, digests: createFileDigests() });
  const profile = buildProfile(readBuildRecord(stderr), null, [], inputs);
  return {
    profile,
    dockerfile: { file: 'Dockerfile', services: ['test'], target, ...readDockerfileFacts(text) },
    noCache,
  };
}

async function records(text: string): Promise<readonly string[]> {
  const { stdout } = await docker(['buildx', 'du', '--verbose'], '/');
  return stdout
    .split(/\n\s*\n/)
    .filter((block) => block.includes(text))
    .flatMap((block) => /^ID:\s*(\S+)/m.exec(block)?.[1] ?? []);
}

function copied(): string {
  const folder = join(temporaryFolder(), 'edited');
  cpSync(original, folder, { recursive: true });
  return folder;
}

const inDockerfile = (from: string, to: string) => (folder: string) => {
  const file = join(folder, 'Dockerfile');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
};
const write = (path: string, text: string) => (folder: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const files = (...paths: string[]): MissInput => ({ kind: 'files', files: paths, more: 0 });
const instruction = (line: number, keyword: string): MissInput => ({ kind: 'instruction', line, keyword });
const argument = (name: string): MissInput => ({ kind: 'argument', names: [name] });
const lineOf = (text: string) => DOCKERFILE.split('\n').findIndex((line) => line.startsWith(text)) + 1;
const nothing = () => {};
const INSTALL = 'RUN --mount=type=cache';

/** `step` is how the first step that missed begins; null: none may miss. */
type Case = readonly [string, (folder: string) => void, Options, step: string | null, input: MissInput | null];

const CASES: readonly Case[] = [
  ['a file that is copied', write('requirements.txt', 'x\n'), {}, 'COPY requirements.txt', files('requirements.txt')],
  ['a file of a folder that is copied', write('src/a.py', 'A\n'), {}, 'COPY src', files('src/a.py')],
  ['a file that a pattern takes', write('conf/a.ini', '[b]\n'), {}, 'COPY conf', files('conf/a.ini')],
  ['the mode alone', (folder) => chmodSync(join(folder, 'src/a.py'), 0o755), {}, 'COPY src', files('src/a.py')],
  ['a new file', write('src/new.py', ''), {}, 'COPY src', files('src/new.py')],
  ['a new file that a pattern takes', write('conf/b.ini', ''), {}, 'COPY conf', files('conf/b.ini')],
  ['a removed file', (folder) => rmSync(join(folder, 'src/b.py')), {}, 'COPY src', files('src/b.py')],
  [
    'a renamed file',
    (folder) => renameSync(join(folder, 'src/b.py'), join(folder, 'src/c.py')),
    {},
    'COPY src',
    files('src/c.py', 'src/b.py'),
  ],
  [
    'an edit of .dockerignore',
    (folder) => appendFileSync(join(folder, '.dockerignore'), 'extra.txt\n'),
    {},
    'COPY . all',
    files('extra.txt'),
  ],
  ['the value of an ARG', nothing, { args: { FLAVOUR: 'x' } }, INSTALL, argument('FLAVOUR')],
  ['the default of an ARG', inDockerfile('ARG LEVEL=1', 'ARG LEVEL=2'), {}, INSTALL, argument('LEVEL')],
  ['an ENV', inDockerfile('ENV MODE=a', 'ENV MODE=b'), {}, INSTALL, instruction(lineOf('ENV MODE'), 'ENV')],
  ['the text of a RUN', inDockerfile('RUN id', 'RUN id -u'), {}, 'RUN id -u', instruction(lineOf('RUN id'), 'RUN')],
  [
    'a here-document',
    inDockerfile('echo heredoc', 'echo other'),
    {},
    'RUN <<EOF',
    instruction(lineOf('RUN <<'), 'RUN'),
  ],
  ['another stage', write('tool.txt', 'TOOL'), {}, 'COPY tool.txt', files('tool.txt')],
  ['the source of a bind mount', write('bound/x', 'y'), {}, 'RUN --mount=type=bind', files('bound/x')],
  [
    'the target of a cache mount',
    inDockerfile('target=/c ', 'target=/d '),
    {},
    INSTALL,
    { kind: 'mount', mount: `type=cache,id=${MARK}-pip,target=/d` },
  ],
  // BuildKit compares where a cache mount is, not which one it is.
  ['the id of a cache mount', inDockerfile(`id=${MARK}-pip`, `id=${MARK}-uv`), {}, null, null],
  [
    'a secret that a RUN takes as well',
    inDockerfile('RUN id', 'RUN --mount=type=secret,id=key id'),
    {},
    'RUN --mount=type=secret,id=key id',
    { kind: 'mount', mount: 'type=secret,id=key' },
  ],
  ['the value of a secret', write('key', 'other'), {}, null, null],
  ['a file of an ADD', write('data.txt', 'DATA'), {}, 'ADD data.txt', files('data.txt')],
  [
    'the WORKDIR',
    inDockerfile('WORKDIR /app', 'WORKDIR /srv'),
    {},
    'WORKDIR /srv',
    instruction(lineOf('WORKDIR'), 'WORKDIR'),
  ],
  ['--no-cache', nothing, { noCache: true }, '', { kind: 'noCache' }],
  [
    'an inserted step',
    inDockerfile('COPY src src', 'RUN echo inserted\nCOPY src src'),
    {},
    'RUN echo inserted',
    instruction(lineOf('COPY src'), 'RUN'),
  ],
  ['a removed step', inDockerfile('RUN id\n', ''), {}, 'COPY . all', instruction(lineOf('COPY . all') - 1, 'COPY')],
  [
    'steps in another order',
    inDockerfile('COPY conf/*.ini conf/\nCOPY src src', 'COPY src src\nCOPY conf/*.ini conf/'),
    {},
    'COPY src',
    instruction(lineOf('COPY conf'), 'COPY'),
  ],
  ['a comment', inDockerfile('RUN id', '# why\nRUN id'), {}, null, null],
  ['blanks', inDockerfile('COPY src src', '\n\nCOPY   src    src'), {}, null, null],
  ['a LABEL', inDockerfile('LABEL a=b', 'LABEL a=c'), {}, null, null],
  ['a CMD', inDockerfile('CMD ["x"]', 'CMD ["y"]'), {}, null, null],
  ['the USER', inDockerfile('USER mail', 'USER daemon'), {}, 'RUN id', instruction(lineOf('USER'), 'USER')],
  [
    'a SHELL',
    inDockerfile('RUN id', 'SHELL ["/bin/sh", "-ec"]\nRUN id'),
    {},
    'RUN id',
    instruction(lineOf('RUN id'), 'SHELL'),
  ],
  ['the target', nothing, { target: 'extra' }, 'RUN echo extra', argument('--target')],
  ['a file that a tool wrote', write('.pytest_cache/v/x', ''), {}, 'COPY . all', files('.pytest_cache/v/x')],
];

test.each(CASES)('%s', { timeout: 120_000 }, async (_, edit, options, step, input) => {
  const folder = copied();
  edit(folder);
  const [first] = explainMisses(before, await build(folder, options));
  const found = first === undefined ? null : first.step.name.replace(/^\[[^\]]*\] /, '').slice(0, step?.length);
  expect(found).toBe(step);
  // A folder that is new, or that lost a file, is one more entry.
  const named = first?.input.kind === 'files' ? first.input.files.filter((file) => !file.endsWith('/')) : null;
  expect(named === null ? (first?.input ?? null) : { ...first?.input, files: named }).toEqual(input);
});

test('what follows another step that missed names it, also in another stage', { timeout: 120_000 }, async () => {
  const folder = copied();
  write('tool.txt', 'again')(folder);
  const misses = explainMisses(before, await build(folder, {}));
  const copy = misses.find(({ step }) => step.name.includes('COPY --from=tools'));
  expect(copy?.input.kind === 'earlierStep' ? copy.input.step : null).toContain('RUN cp /tool.txt');
});

test('another base image', { timeout: 120_000 }, async () => {
  const other = await changedBase('other');
  const [first] = explainMisses(before, await build(original, { args: { IMAGE: other } }));
  expect(first?.input).toMatchObject({ kind: 'baseImage', image: other });
});

test('another image behind the same name', { timeout: 120_000 }, async () => {
  const [first] = explainMisses(before, await build(original, { standIn: await changedBase('changed') }));
  expect(first?.input).toMatchObject({ kind: 'baseImage', image: BASE });
});

test('a cache that was pruned', { timeout: 120_000 }, async () => {
  const folder = copied();
  inDockerfile('COPY . all', `COPY . all\nRUN echo last ${MARK}-pruned`)(folder);
  const filled = await build(folder, {});
  for (const id of await records(`${MARK}-pruned`))
    await docker(['buildx', 'prune', '-f', '--filter', `id=${id}`], '/');
  const [first] = explainMisses(filled, await build(folder, {}));
  expect(first?.step.name).toContain('RUN echo last');
  expect(first?.input).toEqual({ kind: 'pruned' });
});
