/**
 * Several patches of one state of the project as one. They are merged edit by edit, so that two patches that were made of the same
 * lines apart from each other still fit: `git apply` would refuse the second. Pure: the lines around a change are in the patches.
 */
import { parsePatch, type StructuredPatch } from 'diff';
import type { LeftOutReason } from '../../model/advice.ts';

export interface NamedPatch {
  readonly name: string;
  /** In git's format. */
  readonly patch: string;
}

export interface CombinedPatch {
  /** null where no patch is left. */
  readonly patch: string | null;
  readonly members: readonly string[];
  readonly leftOut: readonly { readonly name: string; readonly reason: LeftOutReason }[];
}

/** In the order given: a patch that changes the same lines as an earlier one is left out. */
export function combinePatches(patches: readonly NamedPatch[]): CombinedPatch {
  const files = new Map<string, FileChange>();
  const members: string[] = [];
  const leftOut: { name: string; reason: LeftOutReason }[] = [];
  for (const { name, patch } of patches) {
    const read = readChanges(patch, name);
    const reason = read.kind === 'unsupported' ? read : firstConflict(files, read.files);
    if (reason !== null || read.kind === 'unsupported') {
      leftOut.push({ name, reason: reason ?? { kind: 'unsupported', file: null } });
      continue;
    }
    for (const change of read.files) files.set(change.file, merged(files.get(change.file), change));
    members.push(name);
  }
  const written = [...files.values()].map(writtenChange).join('');
  return { patch: written === '' ? null : written, members, leftOut };
}

/** The same patch with its paths in a folder, as one for the top of the repository has them. */
export function patchInFolder(patch: string, folder: string): string | null {
  const read = readChanges(patch, '');
  if (read.kind === 'unsupported') return null;
  return read.files.map((change) => writtenChange({ ...change, file: pathIn(folder, change.file) })).join('');
}

/** Files outside the folder, such as `../Dockerfile`, are elsewhere in the repository. */
function pathIn(folder: string, file: string): string {
  const parts: string[] = [];
  for (const part of [...folder.split('/'), ...file.split('/')]) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** Lines `line` to `line + removed - 1` of the file as it was become `lines`; nothing removed: they come before `line`. */
interface LineEdit {
  readonly name: string;
  readonly line: number;
  readonly removed: readonly string[];
  readonly lines: readonly string[];
}

type FileChange =
  | { readonly kind: 'create'; readonly file: string; readonly name: string; readonly lines: readonly string[] }
  | {
      readonly kind: 'edit';
      readonly file: string;
      readonly edits: readonly LineEdit[];
      /** By line number: what the file is known to hold. */
      readonly known: ReadonlyMap<number, string>;
    };

type ReadChanges =
  | { readonly kind: 'changes'; readonly files: readonly FileChange[] }
  | Extract<LeftOutReason, { kind: 'unsupported' }>;

/** Without a line end, a last line carries git's mark for it, as if it were a part of the text. */
const NO_NEWLINE = '\\ No newline at end of file';

function readChanges(patch: string, name: string): ReadChanges {
  const other = /^(?:rename from|rename to|copy from|GIT binary patch|Binary files|deleted file mode|old mode)\b/m.exec(
    patch,
  );
  if (other !== null) return { kind: 'unsupported', file: null };
  const files: FileChange[] = [];
  for (const parsed of parsePatch(patch)) {
    const file = fileOf(parsed.newFileName);
    if (file === null || parsed.hunks.length === 0) return { kind: 'unsupported', file };
    const read = changeOf(file, parsed, name);
    if (read === null) return { kind: 'unsupported', file };
    files.push(read);
  }
  return { kind: 'changes', files };
}

function fileOf(name: string | undefined): string | null {
  return name === undefined || name === '/dev/null' ? null : name.replace(/^[ab]\//, '');
}

function changeOf(file: string, { oldFileName, hunks }: StructuredPatch, name: string): FileChange | null {
  if (oldFileName === '/dev/null') {
    const [hunk] = hunks;
    const lines = hunk === undefined ? [] : marked(hunk.lines);
    return lines.every((line) => line.startsWith('+'))
      ? { kind: 'create', file, name, lines: lines.map((line) => line.slice(1)) }
      : null;
  }
  const edits: LineEdit[] = [];
  const known = new Map<number, string>();
  for (const hunk of hunks) {
    // git counts the line before an insertion into nothing.
    let at = hunk.oldLines === 0 ? hunk.oldStart + 1 : hunk.oldStart;
    let open: { line: number; removed: string[]; lines: string[] } | null = null;
    for (const line of marked(hunk.lines)) {
      const text = line.slice(1);
      if (!line.startsWith('+')) known.set(at, text);
      if (line.startsWith(' ')) {
        if (open !== null) edits.push({ name, ...open });
        open = null;
        at += 1;
        continue;
      }
      open ??= { line: at, removed: [], lines: [] };
      if (line.startsWith('+')) {
        open.lines.push(text);
        continue;
      }
      open.removed.push(text);
      at += 1;
    }
    if (open !== null) edits.push({ name, ...open });
  }
  return { kind: 'edit', file, edits, known };
}

/** The lines of a hunk, with the mark for a missing line end as a part of its line. */
function marked(lines: readonly string[]): string[] {
  const result: string[] = [];
  for (const line of lines) {
    if (line.startsWith('\\')) result.push(`${result.pop() ?? ' '}\n${NO_NEWLINE}`);
    else result.push(line);
  }
  return result;
}

function firstConflict(files: ReadonlyMap<string, FileChange>, changes: readonly FileChange[]): LeftOutReason | null {
  for (const change of changes) {
    const before = files.get(change.file);
    const found = before === undefined ? null : conflictOf(before, change);
    if (found !== null) return { kind: 'conflict', file: change.file, ...found };
  }
  return null;
}

function conflictOf(before: FileChange, change: FileChange): { readonly other: string; line: number | null } | null {
  if (before.kind === 'create' || change.kind === 'create') {
    const same = before.kind === 'create' && change.kind === 'create' && equal(before.lines, change.lines);
    const other = before.kind === 'create' ? before.name : (before.edits[0]?.name ?? '');
    return same ? null : { other, line: null };
  }
  for (const edit of change.edits) {
    const other = before.edits.find((each) => !sameEdit(each, edit) && clash(each, edit));
    if (other !== undefined) return { other: other.name, line: edit.line };
  }
  // Made from another state of the file.
  for (const [line, text] of change.known) {
    const seen = before.known.get(line);
    if (seen !== undefined && seen !== text) return { other: before.edits[0]?.name ?? '', line };
  }
  return null;
}

/** Two insertions at one place fit together unless they say something of the same key or instruction. */
function clash(a: LineEdit, b: LineEdit): boolean {
  const [endOfA, endOfB] = [a.line + a.removed.length, b.line + b.removed.length];
  if (a.removed.length === 0 && b.removed.length === 0) {
    const words = new Set(a.lines.map(firstWord));
    return a.line === b.line && b.lines.some((line) => words.has(firstWord(line)));
  }
  if (a.removed.length === 0) return a.line > b.line && a.line < endOfB;
  if (b.removed.length === 0) return b.line > a.line && b.line < endOfA;
  return a.line < endOfB && b.line < endOfA;
}

function firstWord(line: string): string {
  return /^\s*(?:- )?([\w.-]+)/.exec(line)?.[1] ?? line.trim();
}

function sameEdit(a: LineEdit, b: LineEdit): boolean {
  return a.line === b.line && equal(a.removed, b.removed) && equal(a.lines, b.lines);
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}

function merged(before: FileChange | undefined, change: FileChange): FileChange {
  if (before === undefined || before.kind === 'create' || change.kind === 'create') return before ?? change;
  const more = change.edits.filter((edit) => !before.edits.some((each) => sameEdit(each, edit)));
  const edits = [...before.edits, ...more];
  // Insertions come before what is replaced at the same line; equal places keep their order.
  const ordered = edits.toSorted(
    (a, b) => a.line - b.line || Number(a.removed.length > 0) - Number(b.removed.length > 0),
  );
  return { ...before, edits: ordered, known: new Map([...before.known, ...change.known]) };
}

const CONTEXT = 3;

function writtenChange(change: FileChange): string {
  const { file } = change;
  if (change.kind === 'create') {
    const lines = change.lines.map((line) => `+${line}`);
    return `diff --git a/${file} b/${file}\nnew file mode 100644\n--- /dev/null\n+++ b/${file}\n@@ -0,0 +1,${lines.length} @@\n${lines.join('\n')}\n`;
  }
  return `diff --git a/${file} b/${file}\n--- a/${file}\n+++ b/${file}\n${hunksOf(change).join('')}`;
}

/** Edits whose known surroundings touch share a hunk. */
function hunksOf({ edits, known }: Extract<FileChange, { kind: 'edit' }>): string[] {
  const hunks: string[] = [];
  let shift = 0;
  for (let index = 0; index < edits.length; ) {
    const first = edits[index]!;
    let from = first.line;
    while (from > first.line - CONTEXT && known.has(from - 1)) from -= 1;
    const lines: string[] = [];
    let at = from;
    let added = 0;
    for (;;) {
      const edit = edits[index]!;
      for (; at < edit.line; at += 1) lines.push(` ${known.get(at)!}`);
      lines.push(...edit.removed.map((line) => `-${line}`), ...edit.lines.map((line) => `+${line}`));
      at += edit.removed.length;
      added += edit.lines.length - edit.removed.length;
      index += 1;
      const next = edits[index];
      if (next === undefined || !isKnown(known, at, next.line) || next.line - at > 2 * CONTEXT) break;
    }
    const next = edits[index]?.line ?? Number.POSITIVE_INFINITY;
    for (let left = CONTEXT; left > 0 && at < next && known.has(at); left -= 1, at += 1)
      lines.push(` ${known.get(at)!}`);
    const before = at - from;
    hunks.push(`@@ -${range(from, before)} +${range(from + shift, before + added)} @@\n${lines.join('\n')}\n`);
    shift += added;
  }
  return hunks;
}

function isKnown(known: ReadonlyMap<number, string>, from: number, to: number): boolean {
  for (let line = from; line < to; line += 1) if (!known.has(line)) return false;
  return true;
}

/** As git writes it: an empty range is named by the line before it. */
function range(start: number, count: number): string {
  return `${count === 0 ? start - 1 : start},${count}`;
}
