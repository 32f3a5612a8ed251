/** Patches in git's format from edits of the project's files, as far as a run has read their lines. Pure. */
import { formatPatch, type StructuredPatch, structuredPatch } from 'diff';
import type { FileText, ProjectFiles } from '../../model/project-files.ts';

/** Lines count from 1. `insert` puts its lines before the line; one more than the file has means its end. */
export type Edit =
  | {
      readonly kind: 'replace';
      readonly file: string;
      readonly line: number;
      readonly endLine: number;
      readonly lines: readonly string[];
    }
  | { readonly kind: 'insert'; readonly file: string; readonly line: number; readonly lines: readonly string[] }
  /** A file that does not exist yet. */
  | { readonly kind: 'create'; readonly file: string; readonly lines: readonly string[] };

/** git needs some lines around a change to find its place again. */
const CONTEXT = 3;

/**
 * One patch for all edits, with paths from the project's folder; `git apply` takes it there.
 * @returns null where a file was not read, a line to change may hold a secret, edits overlap, or nothing changes
 */
export function makePatch(
  files: Pick<ProjectFiles, 'texts'> | null | undefined,
  edits: readonly Edit[],
): string | null {
  const parts: string[] = [];
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const text = files?.texts?.find((each) => each.file === file) ?? null;
    const part = patchOf(
      file,
      text,
      edits.filter((edit) => edit.file === file),
    );
    if (part === null) return null;
    parts.push(part);
  }
  return parts.length === 0 ? null : parts.join('');
}

function patchOf(file: string, text: FileText | null, edits: readonly Edit[]): string | null {
  const [first] = edits;
  if (first?.kind === 'create') return text === null && edits.length === 1 ? created(file, first.lines) : null;
  if (text === null) return null;
  const after = edited(text, edits);
  if (after === null) return null;
  const before = text.lines.map(shown);
  const end = text.endsWithNewline ? '\n' : '';
  const whole = (lines: readonly string[]) => (lines.length === 0 ? '' : `${lines.join('\n')}${end}`);
  const patch = structuredPatch(`a/${file}`, `b/${file}`, whole(before), whole(after), '', '', { context: CONTEXT });
  const hunks = patch.hunks.map(withoutSecretContext);
  if (hunks.length === 0 || hunks.includes(null)) return null;
  return written(file, { ...patch, hunks: hunks.filter((hunk) => hunk !== null) }, text.crlf);
}

/** @returns the file's lines after the edits, unknown ones as placeholders */
function edited({ lines }: FileText, edits: readonly Edit[]): string[] | null {
  const after = lines.map(shown);
  let before = Number.POSITIVE_INFINITY;
  for (const edit of edits.toSorted((a, b) => lineOf(b) - lineOf(a))) {
    const line = lineOf(edit);
    const endLine = edit.kind === 'replace' ? edit.endLine : line - 1;
    if (line < 1 || endLine > lines.length || line > lines.length + 1 || endLine >= before) return null;
    if (lines.slice(line - 1, endLine).includes(null)) return null;
    after.splice(line - 1, endLine - line + 1, ...edit.lines);
    before = line;
  }
  return after;
}

function lineOf(edit: Edit): number {
  return edit.kind === 'create' ? 1 : edit.line;
}

/** A control character that no text file has marks a line that is not known. */
const UNKNOWN = '\u0001';

function shown(line: string | null, index: number): string {
  return line ?? `${UNKNOWN}${index}`;
}

type Hunk = StructuredPatch['hunks'][number];

/** Leaves out context up to an unknown line. null: one is between two changes, or no context is left at all. */
function withoutSecretContext(hunk: Hunk): Hunk | null {
  const { lines } = hunk;
  const isUnknown = (line: string) => line.startsWith(UNKNOWN, 1);
  if (!lines.some(isUnknown)) return hunk;
  const isChange = (line: string) => line.startsWith('+') || line.startsWith('-');
  const [first, last] = [lines.findIndex(isChange), lines.findLastIndex(isChange)];
  if (lines.slice(first, last + 1).some(isUnknown)) return null;
  const from = lines.slice(0, first).findLastIndex(isUnknown) + 1;
  const later = lines.slice(last + 1).findIndex(isUnknown);
  const to = later === -1 ? lines.length : last + 1 + later;
  const kept = lines.slice(from, to);
  if (!kept.some((line) => line.startsWith(' '))) return null;
  // git takes a hunk without a line after its change for one at the end of the file.
  if (later === 0) return null;
  return {
    ...hunk,
    oldStart: hunk.oldStart + from,
    newStart: hunk.newStart + from,
    oldLines: kept.filter((line) => !line.startsWith('+') && !line.startsWith('\\')).length,
    newLines: kept.filter((line) => !line.startsWith('-') && !line.startsWith('\\')).length,
    lines: kept,
  };
}

function created(file: string, lines: readonly string[]): string | null {
  if (lines.length === 0) return null;
  const patch = structuredPatch('/dev/null', `b/${file}`, '', `${lines.join('\n')}\n`, '', '', { context: CONTEXT });
  return `diff --git a/${file} b/${file}\nnew file mode 100644\n${bare(formatPatch(patch))}`;
}

function written(file: string, patch: StructuredPatch, crlf: boolean): string {
  const text = `diff --git a/${file} b/${file}\n${bare(formatPatch(patch))}`;
  return crlf ? text.replaceAll(/^([ +-](?!--|\+\+).*)$/gm, '$1\r') : text;
}

/** Without the header that git does not write, and without a tab after a file's name. */
function bare(patch: string): string {
  return patch
    .split('\n')
    .filter((line) => !/^(?:Index: |={10,}$)/.test(line))
    .map((line) => (/^(?:---|\+\+\+) /.test(line) ? line.replace(/\t$/, '') : line))
    .join('\n');
}
