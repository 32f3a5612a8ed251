/** Notifications: who receives them, and what an event is. Plain JSON. Secrets are never in it, only where to find them. */

/** In the order in which documents list them. */
export const EVENT_KINDS = ['confirmed', 'cleared', 'improved', 'missed', 'missing-night'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export const RECEIVER_KINDS = ['webhook', 'slack', 'email'] as const;
export type ReceiverKind = (typeof RECEIVER_KINDS)[number];

/** Where a secret is. A variable of the worker's environment, or a file that the worker can read. */
export type SecretPlace = { readonly env: string } | { readonly file: string };

export interface Receiver {
  /** Unique among the receivers of a run. Stored with what was delivered, so a new name is a new receiver. */
  readonly name: string;
  readonly kind: ReceiverKind;
  readonly on: readonly EventKind[];
  readonly url: { readonly text: string } | SecretPlace;
  /** Signs webhooks; null: they are not signed. */
  readonly secret: SecretPlace | null;
  /** Of the mail server, where its URL has none. */
  readonly password: SecretPlace | null;
  /** null unless it is e-mail. */
  readonly mail: { readonly from: string; readonly recipients: readonly string[] } | null;
}

/** Something to tell. The id is the same in every delivery, so receivers can recognise a repeat. */
export interface NotifyEvent {
  readonly id: string;
  readonly kind: EventKind;
  readonly project: string;
  readonly runId: string;
  /** ISO 8601: when the run began. */
  readonly at: string;
  readonly commit: string | null;
  readonly branch: string | null;
  readonly verdict: string;
  readonly metric: string | null;
  readonly scenario: string | null;
  readonly message: string;
}
