/** Which commit a figure is of, as tools write it. */

export type ReadCommit =
  | { readonly kind: 'commit'; readonly id: string }
  /** Nothing, or a word that stands for nothing. */
  | { readonly kind: 'none' }
  /** A branch, a tag or another word: it does not name one commit for good. */
  | { readonly kind: 'other' };

/** A whole or a short id (of SHA-1 or SHA-256), as `git describe` writes it too. */
const COMMIT = /^(?:.+-\d+-g)?([0-9a-f]{2,64})(?:[-+.]?dirty|\+)?$/i;
/** What tools write where there is no repository. */
const NOTHING = /^[(<[]?(?:unknown|unversioned|undefined|none|null|nil|n\/?a|nan|-+|\?+|0+)?[)>\]]?$/i;

/** Ids are lower case in git, so those in upper case name the same commits. */
export function readCommit(text: string | null | undefined): ReadCommit {
  const trimmed = text?.trim() ?? '';
  if (NOTHING.test(trimmed)) return { kind: 'none' };
  const [, id] = COMMIT.exec(trimmed) ?? [];
  return id === undefined ? { kind: 'other' } : { kind: 'commit', id: id.toLowerCase() };
}
