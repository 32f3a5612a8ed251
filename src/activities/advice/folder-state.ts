import { commitOf, worktreeDigest } from '../../data/git/ref-facts.ts';
import type { FolderState } from '../../model/advice.ts';
import type { SourceSpec } from '../../model/run.ts';

/** The state of a folder that is measured as it is; null for a commit. */
export async function folderState(source: SourceSpec): Promise<FolderState | null> {
  if ('git' in source || source.ref !== undefined) return null;
  const commit = await commitOf(source.path, null).catch(() => null);
  return { commit, digest: await worktreeDigest(source.path).catch(() => null) };
}

export function sameState(a: FolderState | null, b: FolderState | null): boolean {
  return a?.commit === b?.commit && a?.digest === b?.digest;
}
