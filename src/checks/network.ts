/** Checks the bridge network from a container: names resolve, and the package index configured for pip is reachable. */
import { execa } from 'execa';
import { pairs } from '../docker/compose/compose-command.ts';
import { runDocker } from '../docker/command/run-docker.ts';
import type { Machine, MakeCheck } from './check.ts';
import { ok, warning } from './check.ts';

const ALIAS = 'paceline-check';
const TIMEOUT_MS = 30_000;

/** Prints one word for each thing that works. */
const SCRIPT = `
import socket, sys
socket.getaddrinfo('${ALIAS}', 80)
print('resolves', flush=True)
if len(sys.argv) > 1:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=5)
    print('connects')
`;

export const network: MakeCheck = async (machine) => {
  const image = await imageWithPython(machine);
  if (image === null) return ok('Network', 'not checked: no image with Python is on this machine yet');
  const index = await packageIndex(machine.env);
  const { words, error } = await inContainer(machine, image, index);
  if (!words.includes('resolves')) {
    return warning(
      'Network',
      `a container on a bridge network cannot resolve its own name (${error})`,
      'Restart the Docker engine. If a firewall changed after the engine started, the rules of the engine are gone.',
    );
  }
  if (index === null)
    return ok('Network', 'a container on a bridge network resolves names; no package index is configured');
  return words.includes('connects')
    ? ok('Network', `a container resolves names and reaches ${index.host}`)
    : warning(
        'Network',
        `a container cannot reach ${index.host}, the package index configured for pip (${error})`,
        "Check the engine's DNS and proxy (`docker info`). Builds that install packages will fail.",
      );
};

interface Address {
  readonly host: string;
  readonly port: string;
}

async function inContainer({ endpoint, labels = {} }: Machine, image: string, index: Address | null) {
  const name = `${ALIAS}-${process.pid}-${Date.now()}`;
  const docker = (args: readonly string[]) => runDocker(endpoint, args, { timeoutMs: TIMEOUT_MS });
  const labelled = pairs('--label', labels);
  const created = await docker(['network', 'create', ...labelled, name]);
  if (created.exitCode !== 0) return { words: '', error: lastLine(created.stderr) };
  try {
    const options = ['--rm', '--name', name, '--network', name, '--network-alias', ALIAS, '--entrypoint', 'python3'];
    const target = index === null ? [] : [index.host, index.port];
    const { stdout, stderr } = await docker(['run', ...labelled, ...options, image, '-c', SCRIPT, ...target]);
    return { words: stdout, error: lastLine(stderr) };
  } finally {
    await docker(['rm', '--force', name]);
    await docker(['network', 'rm', name]);
  }
}

/** A stand-in made by set-up, or any other Python image on this machine. A check never pulls an image. */
async function imageWithPython({ engine }: Machine): Promise<string | null> {
  const images = await engine.listImages({});
  const tags = images.flatMap((image) => image.tags);
  return tags.find((tag) => /^(docker\.io\/)?(library\/)?python:|^paceline\/stand-in-python:/.test(tag)) ?? null;
}

/** The index that this machine's pip uses. The project's own configuration is not checked. */
async function packageIndex(env: Machine['env']): Promise<Address | null> {
  const configured = env['PIP_INDEX_URL'] || (await pipConfiguration());
  try {
    const { hostname, port, protocol } = new URL(configured);
    return { host: hostname, port: port || (protocol === 'http:' ? '80' : '443') };
  } catch {
    return null;
  }
}

async function pipConfiguration(): Promise<string> {
  const options = { reject: false, timeout: 5_000 } as const;
  return (await execa('python3', ['-m', 'pip', 'config', 'get', 'global.index-url'], options)).stdout.trim();
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) || 'no reason was given';
}
