/** The list of commands, which is all that --help reads. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { processIo } from '../../src/cli/io.ts';

const ending = {
  ends: () => {},
  exitImmediately: (): never => {
    throw new Error('not in a test');
  },
};

test.each(COMMANDS)('$name loads the command of that name', async ({ name, load }) => {
  const command = (await load())(processIo({ color: false }), ending);
  expect(command.name()).toBe(name);
  expect(command.description(), 'the list alone has the description').toBe('');
});

test('every file in commands/ belongs to a command of the list', () => {
  const files = readdirSync(new URL('../../src/cli/commands/', import.meta.url));
  const loaded = COMMANDS.map(({ load }) => /commands\/([\w-]+\.ts)/.exec(load.toString())?.[1]);
  expect(new Set(loaded)).toEqual(new Set(files));
});

test.each(COMMANDS)('the description of $name is one sentence', ({ description }) => {
  expect(description).toMatch(/^[A-Z].*[.?]$/);
});
