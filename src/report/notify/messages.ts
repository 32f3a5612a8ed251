/** What is sent: a webhook's JSON, Slack's text, and a mail. */
import type { EventKind, NotifyEvent } from '../../model/notify.ts';
import { plain } from '../text/plain.ts';

const TITLES: Readonly<Record<EventKind, string>> = {
  confirmed: 'Slower',
  cleared: 'Suspicion cleared',
  improved: 'Faster',
  missed: 'Target missed',
  'missing-night': 'Scheduled runs missing',
};

/** Slack refuses text of more characters: https://docs.slack.dev/reference/methods/chat.postMessage#truncating */
const SLACK_CHARACTERS = 4000;

/** @param repeat an earlier delivery of the same event may have arrived */
export function webhookBody(event: NotifyEvent, repeat: boolean): string {
  return JSON.stringify({ schemaVersion: 1, ...event, repeat });
}

export function slackBody(events: readonly NotifyEvent[]): string {
  const lines = events.map((event) => `*${title(event)}*: ${slackText(event.message)}`);
  const text = [`*${slackText(subjectOf(events))}*`, ...lines, slackText(whereOf(events))].join('\n');
  return JSON.stringify({ text: text.slice(0, SLACK_CHARACTERS) });
}

export function mailOf(events: readonly NotifyEvent[]): { readonly subject: string; readonly text: string } {
  const lines = events.map((event) => `${title(event)}: ${plain(event.message)}\n`);
  return { subject: subjectOf(events), text: `${lines.join('\n')}\n${whereOf(events)}\n` };
}

function subjectOf(events: readonly NotifyEvent[]): string {
  const kinds = [...new Set(events.map(title))].join(', ');
  return `Paceline: ${oneLine(events[0]?.project ?? '')}: ${kinds}`;
}

function whereOf([event]: readonly NotifyEvent[]): string {
  if (event === undefined) return '';
  const commit = event.commit === null ? '' : `, commit ${event.commit.slice(0, 7)}`;
  return `Run ${event.runId}${commit}: ${event.verdict}. \`paceline report ${event.runId}\` shows it.`;
}

function title({ kind }: NotifyEvent): string {
  return TITLES[kind];
}

/** A project's name is foreign text, and a line break would begin a new mail header. */
function oneLine(text: string): string {
  return plain(text).replaceAll(/\s+/g, ' ');
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping: so foreign text cannot mention people or hide links. */
function slackText(text: string): string {
  return plain(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
