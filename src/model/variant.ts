/** A side of a comparison: a commit, and what is changed of it before it is measured. Plain JSON. */
export interface Variant {
  /** Branch, tag or commit. */
  readonly ref: string;
  /** In git's format, with paths from the top of the repository. It is applied to the side's copy of the source. */
  readonly patch?: string;
  /** Plan overrides: the path of a key, such as `scenarios[0].command`, and its value. */
  readonly set?: Readonly<Record<string, unknown>>;
}

/** A patch travels in the workflow's input and is kept in its history: Temporal takes 2 MB there, for both sides together. */
export const MOST_PATCH_CHARACTERS = 256 * 1024;

/** The bounds of a side's plan overrides, for the same reason. */
export const SET_LIMITS = { entries: 50, characters: 64 * 1024 } as const;

/** A text is a ref alone. */
export function variantOf(given: string | Variant): Variant {
  return typeof given === 'string' ? { ref: given } : given;
}

/** What is changed of the commit, in a few words: "a patch and 2 plan overrides". null where nothing is. */
export function changesOf({ patch, set = {} }: Variant): string | null {
  const overrides = Object.keys(set).length;
  const changes = [
    ...(patch === undefined ? [] : ['a patch']),
    ...(overrides === 0 ? [] : [`${overrides} plan ${overrides === 1 ? 'override' : 'overrides'}`]),
  ];
  return changes.length === 0 ? null : changes.join(' and ');
}
