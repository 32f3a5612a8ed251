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
  ['a=b"c d"e', ['a=bc de']],
  ['a#b # c', ['a#b', '#', 'c']],
  ['a ~ * ? [x] {y}', ['a', '~', '*', '?', '[x]', '{y}']],
  ['a `id` b', ['a', '`id`', 'b']],
  ['a "b;c" \'d|e\' "(f)"', ['a', 'b;c', 'd|e', '(f)']],
  [String.raw`a\;b`, ['a;b']],
  ['a\u00a0b c', ['a\u00a0b', 'c']],
  ['sh -c "pytest && echo done"', ['sh', '-c', 'pytest && echo done']],
  ['pytest tests/ünï.py 🙂', ['pytest', 'tests/ünï.py', '🙂']],
];

/** Refused by compose as well. */
export const BROKEN: readonly string[] = ['a "un', "a 'un", 'a \\', 'a (b) c', 'a b(c)'];

/** Compose runs `a` alone and says nothing. */
export const CUT: readonly string[] = ['a && b', 'a; b', 'a | b', 'a > b', 'a < b', 'a & b'];
