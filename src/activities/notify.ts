/**
 * Notifies receivers of what a run found. The outbox has a row for each event and receiver. A worker that dies between sending
 * and recording leaves a row without an end, and the next attempt sends that event again, marked as a repeat. So an event
 * arrives at least once, and receivers recognise a repeat by its id.
 */
import type { NotifyEvent, Receiver } from '../model/notify.ts';
import type { RunRef } from '../model/run.ts';
import { configuredReceivers } from '../notify/config.ts';
import { deliveriesOf, send } from '../notify/send.ts';
import { eventsOf } from '../report/notify/events.ts';
import type { ActivityDeps, Make } from './support/deps.ts';
import { activity } from './support/attempt.ts';

export const receivers: Make<'receivers'> = (deps) =>
  activity({ phase: 'collecting' }, async ({ run }) => {
    const all = await receiversOf(deps, run);
    if (all.length === 0) return [];
    const events = await eventsOfRun(deps, run);
    return all.filter((receiver) => wanted(receiver, events).length > 0).map(({ name }) => name);
  });

export const notify: Make<'notify'> = (deps) =>
  activity({ phase: 'collecting' }, async ({ run, receiver: name }, { signal }) => {
    const { store, notifyEnv: env } = deps;
    const receiver = (await receiversOf(deps, run)).find((each) => each.name === name);
    // It was removed from the configuration meanwhile.
    if (receiver === undefined) return;
    const due: NotifyEvent[] = [];
    const repeats = new Set<string>();
    for (const event of wanted(receiver, await eventsOfRun(deps, run))) {
      const claim = await store.claimSink(run, sinkOf(receiver, event));
      if (claim !== 'done') due.push(event);
      if (claim === 'unfinished') repeats.add(event.id);
    }
    for (const events of deliveriesOf(receiver, due)) {
      await send(receiver, { events, repeat: events.some(({ id }) => repeats.has(id)) }, { env, signal });
      for (const event of events) await store.sinkDone(run, sinkOf(receiver, event));
    }
  });

async function receiversOf({ store, dataDirectory }: ActivityDeps, run: RunRef): Promise<readonly Receiver[]> {
  const { plan } = await store.loadFacts(run);
  return [...(plan?.notify ?? []), ...(await configuredReceivers(dataDirectory))];
}

async function eventsOfRun({ store }: ActivityDeps, { runId }: RunRef): Promise<readonly NotifyEvent[]> {
  const result = await store.result(runId);
  if (result === null) throw new Error(`run ${runId} is to be told before it is judged`);
  const stored = await store.alerts({ runId });
  return eventsOf(
    result,
    stored.map(({ alert }) => alert),
  );
}

function wanted({ on }: Receiver, events: readonly NotifyEvent[]): readonly NotifyEvent[] {
  return events.filter(({ kind }) => on.includes(kind));
}

function sinkOf({ name }: Receiver, { id }: NotifyEvent): string {
  return `notify/${name}/${id}`;
}
