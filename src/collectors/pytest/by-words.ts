/** Whether a container's command runs pytest, as far as its words alone tell: only what they leave no doubt of counts. */

const SHELL = /^(?:.*\/)?(?:sh|bash|dash|ash|zsh)$/;
const PYTHON = /^(?:.*\/)?python(?:\d+(?:\.\d+)?)?$/;
const PYTEST = /^(?:.*\/)?(?:pytest|py\.test)$/;
const REPORT = /^--junit-?xml=\S*paceline/;
/** Where one of these stands, pytest may not see the request for a report, may write another, or may make none at all. */
const DOUBT =
  /PYTEST_ADDOPTS|--junit|no:junitxml|\bunset\b|\benv\s+(?:-|\S+\s+-)|\bsudo\b|\bsu\b|\brunuser\b|\bchroot\b|(?:^|\s)(?:-h|--help|-V|--version|--markers)(?:\s|$)/;
/** What a script may do before its pytest that cannot keep it from running. */
const HARMLESS = /^(?:cd|export|set|echo|mkdir|umask|ulimit|:)$/;

/**
 * @param container the command that the engine ran, with the words of an ENTRYPOINT, and its environment
 * @returns true where pytest ran and was asked for a JUnit report: it leaves one unless it is ended before its own end
 */
export function leavesReport({
  argv,
  env,
}: {
  readonly argv: readonly string[];
  readonly env: readonly string[];
}): boolean {
  const addopts = env.find((entry) => entry.startsWith('PYTEST_ADDOPTS='))?.slice('PYTEST_ADDOPTS='.length) ?? '';
  if (!addopts.split(/\s+/).some((word) => REPORT.test(word)) || DOUBT.test(argv.join(' '))) return false;
  const [program = '', ...rest] = argv;
  if (!SHELL.test(program)) return runsPytest(argv);
  const at = rest.findIndex((word) => /^-[a-z]*c$/.test(word));
  return at >= 0 && scriptRunsPytest(rest[at + 1] ?? '');
}

function scriptRunsPytest(script: string): boolean {
  for (const command of script.split(/&&|\|\|?|[;&\n]/)) {
    const words = command.trim().split(/\s+/);
    if (runsPytest(words)) return true;
    if (!HARMLESS.test(words[0] ?? '') && words[0] !== '') return false;
  }
  return false;
}

/** Of one command without a shell's words between. */
function runsPytest(words: readonly string[]): boolean {
  const [program = '', ...rest] = words;
  if (PYTEST.test(program)) return true;
  if (PYTHON.test(program)) return moduleOf(rest) === 'pytest';
  if (/^\w+=/.test(program) || /^(?:exec|time|nohup|nice|command|env)$/.test(program)) return runsPytest(rest);
  if (program === 'timeout') return runsPytest(rest.slice(rest.findIndex((word) => /^[\d.]+[smhd]?$/.test(word)) + 1));
  if (/^(?:uv|poetry|pipenv|pdm)$/.test(program) && rest[0] === 'run') return runsPytest(rest.slice(1));
  return false;
}

/** Python's own options stand before `-m`; two of them have a value. */
function moduleOf([first, second, ...rest]: readonly string[]): string | null {
  if (first === '-m') return second ?? null;
  if (first === '-X' || first === '-W') return moduleOf(rest);
  if (first?.startsWith('-') !== true || first === '-c') return null;
  return moduleOf(second === undefined ? rest : [second, ...rest]);
}
