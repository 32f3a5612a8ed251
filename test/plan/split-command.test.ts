import * as fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { splitCommand } from '../../src/plan/split-command.ts';
import { BROKEN, COMMANDS, CUT } from './commands.ts';

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
      expect(splitCommand(words.map((text) => `'${text}'`).join(' '))).toEqual({ kind: 'words', words });
    }),
  );
});
