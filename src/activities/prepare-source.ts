import { join } from 'node:path';
import { checkout } from '../data/checkout.ts';
import { copyTree } from '../data/copy-tree.ts';
import { runFolder } from '../data/directory.ts';
import { branchOfCi, gitFacts } from '../data/git-facts.ts';
import type { FolderSource, SourceFacts, SourceSpec } from '../model/run.ts';
import { activity } from './attempt.ts';
import type { ActivityDeps, Make } from './deps.ts';

/**
 * The copy that the run works in: a path as it lies, ignored files and .git included, or a commit checked out. The user's
 * own tree is never written to.
 */
export const prepareSource: Make<'prepareSource'> = (deps) =>
  activity({ phase: 'preparing' }, async ({ run, source }, { signal, beat }) => {
    return deps.attempts.run(`source ${run.runId}`, signal, async () => {
      beat({ phase: 'preparing', note: originOf(source) });
      const to = join(runFolder(deps.dataDirectory, run.runId), 'source');
      const { notes, ...copied } = isFolder(source)
        ? await copyFolder(deps, source, to, signal)
        : await checkOut(source, to, signal);
      const facts: SourceFacts = { origin: originOf(source), ...copied };
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
  to: string,
  signal: AbortSignal,
): Promise<Copied> {
  await copyTree(path, to, { signal, exclude: [dataDirectory] });
  return { directory: to, ...(await gitFacts(path, { branch: branchOfCi(commandEnv), signal })), notes: [] };
}

async function checkOut(source: SourceSpec, to: string, signal: AbortSignal): Promise<Copied> {
  return { ...(await checkout({ source, to, signal })), dirty: false };
}

function originOf(source: SourceSpec): string {
  return 'git' in source ? source.git : source.path;
}
