import { createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { PacelineError } from '../../src/model/failure.ts';
import type { Receiver } from '../../src/model/notify.ts';
import { deliveriesOf, send } from '../../src/notify/send.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { httpReceiver } from './http-receiver.ts';
import { EVENT, receiver } from './samples.ts';

const ONE = { events: [EVENT], repeat: false };

async function failureOf(to: Receiver, env: Record<string, string>, timeoutMs = 10_000): Promise<PacelineError> {
  const error = await send(to, ONE, { env, timeoutMs }).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PacelineError);
  return error as PacelineError;
}

describe('a webhook', () => {
  it('is a POST of the event, signed over the time and the body', async () => {
    const { url, received } = await httpReceiver();
    const env = { PACELINE_NOTIFY_URL: url, PACELINE_NOTIFY_KEY: 'hunter2' };
    await send(receiver({ secret: { env: 'PACELINE_NOTIFY_KEY' } }), { ...ONE, repeat: true }, { env });
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    expect(JSON.parse(body)).toEqual({ schemaVersion: 1, ...EVENT, repeat: true });
    expect(headers).toMatchObject({ 'paceline-event': 'missed', 'paceline-event-id': EVENT.id });
    const [, seconds, digest] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['paceline-signature']))!;
    expect(digest).toBe(createHmac('sha256', 'hunter2').update(`${seconds}.${body}`).digest('hex'));
  });

  it('takes its URL from a file', async () => {
    const { url, received } = await httpReceiver();
    const file = join(temporaryFolder(), 'url');
    await writeFile(file, `${url}\n`);
    await send(receiver({ url: { file } }), ONE, { env: {} });
    expect(received).toHaveLength(1);
  });

  test.each([
    [500, 'NotDelivered'],
    [503, 'NotDelivered'],
    [429, 'NotDelivered'],
    [302, 'WrongUsage'],
    [401, 'WrongUsage'],
    [404, 'WrongUsage'],
  ])('that answers %i ends as %s, without a word of the answer', async (status, type) => {
    const { url, received } = await httpReceiver(status);
    const { problem } = await failureOf(receiver(), { PACELINE_NOTIFY_URL: `${url}?token=hunter2` });
    expect(problem).toMatchObject({ type, what: `Receiver plan/webhook was not notified: it answered ${status}.` });
    expect(JSON.stringify(problem)).not.toContain('hunter2');
    expect(received).toHaveLength(1);
  });

  it('that does not answer ends in time', async () => {
    const { url } = await httpReceiver('never');
    const { problem } = await failureOf(receiver(), { PACELINE_NOTIFY_URL: url }, 100);
    expect(problem.what).toBe('Receiver plan/webhook was not notified: it did not answer in time.');
  });

  it('that is not there says why, without its URL', async () => {
    const { problem } = await failureOf(receiver(), { PACELINE_NOTIFY_URL: 'http://127.0.0.1:1/hunter2' });
    expect(problem).toMatchObject({ type: 'NotDelivered', what: expect.stringContaining('the connection failed') });
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });

  test.each([
    [{}, 'The variable PACELINE_NOTIFY_URL is not set.'],
    [{ PACELINE_NOTIFY_URL: 'hunter2' }, 'The URL of receiver plan/webhook is not valid.'],
    [{ PACELINE_NOTIFY_URL: 'file:///hunter2' }, 'The URL of receiver plan/webhook is not valid.'],
  ])('with the environment %j is wrong usage', async (env, what) => {
    const { problem } = await failureOf(receiver(), env);
    expect(problem).toMatchObject({ type: 'WrongUsage', what });
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });
});

describe('Slack', () => {
  it('gets one text of all events, in which foreign text mentions no people', async () => {
    const { url, received } = await httpReceiver();
    const events = [
      { ...EVENT, message: '<!channel> & co' },
      { ...EVENT, kind: 'improved' as const },
    ];
    await send(receiver({ kind: 'slack' }), { events, repeat: false }, { env: { PACELINE_NOTIFY_URL: url } });
    const { text } = JSON.parse(received[0]!.body);
    expect(text).toContain('*Paceline: shop: Target missed, Faster*');
    expect(text).toContain('&lt;!channel&gt; &amp; co');
    expect(text).not.toContain('<');
  });
});

describe('e-mail', () => {
  it('arrives with a subject of one line and an id made of the events', async () => {
    const { port, mails } = await mailServer();
    const to = mailReceiver(`smtp://127.0.0.1:${port}`);
    const events = [{ ...EVENT, project: 'shop\r\nBcc: all@example.com' }];
    await send(to, { events, repeat: false }, { env: {} });
    await send(to, { events, repeat: true }, { env: {} });
    const [first = '', second = ''] = mails;
    expect(first).toContain('Total took 310 s');
    expect(first).not.toMatch(/^Bcc:/m);
    const id = /^Message-ID: .*$/m.exec(first)?.[0];
    expect(id).toMatch(/<[0-9a-f]{32}@paceline\.invalid>/);
    expect(second).toContain(id);
  });

  it('never sends a password without TLS', async () => {
    const { port, logins } = await mailServer();
    const to = { ...mailReceiver(`smtp://me@127.0.0.1:${port}`), password: { env: 'PACELINE_NOTIFY_PASSWORD' } };
    const { problem } = await failureOf(to, { PACELINE_NOTIFY_PASSWORD: 'hunter2' });
    expect(problem.what).toContain('was not notified');
    expect(JSON.stringify(problem)).not.toContain('hunter2');
    expect(logins).toEqual([]);
  });

  test.each([
    [451, 'NotDelivered'],
    [550, 'WrongUsage'],
  ])('that the server answers with %i ends as %s', async (responseCode, type) => {
    const { port } = await mailServer(responseCode);
    const { problem } = await failureOf(mailReceiver(`smtp://127.0.0.1:${port}`), {});
    expect(problem).toMatchObject({ type, what: expect.stringContaining(`it answered ${responseCode}`) });
  });
});

test('only a webhook has a request for each event', () => {
  const two = [EVENT, { ...EVENT, id: 'other' }];
  expect(deliveriesOf(receiver(), two)).toEqual([[two[0]], [two[1]]]);
  expect(deliveriesOf(receiver({ kind: 'slack' }), two)).toEqual([two]);
  expect(deliveriesOf(receiver({ kind: 'slack' }), [])).toEqual([]);
});

function mailReceiver(url: string): Receiver {
  const mail = { from: 'paceline@example.com', recipients: ['team@example.com'] };
  return receiver({ name: 'plan/email', kind: 'email', url: { text: url }, mail });
}

/** @param refusal the code with which it answers to a mail; none: it takes all */
async function mailServer(refusal?: number) {
  const mails: string[] = [];
  const logins: unknown[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (auth, _session, done) => {
      logins.push(auth);
      done(null, { user: 'me' });
    },
    onData: (stream, _session, done) => {
      let mail = '';
      stream.on('data', (chunk) => (mail += chunk));
      stream.on('end', () => {
        mails.push(mail);
        if (refusal === undefined) done();
        else done(Object.assign(new Error('no hunter2'), { responseCode: refusal }));
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as { port: number }).port, mails, logins };
}
