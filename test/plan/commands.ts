/** Commands as people write them, and what `docker compose config` makes of them: checked in split-command.docker.test.ts. */
export const COMMANDS: readonly (readonly [command: string, words: readonly string[]])[] = [
  ["python -m pytest -v -n 2 -m 'not slow'", ['python', '-m', 'pytest', '-v', '-n', '2', '-m', 'not slow']],
  ['python -m pytest -v -n 2 --cov=.', ['python', '-m', 'pytest', '-v', '-n', '2', '--cov=.']],
  ['pytest -k "a and not b"', ['pytest', '-k', 'a and not b']],
  ['  pytest\t-v\n  -x ', ['pytest', '-v', '-x']],
  [String.raw`a d\ e`, ['a', 'd e']],
  [String.raw`a "x\ty" 'x\ty' x\ty`, ['a', 'xty', String.raw`x\ty`, 'xty']],
  [String.raw`a "q\"r" "s\\t" "u\'v"`, ['a', 'q"r', String.raw`s\t`, "u'v"]],
  [String.raw`a "" \'\'`, ['a', '', "''"]],
  ["a '' b", ['a', '', 'b']],
  [`a "it's" 'say "hi"'`, ['a', "it's", 'say "hi"']],
  ['a b=c"d e"f', ['a', 'b=cd ef']],
  ['a#b # c', ['a#b', '#', 'c']],
  ['a * ? [x] {y} a~b', ['a', '*', '?', '[x]', '{y}', 'a~b']],
  [`a '~/c' '\`d\`' 'e/*.py' "~/f" \\~/g`, ['a', '~/c', '`d`', 'e/*.py', '~/f', '~/g']],
  [
    'pytest tests/test_a.py::test[x*y] -k "a" --ignore-glob=*/slow/*.py',
    ['pytest', 'tests/test_a.py::test[x*y]', '-k', 'a', '--ignore-glob=*/slow/*.py'],
  ],
  [
    'pytest -W ignore:a/*.py -o python_files=*_test.py',
    ['pytest', '-W', 'ignore:a/*.py', '-o', 'python_files=*_test.py'],
  ],
  ['pytest A=b\n  -x', ['pytest', 'A=b', '-x']],
  ['env A=b pytest', ['env', 'A=b', 'pytest']],
  ['uv run \n--with x pytest', ['uv', 'run', '--with', 'x', 'pytest']],
  ['a "b;c" \'d|e\' "(f)"', ['a', 'b;c', 'd|e', '(f)']],
  [String.raw`a\;b`, ['a;b']],
  ['a\u00a0b c', ['a\u00a0b', 'c']],
  ['sh -c "pytest && echo done"', ['sh', '-c', 'pytest && echo done']],
  ['pytest tests/ünï.py 🙂', ['pytest', 'tests/ünï.py', '🙂']],
];

/** Refused by compose as well. */
export const BROKEN: readonly string[] = ['a "un', "a 'un", 'a \\', 'a (b) c', 'a b(c)'];

/** What only a shell would understand, with what is said of it. Compose takes or drops it without a word. */
export const FOR_SHELLS: readonly (readonly [command: string, what: string])[] = [
  ['A=b pytest -x', 'begins with "A=b", which only a shell reads as a variable'],
  [`A='b c' pytest`, 'begins with "A=b c", which only a shell reads as a variable'],
  ['exec pytest', 'begins with "exec", which is built into shells'],
  ['cd tests', 'begins with "cd", which is built into shells'],
  ['pytest $A', 'has a "$" that only a shell replaces'],
  ['pytest "a ${A}"', 'has a "$" that only a shell replaces'],
  ['pytest $$A', 'has a "$" that only a shell replaces'],
  ['pytest -n "$(nproc)"', 'has a "$" that only a shell replaces'],
  ['pytest -n `nproc`', 'has a "`", which only a shell understands'],
  ['pytest ~/tests', 'has "~/tests", which only a shell replaces'],
  ['pytest tests/test_*.py', 'has the pattern "tests/test_*.py", which only a shell replaces by files'],
  ['pytest -v test_?.py', 'has the pattern "test_?.py", which only a shell replaces by files'],
  ['pip install x\npytest -v\n', 'has a second command in the line that begins with "pytest"'],
  ['pytest \\\n  -v', 'has a backslash at the end of a line'],
];

/** Compose runs `a` alone and says nothing. */
export const CUT: readonly string[] = ['a && b', 'a; b', 'a | b', 'a > b', 'a < b', 'a & b'];
