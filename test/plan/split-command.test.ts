import * as fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { parsePlanInput } from '../../src/plan/parse.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';
import { splitCommand } from '../../src/plan/split-command.ts';
import { BROKEN, COMMANDS, CUT, FOR_SHELLS } from './commands.ts';

test.each(COMMANDS)('%j is split as compose splits it', (command, words) => {
  expect(splitCommand(command)).toEqual({ kind: 'words', words });
});

test.each(BROKEN)('%j is refused, as by compose', (command) => {
  expect(splitCommand(command).kind).toBe('wrong');
});

test.each(CUT)('%j is refused, where compose would run its beginning alone', (command) => {
  expect(splitCommand(command)).toMatchObject({
    kind: 'wrong',
    what: expect.stringMatching(/^has an unquoted "[&;|<>]"/),
  });
});

// Compose would replace the first by a variable of its own environment.
test.each([
  ["a '$B' '${C}'", ['a', '$B', '${C}']],
  ['a "b$" c$ "$|"', ['a', 'b$', 'c$', '$|']],
])('a "$" that means nothing to a shell stays: %j', (command, words) => {
  expect(splitCommand(command)).toEqual({ kind: 'words', words });
});

test.each(FOR_SHELLS)('%j is refused: it %s', (command, what) => {
  expect(splitCommand(command)).toMatchObject({ kind: 'wrong', what });
});

test('the remedy is a command that can be put into the plan, and is then taken', () => {
  const remedyOf = (command: string) => {
    const split = splitCommand(command);
    return split.kind === 'wrong' ? (/`(.*)`/.exec(split.next)?.[1] ?? '') : '';
  };
  expect(remedyOf("A=b C='d e' pytest -x")).toBe("env A=b 'C=d e' pytest -x");
  for (const [command] of FOR_SHELLS.filter(([command]) => !command.includes('\\'))) {
    const yaml = `scenarios: [{ name: a, command: ${remedyOf(command)} }]`;
    expect(resolvePlan(parsePlanInput(yaml, { file: 'paceline.yml' }), { folderName: 'shop' }).scenarios).toHaveLength(
      1,
    );
  }
});

test.each([[['A=b', 'pytest']], [['exec', 'pytest']]])('the list %j is refused as well', (command) => {
  const read = () =>
    resolvePlan(parsePlanInput(JSON.stringify({ scenarios: [{ name: 'a', command }] }), { file: 'p' }), {
      folderName: 's',
    });
  expect(read).toThrow(/begins with/);
});

test.each([
  ['a "b', 'has a " that is never closed'],
  ["a 'b", "has a ' that is never closed"],
  ['a \\', 'ends in a backslash with nothing after it'],
  ['', 'is empty'],
  ['  \n ', 'is empty'],
  ['"" a', 'is empty'],
])('%j %s', (command, what) => {
  expect(splitCommand(command)).toMatchObject({ kind: 'wrong', what });
});

it('words in single quotes come back as they were', () => {
  const word = fc.string({ minLength: 1 }).filter((text) => !text.includes("'"));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), (words) => {
      const all = ['program', ...words];
      expect(splitCommand(all.map((text) => `'${text}'`).join(' '))).toEqual({ kind: 'words', words: all });
    }),
  );
});
