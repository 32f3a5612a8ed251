import type { Anchors } from './anchors.ts';

/** Where a block stands: its section, for ids of its parts. */
export interface Place {
  readonly section: string;
  readonly anchors: Anchors;
}
