/** What the two processes of the pages say to each other. */
import type { Problem } from '../../model/failure.ts';

export interface PagesSettings {
  readonly dataDirectory: string;
  /** URL of the store; undefined: the file in the data directory. */
  readonly storeUrl: string | undefined;
  readonly host: string;
  /** A port that the user chose; null: the next free one from `firstPort` on. */
  readonly port: number | null;
  readonly firstPort: number;
  /** Further names of this machine: its addresses always count. */
  readonly names: readonly string[];
  readonly temporal: { readonly address: string; readonly namespace: string; readonly isEmbedded: boolean };
  /** Of the Temporal UI. null if not known. */
  readonly uiUrl: string | null;
}

export type ToPages = { readonly kind: 'start'; readonly settings: PagesSettings } | { readonly kind: 'stop' };

export type FromPages =
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'failed'; readonly problem: Problem };
