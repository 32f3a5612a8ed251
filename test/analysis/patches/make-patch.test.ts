/** Patches are held against git itself: it must take them, and the file must then hold what the edits say. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { setComposeKey, removeComposeKey } from '../../../src/analysis/patches/compose-edit.ts';
import { type Edit, makePatch } from '../../../src/analysis/patches/make-patch.ts';
import { readComposeKeys } from '../../../src/docker/project-files/compose-keys.ts';
import type { FileText } from '../../../src/model/project-files.ts';

const run = promisify(execFile);
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

function textOf(file: string, content: string, secret: RegExp | null = null): FileText {
  const crlf = content.includes('\r\n');
  const lines = content.split(/\r?\n/);
  const endsWithNewline = lines.at(-1) === '';
  if (endsWithNewline) lines.pop();
  return { file, lines: lines.map((line) => (secret?.test(line) === true ? null : line)), endsWithNewline, crlf };
}

/** @returns what the file holds after git has applied the patch */
async function applied(file: string, content: string, patch: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-make-patch-'));
  folders.push(folder);
  await mkdir(dirname(join(folder, file)), { recursive: true });
  if (content !== '') await writeFile(join(folder, file), content);
  await writeFile(join(folder, 'fix.patch'), patch);
  await run('git', ['init', '-q'], { cwd: folder });
  await run('git', ['apply', '--whitespace=nowarn', 'fix.patch'], { cwd: folder });
  return readFile(join(folder, file), 'utf8');
}

const DOCKERFILE = 'FROM python:3.11\nCOPY . .\nRUN pip install -r requirements.txt\nENV A=1\nCMD ["pytest"]\n';

describe('a patch', () => {
  test.each<readonly [string, string, readonly Edit[], string]>([
    [
      'moves a line',
      DOCKERFILE,
      [
        { kind: 'replace', file: 'Dockerfile', line: 2, endLine: 2, lines: ['COPY requirements.txt .'] },
        { kind: 'insert', file: 'Dockerfile', line: 4, lines: ['COPY . .'] },
      ],
      'FROM python:3.11\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nENV A=1\nCMD ["pytest"]\n',
    ],
    [
      'adds lines at the end of a file without a line end',
      'a\nb',
      [{ kind: 'insert', file: 'Dockerfile', line: 3, lines: ['c'] }],
      'a\nb\nc',
    ],
    [
      'keeps CRLF',
      'a\r\nb\r\n',
      [{ kind: 'replace', file: 'Dockerfile', line: 1, endLine: 1, lines: ['x'] }],
      'x\r\nb\r\n',
    ],
    [
      'removes a line',
      'a\nb\nc\n',
      [{ kind: 'replace', file: 'Dockerfile', line: 2, endLine: 2, lines: [] }],
      'a\nc\n',
    ],
  ])('%s', async (_, content, edits, wanted) => {
    const patch = makePatch({ texts: [textOf('Dockerfile', content)] }, edits);
    expect(await applied('Dockerfile', content, patch ?? '')).toBe(wanted);
  });

  test('creates a file', async () => {
    const patch = makePatch({ texts: [] }, [{ kind: 'create', file: 'sub/.dockerignore', lines: ['.git', '.venv'] }]);
    expect(await applied('sub/.dockerignore', '', patch ?? '')).toBe('.git\n.venv\n');
  });

  test('never shows a line that may hold a secret, and still applies next to one', async () => {
    const content = 'a\nTOKEN=xyz\nb\nc\nd\ne\nTOKEN=uvw\n';
    const texts = [textOf('Dockerfile', content, /TOKEN/)];
    const patch = makePatch({ texts }, [{ kind: 'replace', file: 'Dockerfile', line: 4, endLine: 4, lines: ['C'] }]);
    expect(patch).not.toContain('TOKEN');
    expect(patch).not.toContain('\u0001');
    expect(await applied('Dockerfile', content, patch ?? '')).toBe(content.replace('c', 'C'));
  });

  test.each<readonly [string, readonly Edit[]]>([
    ['a line that may hold a secret is changed', [{ kind: 'replace', file: 'f', line: 2, endLine: 2, lines: ['x'] }]],
    ['the file was not read', [{ kind: 'insert', file: 'other', line: 1, lines: ['x'] }]],
    ['nothing changes', [{ kind: 'replace', file: 'f', line: 1, endLine: 1, lines: ['a'] }]],
    ['a line is not there', [{ kind: 'replace', file: 'f', line: 9, endLine: 9, lines: ['x'] }]],
    [
      'edits overlap',
      [
        { kind: 'replace', file: 'f', line: 3, endLine: 4, lines: ['x'] },
        { kind: 'replace', file: 'f', line: 4, endLine: 4, lines: ['y'] },
      ],
    ],
    ['the file to create exists', [{ kind: 'create', file: 'f', lines: ['x'] }]],
  ])('is not made where %s', (_, edits) => {
    expect(makePatch({ texts: [textOf('f', 'a\nSECRET\nb\nc\n', /SECRET/)] }, edits)).toBeNull();
  });
});

const COMPOSE = `services:
  db:
    image: postgres:15
    healthcheck:
      test: ["CMD", "pg_isready"]
      interval: 10s   # slow
    environment:
      POSTGRES_PASSWORD: secret
  test:
    build: .
    depends_on:
      db:
        condition: service_healthy
    command:
      - pytest
      - -q
  cache: {image: redis}
`;

function composeFiles(content: string) {
  const read = readComposeKeys(content);
  if (read.kind !== 'keys') throw new Error('not YAML');
  const composeFile = { file: 'docker-compose.yml', keys: read.keys, leftOut: read.leftOut };
  return { composeFiles: [composeFile], texts: [textOf('docker-compose.yml', content, /PASSWORD/)] };
}

describe('a key of a compose file', () => {
  test.each<readonly [string, string, readonly string[], string, string, string]>([
    ['is replaced', 'db', ['healthcheck', 'interval'], '1s', 'interval: 10s   # slow', 'interval: 1s   # slow'],
    [
      'is added to a mapping',
      'db',
      ['healthcheck', 'start_interval'],
      '500ms',
      '    healthcheck:\n',
      '    healthcheck:\n      start_interval: 500ms\n',
    ],
    ['is added to the service itself', 'db', ['init'], 'true', '  db:\n', '  db:\n    init: true\n'],
    [
      'is replaced with its whole list',
      'test',
      ['command'],
      '["pytest", "-n", "2"]',
      'command:\n      - pytest\n      - -q\n',
      'command: ["pytest", "-n", "2"]\n',
    ],
  ])('%s', async (_, service, key, value, before, after) => {
    const files = composeFiles(COMPOSE);
    const edit = setComposeKey(files, service, key, value);
    const patch = makePatch(files, edit === null ? [] : [edit]);
    expect(await applied('docker-compose.yml', COMPOSE, patch ?? '')).toBe(COMPOSE.replace(before, after));
  });

  test('is removed with all that is below it', async () => {
    const files = composeFiles(COMPOSE);
    const edit = removeComposeKey(files, 'test', ['depends_on']);
    const patch = makePatch(files, edit === null ? [] : [edit]);
    expect(await applied('docker-compose.yml', COMPOSE, patch ?? '')).toBe(
      COMPOSE.replace('    depends_on:\n      db:\n        condition: service_healthy\n', ''),
    );
  });

  test('is left alone in a mapping that is written in one line', () => {
    expect(setComposeKey(composeFiles(COMPOSE), 'cache', ['init'], 'true')).toBeNull();
  });
});
