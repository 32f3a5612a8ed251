/**
 * `notify` as people write it, in the plan and in the data directory's config.json. A plan may come with a pull request from
 * a stranger. So it can only name variables that are meant for notifications, and no files.
 */
import { z } from 'zod';
import { EVENT_KINDS, RECEIVER_KINDS, type Receiver, type SecretPlace } from '../model/notify.ts';
import { setOf } from './fields.ts';
import { message } from './message.ts';

/** Variables that a plan may name. Compose files never see them: src/docker/command/project-environment.ts. */
export const NOTIFY_VARIABLE = /^PACELINE_NOTIFY_[A-Z0-9_]+$/;

const text = () =>
  z
    .string()
    .min(1)
    .max(500)
    .regex(/^\P{Cc}+$/u, { error: message('holds a control character', 'Write it on one line.') });
const address = () =>
  text().regex(/^[^\s<>,;"]+@[^\s<>,;"]+$/, {
    error: message('is not an e-mail address', 'Write it like team@example.com.'),
  });
const variable = () =>
  text().regex(NOTIFY_VARIABLE, {
    error: message(
      'is a variable that a plan must not read',
      'Use one whose name begins with PACELINE_NOTIFY_, in capital letters.',
    ),
  });

const common = {
  to: z.enum(RECEIVER_KINDS).describe('What the receiver is.'),
  name: text().optional().describe('The name in notes. By default what `to` says; unique in the list.'),
  on: setOf(EVENT_KINDS, 1).optional().describe('Which events it receives. By default all.'),
  url: text()
    .optional()
    .describe('A URL without secrets. A webhook: http or https. E-mail: smtp or smtps, with the user if there is one.'),
  from: address().optional().describe('The sender of e-mail.'),
  recipients: z.array(address()).min(1).max(20).optional().describe('Who receives e-mail.'),
};

const ofPlan = {
  urlEnv: variable().optional().describe('The variable that holds the URL.'),
  secretEnv: variable().optional().describe('The variable that holds the key that signs webhooks.'),
};

const ofConfig = {
  urlEnv: text().optional(),
  urlFile: text().optional(),
  secretEnv: text().optional(),
  secretFile: text().optional(),
  passwordEnv: text().optional(),
  passwordFile: text().optional(),
};

type Written = z.output<z.ZodObject<typeof common & typeof ofConfig>>;
type Context = z.core.$RefinementCtx;

/** A receiver in a plan. */
export const planReceiver = z.strictObject({ ...common, ...ofPlan }).superRefine(consistent);
/** A receiver in config.json. */
export const configReceiver = z.strictObject({ ...common, ...ofConfig }).superRefine(consistent);

/** Refuses two receivers of one name. */
export function uniqueReceivers(
  list: readonly { readonly to?: string | undefined; readonly name?: string | undefined }[],
  context: Context,
): void {
  const names = list.map((receiver) => receiver.name ?? receiver.to);
  for (const [index, name] of names.entries()) {
    if (name === undefined || names.indexOf(name) === index) continue;
    const next = 'Give each receiver a name of its own.';
    context.addIssue({ code: 'custom', path: [index], message: message(`has the name of another, "${name}"`, next) });
  }
}

/** Completes a checked receiver. `place` begins its name, so that a plan and config.json may use the same one. */
export function completeReceiver(written: Written, place: 'plan' | 'config'): Receiver {
  const { to, name = to, on = [...EVENT_KINDS], url, from, recipients } = written;
  return {
    name: `${place}/${name}`,
    kind: to,
    on,
    url: url === undefined ? placeOf(written.urlEnv, written.urlFile)! : { text: url },
    secret: placeOf(written.secretEnv, written.secretFile),
    password: placeOf(written.passwordEnv, written.passwordFile),
    mail: from === undefined || recipients === undefined ? null : { from, recipients },
  };
}

/** A plan's receiver as it is written there. */
export function writtenReceiver(receiver: Receiver): z.input<typeof planReceiver> {
  const { name, kind, on, url, secret, mail } = receiver;
  return {
    to: kind,
    name: name.replace(/^plan\//, ''),
    on: [...on],
    ...('text' in url ? { url: url.text } : 'env' in url ? { urlEnv: url.env } : {}),
    ...(secret !== null && 'env' in secret ? { secretEnv: secret.env } : {}),
    ...(mail === null ? {} : { from: mail.from, recipients: [...mail.recipients] }),
  };
}

function placeOf(env: string | undefined, file: string | undefined): SecretPlace | null {
  return env !== undefined ? { env } : file !== undefined ? { file } : null;
}

function consistent(written: Partial<Written>, context: Context): void {
  const wrong = (path: string, what: string, next: string) =>
    context.addIssue({ code: 'custom', path: [path], message: message(what, next) });
  const { to, url } = written;
  const urls = [url, written.urlEnv, written.urlFile].filter((given) => given !== undefined);
  if (urls.length !== 1) {
    wrong('to', 'has no URL, or several', 'Give one of url and urlEnv, or urlFile in config.json.');
  }
  if (to === 'slack' && url !== undefined) {
    wrong('url', 'would show a secret: the URL alone allows posting', 'Put it in a variable and name that in urlEnv.');
  }
  if (to === 'webhook' && url !== undefined && !/^https?:\/\/[^\s@?#]+$/i.test(url)) {
    wrong('url', 'is not an http URL without user and query', 'Put a URL with secrets in a variable: urlEnv.');
  }
  if (to === 'email' && url !== undefined && !/^smtps?:\/\/(?:[^\s@:/?#]+@)?[^\s@/?#]+\/?$/i.test(url)) {
    wrong(
      'url',
      'is not an smtp URL without a password',
      'Write it like smtps://user@mail.example.com, or use urlEnv.',
    );
  }
  if (to === 'email' && (written.from === undefined || written.recipients === undefined)) {
    wrong('to', 'is e-mail without sender or recipients', 'Give from and recipients.');
  }
  if (
    to !== 'email' &&
    (written.from ?? written.recipients ?? written.passwordEnv ?? written.passwordFile) !== undefined
  ) {
    wrong('to', 'has keys that belong to e-mail', 'Remove from, recipients and the password.');
  }
  if (to !== 'webhook' && (written.secretEnv ?? written.secretFile) !== undefined) {
    wrong('to', 'has a key to sign with, which is for webhooks', 'Remove it.');
  }
}
