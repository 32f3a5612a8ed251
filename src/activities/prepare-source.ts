import { realpath } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { applyPatch } from '../data/git/apply-patch.ts';
import { checkout } from '../data/git/checkout.ts';
import { copyTree } from '../data/copy-tree.ts';
import { findRepository } from '../data/git/git-repository.ts';
import { branchOfCi, gitFacts } from '../data/git/worktree-facts.ts';
import { projectNameAt } from '../data/project-name.ts';
import { projectNameOf } from '../model/project-name.ts';
import type { FolderSource, SourceFacts, SourceSpec } from '../model/run.ts';
import { activity } from './support/attempt.ts';
import type { ActivityDeps, Make } from './support/deps.ts';
import { saveSourcePlace, type SourcePlace, sourceRoot } from './support/source-place.ts';

/**
 * The copy that the run works in: a path as it is, ignored files and .git included, or a commit checked out. It has the
 * shape of the project's repository, of which a path brings its own folder alone. A patch changes the copy: the user's own
 * tree is never written to.
 */
export const prepareSource: Make<'prepareSource'> = (deps) =>
  activity({ phase: 'preparing' }, async ({ run, source, patch }, { signal, beat }) => {
    return deps.attempts.run(`source ${run.runId}`, signal, async () => {
      beat({ phase: 'preparing', note: originOf(source) });
      const to = sourceRoot(deps.dataDirectory, run);
      const place = await placeOf(deps, source, to);
      // A patch changes files that are else read where the original is, so all of the repository is copied.
      const isPatched = patch !== undefined;
      await saveSourcePlace(deps.dataDirectory, run, isPatched ? { ...place, asItIs: false } : place);
      const { notes, ...copied } = isFolder(source)
        ? await copyFolder(deps, source, { to, whole: isPatched }, signal)
        : await checkOut(source, to, signal);
      if (patch !== undefined) {
        const { text, name } = patch;
        await applyPatch(to, { patch: text, name, signal, ownRepository: !isFolder(source) });
      }
      const changed = patch === undefined ? {} : { dirty: true };
      const facts: SourceFacts = { origin: originOf(source), ...copied, ...changed };
      await deps.store.setSource(run, facts);
      await deps.store.addNotes(run, notes);
      return facts;
    });
  });

type Copied = Omit<SourceFacts, 'origin'> & { readonly notes: readonly string[] };
function isFolder(source: SourceSpec): source is FolderSource {
  return !('git' in source) && source.ref === undefined;
}

async function copyFolder(
  { dataDirectory, commandEnv }: ActivityDeps,
  { path }: FolderSource,
  { to, whole }: { readonly to: string; readonly whole: boolean },
  signal: AbortSignal,
): Promise<Copied> {
  const place = await findRepository(path);
  const directory = place?.top ? join(to, relative(place.top, await realpath(path))) : to;
  const [from, target] = whole && place?.top ? [place.top, to] : [path, directory];
  await copyTree(from, target, { signal, exclude: [dataDirectory] });
  return { directory, ...(await gitFacts(path, { branch: branchOfCi(commandEnv), signal })), notes: [] };
}

async function checkOut(source: SourceSpec, to: string, signal: AbortSignal): Promise<Copied> {
  return { ...(await checkout({ source, to, signal })), dirty: false };
}

async function placeOf({ commandEnv }: ActivityDeps, source: SourceSpec, root: string): Promise<SourcePlace> {
  if ('git' in source) {
    const projectName = projectNameOf({ remote: source.git, folder: source.git, subfolder: source.path ?? '' });
    return { root, originalDirectory: null, asItIs: false, projectName };
  }
  // The copy or the checkout reports a path that does not exist.
  const originalDirectory = await realpath(source.path).catch(() => source.path);
  const projectName = await projectNameAt(originalDirectory, commandEnv).catch(() => basename(originalDirectory));
  return { root, originalDirectory, asItIs: isFolder(source), projectName };
}

function originOf(source: SourceSpec): string {
  return 'git' in source ? source.git : source.path;
}
