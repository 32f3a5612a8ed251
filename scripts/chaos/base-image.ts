/** The base image of the project: Python with pytest, made once per session, so that no build needs a network. */
import { execa } from 'execa';
import type { Endpoint } from '../../src/docker/command/endpoint.ts';
import { setUpHints } from '../../src/set-up-hints.ts';

/** @returns its name; `remove` removes the name */
export async function makeBaseImage({ cli, env }: Endpoint) {
  const name = `paceline-chaos-base:${process.pid}`;
  const from = setUpHints(process.env).standIns['python'] ?? 'python:3.11-slim';
  const dockerfile = `FROM ${from}\nRUN pip install --root-user-action=ignore --no-cache-dir pytest==8.4.2\n`;
  await execa(cli, ['build', '-q', '-t', name, '-'], { env, input: dockerfile });
  return { name, remove: async () => void (await execa(cli, ['rmi', name], { env, reject: false })) };
}
