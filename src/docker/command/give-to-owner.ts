/**
 * Files that tests leave in a mounted folder belong to the user who ran the tests, usually root. The worker
 * runs as an ordinary user and can neither remove them nor change their owner; the engine can.
 */
import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pairs } from '../compose/compose-command.ts';
import type { Endpoint } from './endpoint.ts';
import { runDocker } from './run-docker.ts';

const MOUNT = '/paceline';
/** The folder shows the owner, in the numbers of the container. So this also works if a rootless engine maps them. */
const SCRIPT = `chown -R -h "$(stat -c %u:%g ${MOUNT})" ${MOUNT}`;
const TIMEOUT_MS = 60_000;

/**
 * Gives all files below the folder to the folder's owner.
 * @param options.image an existing image with a shell: the one that the tests ran in
 * @returns whether everything now belongs to the owner
 */
export async function giveToOwner(
  endpoint: Endpoint,
  options: { readonly folder: string; readonly image: string; readonly labels: Readonly<Record<string, string>> },
): Promise<boolean> {
  const { folder, image, labels } = options;
  if (!(await hasForeign(folder, (await lstat(folder)).uid))) return true;
  // --mount accepts a field in quotes, with inner quotes doubled. -v would misread a colon in the path.
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
    // Not readable, so it belongs to another user.
    return true;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const { uid } = await lstat(path);
    if (uid !== owner || (entry.isDirectory() && (await hasForeign(path, owner)))) return true;
  }
  return false;
}
