/** The commit of a figure, in the notations of different tools. */

export type ReadCommit =
  | { readonly kind: 'commit'; readonly id: string }
  /** Empty, or a word that means "none". */
  | { readonly kind: 'none' }
  /** A branch, a tag or another word. It does not identify one commit permanently. */
  | { readonly kind: 'other' };

/** A full or short id (SHA-1 or SHA-256), also in the notation of `git describe`. */
const COMMIT = /^(?:.+-\d+-g)?([0-9a-f]{2,64})(?:[-+.]?dirty|\+)?$/i;
/** Words that tools write if there is no repository. */
const NOTHING = /^[(<[]?(?:unknown|unversioned|undefined|none|null|nil|n\/?a|nan|-+|\?+|0+)?[)>\]]?$/i;

/** Git writes ids in lower case. Upper case names the same commit. */
export function readCommit(text: string | null | undefined): ReadCommit {
  const trimmed = text?.trim() ?? '';
  if (NOTHING.test(trimmed)) return { kind: 'none' };
  const [, id] = COMMIT.exec(trimmed) ?? [];
  return id === undefined ? { kind: 'other' } : { kind: 'commit', id: id.toLowerCase() };
}
