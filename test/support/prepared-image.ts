/** A Python image with packages in it already, so that a fixture that installs them builds in a second. */
import { execa } from 'execa';
import { setUpHints } from '../../src/set-up-hints.ts';
import type { localEngine } from './local-engine.ts';

const PYTHON = setUpHints(process.env).standIns['python'] ?? 'python:3.11-slim';

/** Gone with the rest of the engine's objects of `local`. */
export async function buildPrepared(
  { endpoint, labels }: Awaited<ReturnType<typeof localEngine>>,
  tag: string,
  packages: readonly string[],
): Promise<void> {
  const labelFlags = Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
  await execa(endpoint.cli, ['build', '--tag', tag, ...labelFlags, '-'], {
    env: endpoint.env,
    extendEnv: false,
    input: `FROM ${PYTHON}\nRUN pip install --quiet --root-user-action=ignore ${packages.join(' ')}\n`,
  });
}
