import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type ProjectToRead, readProjectFiles } from '../../../src/docker/project-files/read-project-files.ts';
import { layOut as layOutIn } from '../../support/lay-out.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const layOut = (files: Readonly<Record<string, string | Buffer>>) => layOutIn(temporaryFolder(), files);

function projectIn(folder: string, build: Partial<ProjectToRead['builds'][number]> = {}): ProjectToRead {
  const context = folder;
  const dockerfile = join(folder, 'Dockerfile');
  return {
    directory: folder,
    composeFiles: [join(folder, 'compose.yml')],
    service: 'test',
    builds: [{ services: ['test'], context, dockerfile, dockerfileInline: null, target: null, ...build }],
  };
}

const COMPOSE = 'services:\n  test:\n    build: .\n';

test('the files of a project are read with their lines', async () => {
  const folder = layOut({
    'compose.yml': COMPOSE,
    Dockerfile: 'FROM a\n',
    '.dockerignore': '# c\n\n.git\n!docs/x\n',
    'pyproject.toml': '[project]\nname = "x"\n',
    'tox.ini': '[pytest]\naddopts = -q\n',
    'setup.cfg': '[tool:pytest]\naddopts = -v\n',
  });
  expect(await readProjectFiles(projectIn(folder))).toEqual({
    dockerfiles: [
      {
        file: 'Dockerfile',
        services: ['test'],
        target: null,
        stages: [{ name: null, line: 1 }],
        instructions: [{ line: 1, endLine: 1, keyword: 'FROM', flags: [], arguments: 'a', stage: 0 }],
        leftOut: 0,
      },
    ],
    dockerignores: [
      {
        file: '.dockerignore',
        patterns: [
          { line: 3, pattern: '.git', negated: false },
          { line: 4, pattern: 'docs/x', negated: true },
        ],
        leftOut: 0,
      },
    ],
    composeFiles: [
      {
        file: 'compose.yml',
        keys: [
          { path: ['services'], line: 1, value: null },
          { path: ['services', 'test'], line: 2, value: null },
          { path: ['services', 'test', 'build'], line: 3, value: '.' },
        ],
        leftOut: 0,
      },
    ],
    pytest: { file: 'tox.ini', options: [{ name: 'addopts', line: 2, value: '-q' }], leftOut: 0 },
    unread: [],
    texts: [
      { file: 'compose.yml', lines: ['services:', '  test:', '    build: .'] },
      { file: 'Dockerfile', lines: ['FROM a'] },
      { file: '.dockerignore', lines: ['# c', '', '.git', '!docs/x'] },
      { file: 'tox.ini', lines: ['[pytest]', 'addopts = -q'] },
    ].map((text) => ({ ...text, endsWithNewline: true, crlf: false })),
  });
});

test('files elsewhere in the repository are named from the project, and the context may have the configuration of pytest', async () => {
  const root = layOut({
    'shop/compose.yml': COMPOSE,
    Dockerfile: 'FROM a',
    'Dockerfile.dockerignore': 'x',
    '.dockerignore': 'y',
    'pytest.ini': '',
  });
  const files = await readProjectFiles({
    ...projectIn(root),
    directory: join(root, 'shop'),
    composeFiles: [join(root, 'shop/compose.yml')],
  });
  expect(files.dockerfiles.map(({ file }) => file)).toEqual(['../Dockerfile']);
  expect(files.dockerignores.map(({ file }) => file)).toEqual(['../Dockerfile.dockerignore']);
  expect(files.pytest?.file).toBe('../pytest.ini');
  expect(files.composeFiles.map(({ file }) => file)).toEqual(['compose.yml']);
});

test('an inline Dockerfile has its place in the compose file', async () => {
  const compose = 'services:\n  test:\n    build:\n      dockerfile_inline: |\n        FROM a\n        RUN b\n';
  const folder = layOut({ 'compose.yml': compose });
  const { dockerfiles } = await readProjectFiles(projectIn(folder, { dockerfileInline: 'FROM a\nRUN b\n' }));
  expect(dockerfiles.map(({ file, instructions }) => [file, instructions.map(({ line }) => line)])).toEqual([
    ['compose.yml', [5, 6]],
  ]);
});

const UTF16 = Buffer.from('FROM a\n', 'utf16le');
const LATIN1 = Buffer.from('# \xe9\n[pytest]\n', 'latin1');

test.each<[string, Record<string, string | Buffer>, unknown]>([
  ['missing', {}, [{ file: 'Dockerfile', reason: { kind: 'notReadable' } }]],
  ['UTF-16', { Dockerfile: UTF16 }, [{ file: 'Dockerfile', reason: { kind: 'notText' } }]],
  [
    'too large',
    { Dockerfile: '#'.repeat(1_000_001) },
    [{ file: 'Dockerfile', reason: { kind: 'tooLarge', bytes: 1_000_001 } }],
  ],
  ['a Dockerfile in Latin-1, which BuildKit reads', { Dockerfile: LATIN1 }, []],
  ['a Dockerfile of 1 MB', { Dockerfile: `FROM a\n${'RUN abcd\n'.repeat(111_000)}` }, []],
  [
    'a compose file that is not YAML',
    { Dockerfile: '', 'compose.yml': 'a: [' },
    [{ file: 'compose.yml', reason: { kind: 'invalid', format: 'YAML', line: 1 } }],
  ],
  [
    'a pytest.ini in Latin-1, which pytest refuses',
    { Dockerfile: '', 'pytest.ini': LATIN1 },
    [{ file: 'pytest.ini', reason: { kind: 'notText' } }],
  ],
  [
    'a folder in place of a file',
    { Dockerfile: '', 'pytest.ini/x': '' },
    [{ file: 'pytest.ini', reason: { kind: 'notReadable' } }],
  ],
  [
    'a pyproject.toml that is not TOML, where pytest stops',
    { Dockerfile: '', 'pyproject.toml': 'x', 'tox.ini': '[pytest]' },
    [{ file: 'pyproject.toml', reason: { kind: 'invalid', format: 'TOML', line: 1 } }],
  ],
])('what cannot be read is named with the reason: %s', async (_, files, unread) => {
  const folder = layOut({ 'compose.yml': COMPOSE, ...files });
  const read = await readProjectFiles(projectIn(folder));
  expect(read.unread).toEqual(unread);
  expect(JSON.stringify(read).length).toBeLessThan(1_000_000);
});

test('a Dockerfile behind a URL is named without its password', async () => {
  const folder = layOut({ 'compose.yml': COMPOSE });
  const remote = { context: 'https://u:planted@host/x.git', dockerfile: 'https://u:planted@host/Dockerfile' };
  const read = await readProjectFiles(projectIn(folder, remote));
  expect(read.unread).toEqual([{ file: 'https://***@host/Dockerfile', reason: { kind: 'remote' } }]);
});
