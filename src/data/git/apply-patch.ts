/** A patch on a copy of a source, by git. The user's own tree and repository are only read. */
import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PacelineError, wrongUsage } from '../../model/failure.ts';
import { readPatch } from '../../model/patch.ts';
import { removeTree } from '../remove-tree.ts';
import { runGit, type GitOptions } from './git-command.ts';
import { findRepository, viewed } from './git-repository.ts';

/** No repository is there, so git reads no project's configuration. */
const NO_REPOSITORY = { gitDirectory: '/dev/null/none' };

/** Whether lines end in spaces is not ours to say. */
const APPLY = ['apply', '--whitespace=nowarn'];

export interface PatchOptions {
  readonly patch: string;
  /** As messages name it: "the patch of the head". */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * @param directory the top of the copy
 * @param options.ownRepository the copy is a clone that Paceline made; false for a copied folder, whose `.git` is the project's
 * @throws PacelineError WrongUsage with the file and hunk that does not fit. Nothing is changed then
 */
export async function applyPatch(
  directory: string,
  { patch, name, signal, ownRepository }: PatchOptions & { readonly ownRepository: boolean },
): Promise<void> {
  const where: GitOptions = { cwd: directory, signal, ...(ownRepository ? {} : { repository: NO_REPOSITORY }) };
  await apply(APPLY, { patch, name }, where);
}

/**
 * Checks the patch against a commit of a repository on this machine, without a copy of its files.
 * @throws PacelineError WrongUsage with the file and hunk that does not fit
 */
export async function checkPatch(directory: string, commit: string, options: PatchOptions): Promise<void> {
  const place = await findRepository(directory);
  if (place === null) return;
  await viewed(place, async ({ gitDirectory, config }) => {
    // Files of a partial clone may not be here yet: the copy will have them.
    if (config.keys.some((key) => /^remote\..+\.promisor$/.test(key))) return;
    const folder = await mkdtemp(join(await realpath(tmpdir()), 'paceline-patch-'));
    try {
      const where = { cwd: folder, repository: { gitDirectory, index: join(folder, 'index') }, signal: options.signal };
      const read = await runGit(['read-tree', '--end-of-options', commit], where);
      if (read.kind !== 'exited' || read.exitCode !== 0) return;
      await apply([...APPLY, '--check', '--cached'], options, where);
    } finally {
      await removeTree(folder);
    }
  });
}

async function apply(args: readonly string[], { patch, name }: PatchOptions, where: GitOptions): Promise<void> {
  const ended = await runGit([...args, '-'], { ...where, input: new TextEncoder().encode(patch) });
  if (ended.kind === 'exited' && ended.exitCode === 0) return;
  throw doesNotApply(name, patch, ended.kind === 'missing' ? 'git is not installed' : ended.stderr);
}

function doesNotApply(name: string, patch: string, stderr: string): PacelineError {
  const next = 'Create the patch again with `git diff` at that commit; its paths start at the top of the repository.';
  const [, file, line] = /^error: patch failed: (.+):(\d+)$/m.exec(stderr) ?? [];
  if (file !== undefined) {
    const hunk = readPatch(patch).hunks.find((each) => each.file === file && each.line === Number(line));
    const where = hunk === undefined ? `at line ${line}` : `hunk ${hunk.number} (${hunk.header})`;
    return wrongUsage(`${name} does not apply: ${file}, ${where}.`, next);
  }
  const [, reason = 'git gave no reason'] = /^(?:error|fatal): (.+?)\.?$/m.exec(stderr) ?? [];
  return wrongUsage(`${name} does not apply: ${reason}.`, next);
}
