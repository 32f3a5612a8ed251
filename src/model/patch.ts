/** What a patch in git's format names: files, and hunks of them. */

export interface PatchHunk {
  readonly file: string;
  /** From 1 in its file. */
  readonly number: number;
  /** "@@ -12,7 +12,8 @@" */
  readonly header: string;
  /** The line of the file as it was before. */
  readonly line: number;
}

export interface PatchContents {
  /** In the patch's order. */
  readonly files: readonly string[];
  readonly hunks: readonly PatchHunk[];
}

const OF_FILE = [
  /^diff --git a\/(.+) b\/\1$/,
  /^rename to (.+)$/,
  /^--- (?:a\/)?(?!\/dev\/null)([^\t]+)/,
  /^\+\+\+ (?:b\/)?(?!\/dev\/null)([^\t]+)/,
];

const HUNK = /^(@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@)/;

/** Of a patch that is not valid, what can be read. Lines within a hunk may look like headers and are not. */
export function readPatch(patch: string): PatchContents {
  const files = new Set<string>();
  const hunks: PatchHunk[] = [];
  let file = '';
  const left = { before: 0, after: 0 };
  for (const line of patch.split(/\r?\n/)) {
    if (left.before > 0 || left.after > 0) {
      if (line[0] !== '+' && line[0] !== '\\') left.before -= 1;
      if (line[0] !== '-' && line[0] !== '\\') left.after -= 1;
      continue;
    }
    const [, header, start, before = '1', after = '1'] = HUNK.exec(line) ?? [];
    if (header !== undefined) {
      const number = hunks.filter((hunk) => hunk.file === file).length + 1;
      hunks.push({ file, number, header, line: Number(start) });
      Object.assign(left, { before: Number(before), after: Number(after) });
      continue;
    }
    for (const pattern of OF_FILE) file = pattern.exec(line)?.[1] ?? file;
    if (file !== '') files.add(file);
  }
  return { files: [...files], hunks };
}
