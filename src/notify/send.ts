/**
 * Sends events to one receiver, once. Whether and when to repeat is the caller's: an error that another attempt may fix is
 * `NotDelivered`, any other is `WrongUsage`. No error has a URL, a secret, or text of the receiver.
 */
import { createHash, createHmac } from 'node:crypto';
import { PacelineError, wrongUsage } from '../model/failure.ts';
import type { NotifyEvent, Receiver } from '../model/notify.ts';
import { mailOf, slackBody, webhookBody } from '../report/notify/messages.ts';
import { type Environment, secretAt, urlOf } from './secrets.ts';

export interface Delivery {
  readonly events: readonly NotifyEvent[];
  /** An earlier attempt may have delivered them. */
  readonly repeat: boolean;
}

export interface Sending {
  readonly env: Environment;
  /** How long a receiver may take. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const TIMEOUT_MS = 10_000;
const HTTP = ['https:', 'http:'];

/** A webhook has one event a request; Slack and e-mail have all in one message. */
export function deliveriesOf({ kind }: Receiver, events: readonly NotifyEvent[]): NotifyEvent[][] {
  if (events.length === 0) return [];
  return kind === 'webhook' ? events.map((event) => [event]) : [[...events]];
}

/** @throws PacelineError NotDelivered or WrongUsage */
export async function send(receiver: Receiver, delivery: Delivery, sending: Sending): Promise<void> {
  if (receiver.kind === 'email') await sendMail(receiver, delivery, sending);
  else if (receiver.kind === 'slack') await post(receiver, slackBody(delivery.events), {}, sending);
  else await sendWebhook(receiver, delivery, sending);
}

/** The signature is of the time and the body, so that an old request cannot be sent again later. */
export function signature(secret: string, body: string, seconds: number): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

async function sendWebhook(receiver: Receiver, { events, repeat }: Delivery, sending: Sending): Promise<void> {
  for (const event of events) {
    const body = webhookBody(event, repeat);
    const signed =
      receiver.secret === null
        ? {}
        : {
            'paceline-signature': signature(
              await secretAt(receiver.secret, sending.env),
              body,
              Math.floor(Date.now() / 1000),
            ),
          };
    await post(
      receiver,
      body,
      { 'paceline-event': event.kind, 'paceline-event-id': asHeader(event.id), ...signed },
      sending,
    );
  }
}

async function post(
  receiver: Receiver,
  body: string,
  headers: Readonly<Record<string, string>>,
  sending: Sending,
): Promise<void> {
  const url = await urlOf(receiver, HTTP, sending.env);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'paceline',
      ...(username === '' ? {} : { authorization: `Basic ${Buffer.from(user).toString('base64')}` }),
      ...headers,
    },
    // A redirect would carry the event to a place that is not configured.
    redirect: 'manual',
    signal: limited(sending),
  }).catch((error: unknown) => {
    throw notDelivered(receiver, reasonOf(error));
  });
  await response.body?.cancel().catch(() => {});
  if (response.ok) return;
  const answer = `it answered ${response.status}`;
  if (response.status >= 500 || [408, 425, 429].includes(response.status)) throw notDelivered(receiver, answer);
  throw refused(receiver, answer);
}

async function sendMail(receiver: Receiver, { events }: Delivery, sending: Sending): Promise<void> {
  const { createTransport } = await import('nodemailer');
  const url = await urlOf(receiver, ['smtps:', 'smtp:'], sending.env);
  const secret = receiver.password === null ? null : await secretAt(receiver.password, sending.env);
  const timeout = sending.timeoutMs ?? TIMEOUT_MS;
  const user = decodeURIComponent(url.username);
  const secure = url.protocol === 'smtps:';
  const transport = createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    // A password is never sent in the clear.
    requireTLS: !secure && user !== '',
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(user === '' ? {} : { auth: { user, pass: secret ?? decodeURIComponent(url.password) } }),
  });
  const signal = limited(sending);
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    const { from, recipients } = receiver.mail!;
    const mail = { from, to: [...recipients], messageId: messageId(events), ...mailOf(events) };
    await Promise.race([transport.sendMail(mail), aborted.promise]);
  } catch (error) {
    const { responseCode, code } = error as { responseCode?: number; code?: string };
    if (responseCode !== undefined && responseCode >= 500) throw refused(receiver, `it answered ${responseCode}`);
    if (code === 'EAUTH') throw refused(receiver, 'it refused the user or the password');
    throw notDelivered(receiver, responseCode === undefined ? reasonOf(error) : `it answered ${responseCode}`);
  } finally {
    signal.removeEventListener('abort', abort);
    transport.close();
  }
}

/** The same for the same events, so that mail programs show a repeat once. */
function messageId(events: readonly NotifyEvent[]): string {
  const ids = events.map(({ id }) => id).join('\n');
  return `<${createHash('sha256').update(ids).digest('hex').slice(0, 32)}@paceline.invalid>`;
}

function limited({ timeoutMs = TIMEOUT_MS, signal }: Sending): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
}

/** Scenario names are any text, headers are not. */
function asHeader(text: string): string {
  return encodeURI(text);
}

function reasonOf(error: unknown): string {
  const { name, code, cause } = error as { name?: string; code?: string; cause?: { code?: string } };
  if (name === 'TimeoutError') return 'it did not answer in time';
  const short = cause?.code ?? code;
  return typeof short === 'string' ? `the connection failed (${short})` : 'the connection failed';
}

function notDelivered({ name }: Receiver, reason: string): PacelineError {
  return new PacelineError({
    type: 'NotDelivered',
    what: `Receiver ${name} was not notified: ${reason}.`,
    next: 'Check the receiver with `paceline notify test`.',
  });
}

function refused({ name }: Receiver, reason: string): PacelineError {
  return wrongUsage(`Receiver ${name} was not notified: ${reason}.`, 'Check its settings with `paceline notify test`.');
}
