/**
 * Several patches of one state of the project as one. They are merged edit by edit, so that two patches that were made of the same
 * lines apart from each other still fit: `git apply` would refuse the second. Pure.
 */
import type { LeftOutReason } from '../../model/advice.ts';
import { type FileChange, type LineEdit, readChanges } from './read-changes.ts';
import { writtenChange } from './write-change.ts';

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
