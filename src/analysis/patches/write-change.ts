/** The change of a file as a patch. Pure: the lines around an edit are those that its patch had. */
import type { FileChange } from './read-changes.ts';

const CONTEXT = 3;

/** The change of one file in git's format. */
export function writtenChange(change: FileChange): string {
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
