import { chmodSync, mkdirSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OrderedBuild } from '../../../src/docker/build/base-images.ts';
import { buildInputs, digestOfRegistry, instructionDigests } from '../../../src/docker/build/build-inputs.ts';
import { keptContexts, linkTo } from '../../../src/docker/build/context-link.ts';
import { createFileDigests } from '../../../src/docker/build/file-digests.ts';
import { layOut } from '../../support/lay-out.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function buildIn(context: string): OrderedBuild {
  return {
    name: 'test',
    services: ['test'],
    images: [],
    context,
    dockerfile: join(context, 'Dockerfile'),
    dockerfileInline: null,
    target: 'last',
    args: { TOKEN: 'planted' },
    secrets: [],
    ssh: [],
    additionalContexts: {},
    extraHosts: [],
    network: 'host',
    platform: null,
    labels: {},
    shmSize: null,
    noCache: false,
    baseImages: [],
    frontend: null,
    stagePlatforms: [],
    basedOn: [],
  };
}

describe('the inputs of a build', () => {
  const prepare = () =>
    layOut(temporaryFolder(), {
      Dockerfile: 'FROM a AS last\nCOPY . .\n',
      '.dockerignore': 'ignored\n',
      'src/a.py': 'a',
      'src/b.py': 'b',
      ignored: 'x',
    });
  const read = (folder: string) =>
    buildInputs(buildIn(folder), { images: [['a', null]], digests: createFileDigests() });

  test('are the files that the build gets, the arguments and the instructions, with no value in them', async () => {
    const inputs = await read(prepare());
    expect(inputs.files.map(([path]) => path)).toEqual(['.dockerignore', 'Dockerfile', 'src/', 'src/a.py', 'src/b.py']);
    expect(inputs.args.map(([name]) => name)).toEqual(['TOKEN', '--network', '--target']);
    expect(inputs.instructions.map(([line, keyword]) => [line, keyword])).toEqual([
      [1, 'FROM'],
      [2, 'COPY'],
    ]);
    expect(JSON.stringify(inputs)).not.toContain('planted');
  });

  test.each<readonly [string, (folder: string) => void, readonly string[]]>([
    ['content', (folder) => writeFileSync(join(folder, 'src/a.py'), 'A'), ['src/a.py']],
    ['mode', (folder) => chmodSync(join(folder, 'src/a.py'), 0o755), ['src/a.py']],
    ['the target of a link', (folder) => symlinkSync('b.py', join(folder, 'src/c.py')), ['src/c.py']],
    ['what is in a folder', (folder) => mkdirSync(join(folder, 'src/d')), ['src/d/']],
    ['a file that is gone', (folder) => unlinkSync(join(folder, 'src/b.py')), ['src/b.py']],
    ['not the time', (folder) => utimesSync(join(folder, 'src/a.py'), 1, 1), []],
  ])('differ by %s', async (_, change, paths) => {
    const folder = prepare();
    const before = new Map((await read(folder)).files);
    change(folder);
    const after = new Map((await read(folder)).files);
    const all = new Set([...before.keys(), ...after.keys()]);
    expect([...all].filter((path) => before.get(path) !== after.get(path))).toEqual(paths);
  });

  test('are read again only where a file may have changed', async () => {
    const folder = prepare();
    const file = join(folder, 'src/a.py');
    const digests = createFileDigests();
    const first = await digests.of(file);
    expect(await digests.of(file)).toBe(first);
    writeFileSync(file, 'B');
    expect(await digests.of(file)).not.toBe(first);
    expect(await digests.of(join(folder, 'none'))).toBeNull();
  });
});

describe('the digest of an instruction', () => {
  const digest = (text: string) => instructionDigests(text)[0]?.[2];

  test.each([
    ['a comment within it', 'RUN a \\\n  # why\n  && b', 'RUN a \\\n  && b'],
    ['blanks between words of a COPY', 'COPY  a   b', 'COPY a b'],
    ['where it stands', '\n\nRUN a', 'RUN a'],
  ])('does not depend on %s', (_, one, other) => {
    expect(digest(one)).toBe(digest(other));
  });

  test.each([
    ['the command', 'RUN a', 'RUN b'],
    ['flags', 'RUN --mount=type=cache,target=/a x', 'RUN x'],
    ['a here-document', 'RUN <<E\na\nE', 'RUN <<E\nb\nE'],
    ['a secret value', 'ENV A=1', 'ENV A=2'],
    ['blanks of a command, which the shell gets', 'RUN echo  a', 'RUN echo a'],
  ])('depends on %s', (_, one, other) => {
    expect(digest(one)).not.toBe(digest(other));
  });
});

test('an image of a registry is found under any spelling of its name', () => {
  const digests = new Map([['docker.io/library/python:3.12', '0123456789abcdef']]);
  expect(digestOfRegistry('python:3.12', digests)).toBe('0123456789ab');
  expect(digestOfRegistry('docker.io/library/python:3.12@sha256:0', digests)).toBe('0123456789ab');
  expect(digestOfRegistry('python', digests)).toBeNull();
});

test('a link to a context that is there already stays', async () => {
  const folder = temporaryFolder();
  const link = join(folder, 'contexts/test');
  expect(await linkTo(folder, link)).toBe(link);
  expect(await linkTo(folder, link)).toBe(link);
});

test('the contexts that a builder keeps are read from what it prints', () => {
  expect(keptContexts('ID:\t\tabc\nCreated at:\tx\nType:\t\tsource.local\n\nID:\t\tdef\nSize: 1\n\nTotal: 1')).toEqual([
    'abc',
    'def',
  ]);
});
