/** Combined patches are held against git: it must take them, and the files must then hold what all members say. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { combinePatches, patchInFolder } from '../../../src/analysis/patches/combine.ts';
import { type Edit, makePatch } from '../../../src/analysis/patches/make-patch.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Ten lines, "1" to "10". */
const TEN = Array.from({ length: 10 }, (_, index) => String(index + 1));

function textOf(file: string, lines: readonly string[], { newline = true, crlf = false } = {}) {
  return { file, lines, endsWithNewline: newline, crlf };
}

function contentOf(lines: readonly string[], { newline = true, crlf = false } = {}): string {
  const end = crlf ? '\r\n' : '\n';
  return `${lines.join(end)}${newline ? end : ''}`;
}

function patchOf(edits: readonly Edit[], lines: readonly string[] = TEN, form = {}): string {
  return makePatch({ texts: [textOf('a.txt', lines, form)] }, edits)!;
}

const replace = (line: number, ...lines: readonly string[]): Edit => ({
  kind: 'replace',
  file: 'a.txt',
  line,
  endLine: line,
  lines,
});
const insert = (line: number, ...lines: readonly string[]): Edit => ({ kind: 'insert', file: 'a.txt', line, lines });

function applied(patch: string, files: Readonly<Record<string, string>>, file = 'a.txt'): string {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-combine-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  execFileSync('git', ['init', '-q'], { cwd: folder });
  execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder, input: patch });
  return readFileSync(join(folder, file), 'utf8');
}

describe('patches of one file', () => {
  test.each<readonly [string, readonly Edit[], readonly Edit[], readonly string[]]>([
    ['far apart', [replace(1, 'one')], [replace(10, 'ten')], ['one', ...TEN.slice(1, 9), 'ten']],
    [
      'with shared context',
      [replace(4, 'four')],
      [replace(6, 'six')],
      ['1', '2', '3', 'four', '5', 'six', '7', '8', '9', '10'],
    ],
    [
      'side by side',
      [replace(4, 'four')],
      [replace(5, 'five')],
      ['1', '2', '3', 'four', 'five', '6', '7', '8', '9', '10'],
    ],
    [
      'an insertion before a changed line',
      [replace(4, 'four')],
      [insert(4, 'new: 1')],
      ['1', '2', '3', 'new: 1', 'four', ...TEN.slice(4)],
    ],
    [
      'two insertions at one place',
      [insert(4, 'init: true')],
      [insert(4, 'stop_signal: SIGINT')],
      ['1', '2', '3', 'init: true', 'stop_signal: SIGINT', ...TEN.slice(3)],
    ],
    ['the same edit twice', [replace(4, 'four')], [replace(4, 'four')], ['1', '2', '3', 'four', ...TEN.slice(4)]],
    ['a removal and an edit', [replace(2)], [replace(9, 'nine')], ['1', ...TEN.slice(2, 8), 'nine', '10']],
  ])('combine: %s', (_, first, second, expected) => {
    const combined = combinePatches([
      { name: 'first', patch: patchOf(first) },
      { name: 'second', patch: patchOf(second) },
    ]);
    expect(combined).toMatchObject({ members: ['first', 'second'], leftOut: [] });
    expect(applied(combined.patch!, { 'a.txt': contentOf(TEN) })).toBe(contentOf(expected));
  });

  test.each<readonly [string, readonly Edit[], readonly Edit[]]>([
    ['the same line', [replace(4, 'four')], [replace(4, 'IV')]],
    [
      'an insertion into removed lines',
      [{ kind: 'replace', file: 'a.txt', line: 3, endLine: 6, lines: ['x'] }],
      [insert(5, 'new')],
    ],
    ['two values of one key', [insert(4, 'command: a')], [insert(4, 'command: b')]],
  ])('do not fit together: %s. The second is left out and named', (_, first, second) => {
    const combined = combinePatches([
      { name: 'first', patch: patchOf(first) },
      { name: 'second', patch: patchOf(second) },
    ]);
    expect(combined.members).toEqual(['first']);
    expect(combined.leftOut).toEqual([
      { name: 'second', reason: { kind: 'conflict', file: 'a.txt', other: 'first', line: expect.any(Number) } },
    ]);
    expect(applied(combined.patch!, { 'a.txt': contentOf(TEN) })).toBe(
      applied(patchOf(first), { 'a.txt': contentOf(TEN) }),
    );
  });

  test.each([
    ['CRLF', { crlf: true }],
    ['no line end at the end', { newline: false }],
  ])('keep %s', (_, form) => {
    const patches = [patchOf([replace(2, 'two')], TEN, form), patchOf([replace(10, 'ten')], TEN, form)];
    const combined = combinePatches(patches.map((patch, index) => ({ name: String(index), patch })));
    const expected = ['1', 'two', ...TEN.slice(2, 9), 'ten'];
    expect(applied(combined.patch!, { 'a.txt': contentOf(TEN, form) })).toBe(contentOf(expected, form));
  });

  test('any edits of different lines give what the edits say, for git as well', () => {
    const edits = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 8 });
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`);
    fc.assert(
      fc.property(edits, (chosen) => {
        const patches = chosen.map((line) => ({
          name: String(line),
          patch: patchOf([replace(line, `new ${line}`)], lines),
        }));
        const combined = combinePatches(patches);
        const expected = lines.map((line, index) => (chosen.includes(index + 1) ? `new ${index + 1}` : line));
        expect(combined.leftOut).toEqual([]);
        expect(applied(combined.patch!, { 'a.txt': contentOf(lines) })).toBe(contentOf(expected));
      }),
      { numRuns: 15 },
    );
  });
});

test('files of several patches stay apart, and a new file is made once', () => {
  const create = { kind: 'create', file: '.dockerignore', lines: ['.git'] } as const;
  const patch = makePatch({ texts: [] }, [create])!;
  const combined = combinePatches([
    { name: 'ignore', patch },
    { name: 'again', patch },
    { name: 'other', patch: makePatch({ texts: [] }, [{ ...create, lines: ['node_modules'] }])! },
    { name: 'edit', patch: patchOf([replace(1, 'one')]) },
  ]);
  expect(combined.members).toEqual(['ignore', 'again', 'edit']);
  expect(combined.leftOut.map(({ name }) => name)).toEqual(['other']);
  expect(applied(combined.patch!, { 'a.txt': contentOf(TEN) }, '.dockerignore')).toBe('.git\n');
});

test('a rename is left out, for its lines cannot be merged', () => {
  const patch = 'diff --git a/a.txt b/b.txt\nsimilarity index 100%\nrename from a.txt\nrename to b.txt\n';
  const { patch: none, leftOut } = combinePatches([{ name: 'rename', patch }]);
  expect({ none, leftOut }).toEqual({
    none: null,
    leftOut: [{ name: 'rename', reason: { kind: 'unsupported', file: null } }],
  });
});

test.each([
  ['', 'a.txt', 'a.txt'],
  ['services/api', 'a.txt', 'services/api/a.txt'],
  ['services/api', '../a.txt', 'services/a.txt'],
])('in the folder %j the file %j is %j of the repository', (folder, file, path) => {
  const patch = makePatch({ texts: [textOf(file, TEN)] }, [{ ...replace(1, 'one'), file }])!;
  const moved = patchInFolder(patch, folder)!;
  expect(applied(moved, { [path]: contentOf(TEN) }, path)).toBe(contentOf(['one', ...TEN.slice(1)]));
});
