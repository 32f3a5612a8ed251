/** The lines of a Dockerfile that hold no secret. */
import { directives, type Instruction, readInstructions } from '../build/instructions.ts';
import { MASK, maskText } from './credentials.ts';
import { maskFlag } from './dockerfile-facts.ts';
import { isSafeComment, type SafeLines, safeTogether } from './safe-lines.ts';

/** Values of variables are not kept, except those that are known to be settings of tools. */
export function safeDockerfileLines(text: string): SafeLines {
  const lines = text.split(/\r?\n/);
  const escape = directives(text).get('escape') === '`' ? '`' : '\\';
  const isSafe = lines.map(
    (line) => line.trim() === '' || DIRECTIVE.test(line) || (isComment(line) && isSafeComment(line)),
  );
  for (const instruction of readInstructions(text)) {
    const numbers = linesOf(instruction, lines, escape);
    const safe = safeInstruction(
      instruction.keyword,
      numbers.map((number) => withoutEscape(lines[number] ?? '', escape)),
    );
    for (const [index, number] of numbers.entries()) isSafe[number] = safe[index] ?? false;
  }
  return lines.map((line, index) => (isSafe[index] === true ? line : null));
}

const DIRECTIVE = /^\s*#\s*(?:syntax\s*=\s*[\w./:@-]+|escape\s*=\s*[\\`]|check\s*=\s*[\w;=,]+)\s*$/i;

function isComment(line: string): boolean {
  return /^\s*#/.test(line);
}

/** The indexes of its lines without comments and empty lines. What a COPY writes may be a file of settings: its text is left out. */
function linesOf(
  { line, endLine, keyword, hereDocuments }: Instruction,
  lines: readonly string[],
  escape: string,
): readonly number[] {
  const numbers: number[] = [];
  let isHead = true;
  for (let number = line - 1; number < endLine; number += 1) {
    const written = lines[number] ?? '';
    if (isHead && (isComment(written) || written.trim() === '')) continue;
    if (isHead || keyword === 'RUN') numbers.push(number);
    if (isHead && !written.trimEnd().endsWith(escape)) isHead = hereDocuments.length === 0;
  }
  return numbers;
}

function withoutEscape(line: string, escape: string): string {
  const trimmed = line.trimEnd();
  return trimmed.endsWith(escape) ? `${trimmed.slice(0, -1)} ` : line;
}

function safeInstruction(keyword: string, lines: readonly string[]): readonly boolean[] {
  if (keyword === 'ENV' || keyword === 'ARG')
    return lines.map((line) => areHarmless(line.replace(/^\s*(?:ENV|ARG)\s+/i, '')));
  // Those of a label may be anything, and ONBUILD may hold each of these.
  if (keyword === 'LABEL' || keyword === 'ONBUILD') return lines.map(() => false);
  const { flags, rest } = partsOf(lines.join('\n'));
  const isSecret = (flag: string) => flag.startsWith('--') && maskFlag(flag) !== flag;
  if (flags.split(/\s+/).some(isSecret)) return lines.map(() => false);
  // In place of the flags stand as many line ends as they have.
  return safeTogether(`${flags.replaceAll(/[^\n]/g, '')}${rest}`.split('\n'));
}

/** Flags have rules of their own: `target=/x` in one sets no variable. */
function partsOf(instruction: string): { readonly flags: string; readonly rest: string } {
  const [, flags = '', rest = instruction] = /^(\s*[a-z]+\s+(?:--\S+\s+)*)([\s\S]*)$/i.exec(instruction) ?? [];
  return { flags, rest };
}

const HARMLESS_NAME =
  /^(?:(?:PIP|UV|POETRY|PDM|PYTHON|PYTEST|COVERAGE|DEBIAN|APT|LC)\w*|\w+_VERSION|VERSION|PATH|LANG|LANGUAGE|TZ|VIRTUAL_ENV|NODE_ENV|CI|TERM|UID|GID|APP_HOME|HOME)$/;
const SECRET_NAME = /PASS|SECRET|TOKEN|CREDENTIAL|AUTH|KEY|BASIC|USERNAME|_USER$|URL|PROXY|CERT/i;
const PAIR = /^(\w+)=(?:"([\w./:${}+ -]{0,100})"|([\w./:${}+-]{0,100}))\s*/;

/** `PIP_NO_CACHE_DIR=1`, `PYTHONPATH=/app`; also a name alone. */
function areHarmless(line: string): boolean {
  const [, name = '', value = ''] = /^(\w+)\s+([\w./:${}+-]{1,100})\s*$/.exec(line) ?? [];
  if (name !== '') return isHarmless(name, value);
  let rest = line.trim();
  while (rest !== '') {
    const [all, pair = '', quoted, bare] = PAIR.exec(rest) ?? [];
    if (all === undefined) return /^\w+\s*$/.test(rest);
    if (!isHarmless(pair, quoted ?? bare ?? '')) return false;
    rest = rest.slice(all.length);
  }
  return true;
}

function isHarmless(name: string, value: string): boolean {
  if (value === '') return true;
  return HARMLESS_NAME.test(name) && !SECRET_NAME.test(name) && !/:\/\//.test(value) && !maskText(value).includes(MASK);
}
