/** Which of a project's files configures pytest, and what it says: pytest's own rules (reference/customize of its documentation). */
import { parse } from 'smol-toml';
import { beginningOf } from '../../model/bounds.ts';
import type { PytestFileFacts, PytestOption, UnreadReason } from '../../model/project-files.ts';
import { firstOf, LONGEST_VALUE } from './bounds.ts';
import { safeText } from './credentials.ts';
import { readIni } from './ini.ts';

/** In the order in which pytest looks for them; the `.toml` ones since pytest 9. */
export const PYTEST_FILES = [
  'pytest.toml',
  '.pytest.toml',
  'pytest.ini',
  '.pytest.ini',
  'pyproject.toml',
  'tox.ini',
  'setup.cfg',
] as const;

export type PytestFile = (typeof PYTEST_FILES)[number];

export type ReadOptions =
  | ({ readonly kind: 'options' } & Pick<PytestFileFacts, 'options' | 'leftOut'>)
  /** It configures something else, and pytest looks further. */
  | { readonly kind: 'notPytest' }
  | { readonly kind: 'unread'; readonly reason: UnreadReason };

export function readPytestOptions(file: PytestFile, text: string): ReadOptions {
  const options = file.endsWith('.toml') ? fromToml(file, text) : fromIni(file, text);
  if (!Array.isArray(options)) return options as ReadOptions;
  const { kept, leftOut } = firstOf(options as readonly PytestOption[]);
  return { kind: 'options', options: kept, leftOut };
}

function fromIni(file: PytestFile, text: string): readonly PytestOption[] | ReadOptions {
  const read = readIni(text);
  if (read.kind === 'invalid') return { kind: 'unread', reason: { kind: 'invalid', format: 'INI', line: read.line } };
  const section = read.sections.get(file === 'setup.cfg' ? 'tool:pytest' : 'pytest');
  if (section === undefined) return file === 'tox.ini' || file === 'setup.cfg' ? { kind: 'notPytest' } : [];
  return section.map(({ name, line, value }) => ({ name, line, value: shown(name, value) }));
}

function fromToml(file: PytestFile, text: string): readonly PytestOption[] | ReadOptions {
  let parsed: unknown;
  try {
    parsed = parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const { line } = error as { line?: unknown };
    const reason = { kind: 'invalid', format: 'TOML', line: typeof line === 'number' ? line : null } as const;
    return { kind: 'unread', reason };
  }
  const own = file === 'pyproject.toml' ? at(at(parsed, 'tool'), 'pytest') : at(parsed, 'pytest');
  const table = file === 'pyproject.toml' ? (at(own, 'ini_options') ?? own) : own;
  if (!isTable(table)) return file === 'pyproject.toml' ? { kind: 'notPytest' } : [];
  const lineOf = tomlLines(text);
  return Object.entries(table).map(([name, value]) => ({
    name: beginningOf(name, LONGEST_VALUE),
    line: lineOf(name),
    value: shown(name, textOf(value)),
  }));
}

function at(value: unknown, key: string): unknown {
  return isTable(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function textOf(value: unknown): string | null {
  if (Array.isArray(value)) return value.map((item) => textOf(item) ?? '').join('\n');
  return isTable(value) ? null : String(value);
}

/** The line of a key in pytest's table; else the table's own line, for all may be written in one. */
function tomlLines(text: string): (name: string) => number {
  const lines = withoutLongStrings(text).split(/\r?\n/);
  const header = Math.max(
    0,
    lines.findIndex((line) => PYTEST_TABLE.test(line)),
  );
  const found = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    const name = /^\s*(?:[\w"'-]+\s*\.\s*){0,3}["']?([\w-]+)["']?\s*=/.exec(line)?.[1];
    if (index >= header && name !== undefined && !found.has(name)) found.set(name, index + 1);
  }
  return (name) => found.get(name) ?? header + 1;
}

const PYTEST_TABLE = /^\s*(?:\[\s*)?(?:tool\s*\.\s*)?pytest\b/;

/** Lines within a string of several lines may look like keys. */
function withoutLongStrings(text: string): string {
  return text.replaceAll(/#[^\n]*|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/g, (token) =>
    /^("""|''')/.test(token) ? token.replaceAll(/[^\n]/g, '') : token,
  );
}

/** pytest's own options and those of common plugins, none of which holds a secret by itself. `env` of pytest-env does. */
export const HARMLESS =
  /^(?:addopts|testpaths|python_(?:files|classes|functions)|markers|minversion|norecursedirs|collect_imported_tests|consider_namespace_packages|pythonpath|required_plugins|usefixtures|filterwarnings|xfail_strict|strict(?:_\w+)?|cache_dir|console_output_style|confcutdir|empty_parameter_set_mark|enable_assertion_pass_hook|faulthandler_\w+|junit_\w+|log_\w+|tmp_path_\w+|truncation_\w+|verbosity_\w+|doctest_\w+|disable_test_id_escaping_\w+|asyncio_\w+|anyio_mode|timeout\w*|session_timeout|looponfailroots|rsyncdirs|rsyncignore|DJANGO_(?:SETTINGS_MODULE|CONFIGURATION|FIND_PROJECT)|django_find_project|FAIL_INVALID_TEMPLATE_VARS|flake8\w*|mypy\w*|xvfb_\w+|bdd_features_base_dir|render_collapsed|reruns\w*|randomly_\w+|env_files|mock_\w+|qt_\w+)$/;

function shown(name: string, value: string | null): string | null {
  if (value === null || !HARMLESS.test(name)) return null;
  return safeText(value);
}
