import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { notify, receivers } from '../../src/activities/notify.ts';
import { publish } from '../../src/activities/publish.ts';
import type { ActivityDeps } from '../../src/activities/support/deps.ts';
import type { Alert } from '../../src/model/result.ts';
import { analyze } from '../../src/analysis/analyze.ts';
import { openStore } from '../../src/store/store.ts';
import { httpReceiver } from '../notify/http-receiver.ts';
import { NEW_RUN, RUN } from '../store/samples.ts';
import { mockActivity } from '../support/mock-activity.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MISSED: Alert = {
  kind: 'target',
  state: 'raised',
  metric: 'total.duration',
  scenario: null,
  message: 'Total took too long.',
  gate: true,
};

/** A judged run that missed two targets, in a real store, and one webhook in config.json. */
async function judgedRun({ url, on }: { readonly url: string; readonly on?: readonly string[] }) {
  const dataDirectory = temporaryFolder();
  const hook = { to: 'webhook', urlEnv: 'SECRET_URL', ...(on === undefined ? {} : { on }) };
  writeFileSync(join(dataDirectory, 'config.json'), JSON.stringify({ notify: [hook] }));
  const store = await openStore({ dataDirectory });
  await store.openRun(NEW_RUN);
  const facts = { ...(await store.loadFacts(RUN)), finishedAt: NEW_RUN.startedAt };
  const alerts = [MISSED, { ...MISSED, metric: 'test.duration' as const }];
  const result = { ...analyze(facts), alerts };
  await store.finishRun(RUN, { result, verdict: 'missed', finishedAt: NEW_RUN.startedAt });
  const deps = { store, dataDirectory, notifyEnv: { SECRET_URL: url } } as unknown as ActivityDeps;
  return {
    store,
    deps,
    dataDirectory,
    who: () => mockActivity().run(receivers(deps), { run: RUN }),
    tell: (with_ = deps) => mockActivity().run(notify(with_), { run: RUN, receiver: 'config/webhook' }),
  };
}

const told = (received: readonly { readonly body: string }[]) =>
  received.map(({ body }) => JSON.parse(body) as { id: string; repeat: boolean });

describe('notifying a receiver', () => {
  it('tells each event once, however often the activity runs', async () => {
    const { url, received } = await httpReceiver();
    const { who, tell } = await judgedRun({ url });
    expect(await who()).toEqual(['config/webhook']);
    await tell();
    await tell();
    expect(told(received)).toMatchObject([{ repeat: false }, { repeat: false }]);
    expect(new Set(told(received).map(({ id }) => id)).size).toBe(2);
  });

  it('tells only the events that are left after one that failed', async () => {
    const { url, received } = await httpReceiver(200, 503);
    const { tell } = await judgedRun({ url });
    await expect(tell()).rejects.toMatchObject({ type: 'NotDelivered', nonRetryable: false });
    await tell();
    const [first, failed, again] = told(received);
    expect(received).toHaveLength(3);
    expect(again).toMatchObject({ id: failed!.id, repeat: true });
    expect(first!.id).not.toBe(failed!.id);
  });

  it('marks as a repeat what a worker sent that died before it recorded that', async () => {
    const { url, received } = await httpReceiver();
    const { tell, store, deps } = await judgedRun({ url });
    const dying = { ...store, sinkDone: () => Promise.reject(new Error('the worker died')) };
    await expect(tell({ ...deps, store: dying })).rejects.toThrow('the worker died');
    await tell();
    const [first, again] = told(received);
    expect(again).toEqual({ ...first, repeat: true });
    expect(received).toHaveLength(3);
  });

  it('leaves out a receiver that does not want the events', async () => {
    const { url } = await httpReceiver();
    const { who } = await judgedRun({ url, on: ['improved'] });
    expect(await who()).toEqual([]);
  });

  it('leaves no secret in the data directory', async () => {
    const { url } = await httpReceiver();
    const { tell, store, dataDirectory, deps } = await judgedRun({ url: `${url}?key=hunter2` });
    await tell();
    await mockActivity().run(publish(deps), { run: RUN });
    await store.close();
    const files = readdirSync(dataDirectory, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.map(({ name }) => name)).toContain('result.json');
    for (const { parentPath, name } of files) {
      expect(readFileSync(join(parentPath, name)).includes('hunter2')).toBe(false);
    }
  });
});

describe('publishing again', () => {
  it('adds who was not notified to the result and the report, once', async () => {
    const { deps, store } = await judgedRun({ url: 'http://127.0.0.1:1' });
    const notes = ['Receiver config/webhook was not notified: it answered 503.'];
    await mockActivity().run(publish(deps), { run: RUN });
    await mockActivity().run(publish(deps), { run: RUN, notes });
    const folder: string = await mockActivity().run(publish(deps), { run: RUN, notes });
    expect((await store.result(RUN.runId))?.notes.filter((note) => note === notes[0])).toEqual(notes);
    expect(JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')).notes).toContain(notes[0]);
    expect(readFileSync(join(folder, 'report.md'), 'utf8')).toContain('was not notified');
  });
});
