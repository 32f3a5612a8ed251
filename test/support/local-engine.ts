/** The engine of this machine for tests, and containers that are gone when the test file is. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { createEngine } from '../../src/docker/engine/dockerode-engine.ts';
import { resolveEndpoint } from '../../src/docker/command/endpoint.ts';

export const PYTHON_IMAGE = 'paceline/stand-in-python:3.11';

/** A name that no other process uses: tests may run twice on one engine. */
export function nameHere(what: string): string {
  return `${what}-${process.pid}`;
}

export async function localEndpoint() {
  const dockerBinary = await dockerOfSetUp();
  return await resolveEndpoint({ env: process.env, ...(dockerBinary === undefined ? {} : { dockerBinary }) });
}

async function dockerOfSetUp(): Promise<string | undefined> {
  const file = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'paceline', 'set-up.json');
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { docker?: string }).docker;
}

/** @param what with the process's number it is the value of the label by which everything made here is found again */
export async function localEngine(what: string) {
  const owner = nameHere(what);
  const endpoint = await localEndpoint();
  const engine = createEngine(endpoint);
  const labels = { 'paceline.test': owner };
  const docker = async (...args: readonly string[]) => {
    const { stdout } = await execa(endpoint.cli, args, { env: endpoint.env, extendEnv: false });
    return stdout.trim();
  };
  return {
    endpoint,
    engine,
    owner,
    labels,
    docker,
    /** Starts a container of the Python image. @returns its id */
    start: async (script: string, ...flags: readonly string[]) =>
      await docker('run', '-d', '--label', `paceline.test=${owner}`, ...flags, PYTHON_IMAGE, 'sh', '-c', script),
    cleanUp: async () => {
      const left = await engine.listByLabels(labels);
      await Promise.all(left.containers.map(({ id }) => engine.removeContainer(id)));
      await Promise.all(left.networks.map(({ id }) => engine.removeNetwork(id)));
      await Promise.all(left.volumes.map(({ name }) => engine.removeVolume(name)));
      for (const image of left.images) for (const tag of image.tags) await engine.removeImage(tag);
    },
  };
}
