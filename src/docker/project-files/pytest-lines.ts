/** The lines of pytest's configuration that hold no secret: pytest's own options, and what parts the others. */
import { HARMLESS, type PytestFile } from './pytest-options.ts';
import { isSafeComment, type SafeLines, safeTogether } from './safe-lines.ts';

interface Option {
  readonly harmless: boolean;
  /** Indexes of its lines, and what they hold of the value. */
  readonly lines: { readonly index: number; readonly value: string }[];
}

/** Of other tables and sections nothing but their headers. */
export function safePytestLines(file: PytestFile, text: string): SafeLines {
  const form = file.endsWith('.toml') ? TOML : INI;
  const lines = text.split(/\r?\n/);
  const isSafe = lines.map((line) => line.trim() === '');
  for (const { harmless, lines: own } of optionsOf(lines, form, isSafe)) {
    const safe = safeTogether(own.map(({ value }) => value));
    for (const [at, { index }] of own.entries()) isSafe[index] = harmless && safe[at] === true;
  }
  return lines.map((line, index) => (isSafe[index] === true ? line : null));
}

/** Marks headers and comments on the way. */
function optionsOf(lines: readonly string[], form: Form, isSafe: boolean[]): readonly Option[] {
  const options: Option[] = [];
  let isInTable = false;
  let option: Option | null = null;
  for (const [index, line] of lines.entries()) {
    const [, header] = form.header.exec(line) ?? [];
    const [, name, value = ''] = form.option.exec(line) ?? [];
    if (header !== undefined) {
      [isInTable, option] = [form.table.test(header), null];
      isSafe[index] = true;
    } else if (/^\s*[#;]/.test(line)) {
      isSafe[index] = isInTable && isSafeComment(line);
    } else if (isInTable && name !== undefined) {
      option = { harmless: HARMLESS.test(name), lines: [{ index, value }] };
      options.push(option);
    } else if (option !== null && line.trim() !== '') {
      option.lines.push({ index, value: line });
    }
  }
  return options;
}

interface Form {
  readonly header: RegExp;
  /** The name of the table or section that is pytest's. */
  readonly table: RegExp;
  readonly option: RegExp;
}

const TOML: Form = {
  // No value of a list has a form like this one.
  header: /^\s*\[{1,2}\s*([A-Za-z][\w.-]*)\s*\]{1,2}\s*$/,
  table: /^(?:pytest|tool\.pytest(?:\.ini_options)?)$/,
  option: /^\s*["']?([\w-]+)["']?\s*=\s*(.*)$/,
};
const INI: Form = {
  header: /^\[([\w:.-]+)\]\s*$/,
  table: /^(?:pytest|tool:pytest)$/,
  option: /^([\w-]+)\s*[=:]\s*(.*)$/,
};
