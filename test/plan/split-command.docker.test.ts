import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it, test } from 'vitest';
import { localEndpoint } from '../support/local-engine.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { BROKEN, COMMANDS, CUT } from './commands.ts';

it('compose splits every command of the table as the table says', async () => {
  const split = await composeCommands(COMMANDS.map(([command]) => command));
  expect(split).toEqual(COMMANDS.map(([, words]) => words));
});

it('compose cuts a command at an unquoted operator, without a word', async () => {
  expect(await composeCommands(CUT)).toEqual(CUT.map(() => ['a']));
});

test.each(BROKEN)('compose refuses %j', async (command) => {
  await expect(composeCommands([command])).rejects.toThrow('invalid command line string');
});

async function composeCommands(commands: readonly string[]): Promise<unknown[]> {
  const name = (index: number) => `s${index}`;
  const services = Object.fromEntries(commands.map((command, index) => [name(index), { image: 'none', command }]));
  const file = join(temporaryFolder(), 'compose.json');
  await writeFile(file, JSON.stringify({ name: 'split', services }));
  const { cli, env } = await localEndpoint();
  const { stdout } = await execa(cli, ['compose', '-f', file, 'config', '--format', 'json'], { env, extendEnv: false });
  const read = JSON.parse(stdout) as { services: Record<string, { command: unknown }> };
  return commands.map((_, index) => read.services[name(index)]?.command);
}
