/** The instructions of a Dockerfile with their lines, read by BuildKit's rules (frontend/dockerfile/parser of moby/buildkit). */

export interface Instruction {
  /** From 1. */
  readonly line: number;
  /** Its last line, here-documents included. */
  readonly endLine: number;
  /** In capitals. */
  readonly keyword: string;
  readonly flags: readonly string[];
  /** The rest on one line: continuations are joined, and comments between them are left out. */
  readonly rest: string;
  /** The lines of its here-documents, without those that end them. */
  readonly hereDocuments: readonly string[];
}

/** Never throws: a line that is not an instruction is left out, and BuildKit says what is wrong with it. */
export function readInstructions(dockerfile: string): readonly Instruction[] {
  const escape = directives(dockerfile).get('escape') === '`' ? '`' : '\\';
  const lines = linesOf(dockerfile);
  const instructions: Instruction[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const first = index;
    const parts: string[] = [];
    for (; index < lines.length; index += 1) {
      const line = lines[index] ?? '';
      // Comments and empty lines between continued ones are left out, as BuildKit does.
      if (parts.length > 0 && (/^\s*#/.test(line) || line.trim() === '')) continue;
      const continued = !/^\s*#/.test(line) && line.trimEnd().endsWith(escape);
      parts.push(continued ? line.trimEnd().slice(0, -1) : line);
      if (!continued) break;
    }
    const parsed = parseInstruction(parts.join(''));
    if (parsed === null) continue;
    const last = Math.min(index, lines.length - 1);
    const end = afterHereDocuments(lines, last, parsed);
    instructions.push({
      ...parsed,
      line: first + 1,
      endLine: end.index + 1,
      hereDocuments: end.bodies,
    });
    index = end.index;
  }
  return instructions;
}

/** Parser directives: `# key=value` comments before anything else. */
export function directives(dockerfile: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of linesOf(dockerfile)) {
    const match = /^\s*#\s*([a-z]+)\s*=\s*(\S.*?)\s*$/i.exec(line);
    if (match === null) break;
    found.set((match[1] ?? '').toLowerCase(), match[2] ?? '');
  }
  return found;
}

function linesOf(text: string): readonly string[] {
  return text.replace(/^\uFEFF/, '').split(/\r?\n/);
}

type Parsed = Pick<Instruction, 'keyword' | 'flags' | 'rest'>;

function parseInstruction(text: string): Parsed | null {
  const match = /^\s*([a-z]+)\s+([\s\S]*)$/i.exec(text);
  if (match === null) return null;
  const words = (match[2] ?? '').trim();
  const flags = /^(?:--\S+\s+)*/.exec(words)?.[0] ?? '';
  return {
    keyword: (match[1] ?? '').toUpperCase(),
    flags: flags.split(/\s+/).filter((flag) => flag !== ''),
    rest: words.slice(flags.length),
  };
}

/** The bodies of `<<NAME` are data. They may contain lines that look like instructions. */
function afterHereDocuments(lines: readonly string[], from: number, { keyword, rest }: Parsed) {
  const bodies: string[] = [];
  let index = from;
  for (const { name, stripsTabs } of hereDocumentsOf(keyword, rest)) {
    const ends = (line: string) => (stripsTabs ? line.replace(/^\t+/, '') : line) === name;
    for (index += 1; index < lines.length && !ends(lines[index] ?? ''); index += 1) bodies.push(lines[index] ?? '');
  }
  return { index: Math.min(index, lines.length - 1), bodies };
}

/** A word that begins with `<<`, so neither `$((1<<n))` nor `<<<text` nor one in quotes. */
function hereDocumentsOf(keyword: string, rest: string) {
  const [, triggered = keyword] = keyword === 'ONBUILD' ? (/^(\S+)/.exec(rest.toUpperCase()) ?? []) : [];
  if (!['RUN', 'COPY', 'ADD'].includes(triggered)) return [];
  return shellWords(rest).flatMap((word) => {
    const match = /^\d*<<(-?)([^<]+)$/.exec(word);
    if (match === null) return [];
    return [{ name: (match[2] ?? '').replaceAll(/["']/g, ''), stripsTabs: match[1] === '-' }];
  });
}

/** Split at blanks, with quotes kept. An arithmetic expansion stays in one word. */
function shellWords(text: string): readonly string[] {
  if (!text.includes('<<')) return [];
  return text.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|\$\(\([^)]*\)\)|\\.|[^\s"'])+/gs) ?? [];
}
