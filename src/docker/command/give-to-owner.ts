/**
 * Files that tests leave in a mounted folder belong to whoever ran them, which is mostly root. An ordinary user, as whom the
 * worker runs, could neither remove them nor give them to itself; the engine can.
 */
import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pairs } from '../compose/compose-command.ts';
import type { Endpoint } from './endpoint.ts';
import { runDocker } from './run-docker.ts';

const MOUNT = '/paceline';
/** The folder itself says who that is, in the numbers of the container, whatever a rootless engine maps them to. */
const SCRIPT = `chown -R -h "$(stat -c %u:%g ${MOUNT})" ${MOUNT}`;
const TIMEOUT_MS = 60_000;

/**
 * Gives what is below the folder to the folder's owner, where it belongs to somebody else.
 * @param options.image one that is there, with a shell: what the tests ran in
 * @returns whether all of it is the owner's now
 */
export async function giveToOwner(
  endpoint: Endpoint,
  options: { readonly folder: string; readonly image: string; readonly labels: Readonly<Record<string, string>> },
): Promise<boolean> {
  const { folder, image, labels } = options;
  if (!(await hasForeign(folder, (await lstat(folder)).uid))) return true;
  // --mount takes a field in quotes, with quotes in it doubled; -v would take a colon in the path for its own.
  const mount = `type=bind,"source=${folder.replaceAll('"', '""')}",target=${MOUNT}`;
  const flags = ['--rm', '--pull', 'never', '--network', 'none', '--user', '0:0', ...pairs('--label', labels)];
  const command = ['run', ...flags, '--mount', mount, '--entrypoint', 'sh', image, '-c', SCRIPT];
  return (await runDocker(endpoint, command, { timeoutMs: TIMEOUT_MS })).exitCode === 0;
}

async function hasForeign(folder: string, owner: number): Promise<boolean> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch {
    // Not even readable: somebody else's.
    return true;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const { uid } = await lstat(path);
    if (uid !== owner || (entry.isDirectory() && (await hasForeign(path, owner)))) return true;
  }
  return false;
}
