/** A page before it is HTML: what it is called, where it stands, what it says first, and its sections. */
import type { Inline, Link, Section } from './blocks.ts';
import type { Headline } from './sections/headline.ts';

export interface Page {
  /** For the browser's tab and the history. */
  readonly title: string;
  /** The way from the first page to this one, without this one; empty for a file on its own. */
  readonly trail: readonly Link[];
  /** The first words; null where a page has no verdict. */
  readonly headline: Headline | null;
  /** A line below the headline: when, where, how long. */
  readonly about: Inline;
  /** What most readers came for, at the top: the first one next to the others where there is room. */
  readonly lead: readonly Section[];
  readonly sections: readonly Section[];
}
