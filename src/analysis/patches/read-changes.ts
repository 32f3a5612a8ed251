/** What a patch changes, file by file and edit by edit. Pure. */
import { parsePatch, type StructuredPatch } from 'diff';
import type { LeftOutReason } from '../../model/advice.ts';

/** Lines `line` to `line + removed - 1` of the file as it was become `lines`; nothing removed: they come before `line`. */
export interface LineEdit {
  readonly name: string;
  readonly line: number;
  readonly removed: readonly string[];
  readonly lines: readonly string[];
}

export type FileChange =
  | { readonly kind: 'create'; readonly file: string; readonly name: string; readonly lines: readonly string[] }
  | {
      readonly kind: 'edit';
      readonly file: string;
      readonly edits: readonly LineEdit[];
      /** By line number: what the file is known to hold. */
      readonly known: ReadonlyMap<number, string>;
    };

export type ReadChanges =
  | { readonly kind: 'changes'; readonly files: readonly FileChange[] }
  | Extract<LeftOutReason, { kind: 'unsupported' }>;

/** Without a line end, a last line carries git's mark for it, as if it were a part of the text. */
const NO_NEWLINE = '\\ No newline at end of file';

/** @param name of the patch, which each of its changes keeps */
export function readChanges(patch: string, name: string): ReadChanges {
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
