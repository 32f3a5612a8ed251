/**
 * Reasons that pytest and its plugins give in their output, put into half a sentence. The first that fits is the one to
 * tell: those that cause others come first.
 */
import { stripVTControlCharacters } from 'node:util';
import { wrongFormat } from '../../docker/project/platforms.ts';

const HINTS: readonly (readonly [RegExp, (match: RegExpExecArray) => string])[] = [
  [/^.*unrecognized arguments: (.*)$/m, ([, args = '']) => `unrecognized arguments: ${args.trim()}${pluginFor(args)}`],
  [
    /'([^'\n]+)' not found in `markers` configuration option/,
    ([, marker]) => `the marker \`${marker}\` is not registered, and \`--strict-markers\` makes that an error`,
  ],
  [
    /Unknown marker\(s\) in '-m' expression: ([\w, ]+)\./,
    ([, markers]) => `\`-m\` names markers that are not registered: ${markers}`,
  ],
  [
    /Different tests were collected between (\S+) and (\S+?)\.?(?:\s|$)/,
    ([, a, b]) =>
      `different tests were collected between the workers ${a} and ${b}, so this suite cannot run in parallel`,
  ],
  [
    /Required test coverage of ([\d.]+)% not reached\. Total coverage: ([\d.]+)%/,
    ([, wanted, got]) => `the coverage is ${got} %, below the required ${wanted} %`,
  ],
  [/No module named '?([\w.]+)'?/, ([, module]) => `the Python module \`${module}\` is missing in the image`],
  [
    /^(?:E\s+)?PermissionError: (.*)$/m,
    ([, what = '']) => `permission denied ${what.replace(/^\[Errno 13\] Permission denied: ?/, 'for ')}`,
  ],
  // SQLite's only message for a folder in which the user of the tests may not write.
  [
    /Couldn't use data file '([^']+)': unable to open database file/,
    ([, file = '']) => `coverage cannot write ${file}: the user who runs the tests may not write there`,
  ],
  [
    /worker '(\w+)' crashed while running '([^'\n]+)'/,
    ([, worker = '', test = '']) => `\`${test}\` crashed its worker ${worker}`,
  ],
  // A worker of xdist tells this of a conftest that its controller could import.
  [/ConftestImportFailure: (.*)$/m, ([, error = '']) => trimmed(error)],
  [/ImportError while loading conftest '([^']+)'/, ([, file]) => `${file} could not be imported`],
  [/(\d+) errors? during collection/, ([, n]) => `${n} ${n === '1' ? 'file' : 'files'} could not be collected`],
  [/^ERROR: file or directory not found: (.*)$/m, ([, path]) => `there is no ${path}`],
  [/^INTERNALERROR> (\w[\w.]*(?:Error|Exception|Exit|Failure): .*)$/m, ([, error = '']) => trimmed(error)],
  [/^\S.*: error: (.*)$/m, ([, error = '']) => trimmed(error)],
  [/^(?:ERROR|Error|error): (?!usage:)(.*)$/m, ([, error = '']) => trimmed(error)],
];

/** The options of the plugins that a benchmark's scenarios ask for most. */
const PLUGIN_OPTIONS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\s)(?:-n\d*|--numprocesses|--dist)(?:[\s=]|$)/, 'pytest-xdist'],
  [/(?:^|\s)--cov/, 'pytest-cov'],
  [/(?:^|\s)--timeout/, 'pytest-timeout'],
];

/** @param output the end of the tests' output @returns half a sentence without a full stop; null if nothing is known */
export function hintIn(output: string): string | null {
  // Escape sequences of colours would stand between the words.
  const plain = stripVTControlCharacters(output);
  const format = wrongFormat(plain);
  if (format !== null) return format;
  for (const [pattern, words] of HINTS) {
    const match = pattern.exec(plain);
    if (match !== null) return words(match).replace(/\.$/, '');
  }
  return null;
}

/** Of a test that pytest-timeout failed by a signal; null if the output names none. */
export function timeoutHintIn(output: string): string | null {
  const summary = /^FAILED (\S.*?) - Failed: Timeout \(?>([\d.]+)s/m.exec(stripVTControlCharacters(output));
  if (summary === null) return null;
  return `\`${summary[1]}\` did not end within its timeout of ${Number(summary[2])} s (pytest-timeout, signal method)`;
}

function pluginFor(args: string): string {
  const missing = PLUGIN_OPTIONS.filter(([option]) => option.test(args)).map(([, plugin]) => plugin);
  const verb = missing.length === 1 ? 'is' : 'are';
  return missing.length === 0 ? '' : ` (${missing.join(' and ')} ${verb} not installed in the image)`;
}

function trimmed(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text.trim();
}
