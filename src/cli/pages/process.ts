/**
 * The process of the pages, which `start.ts` starts. It is one of its own because a page of a long history takes a second to make,
 * and the worker measures in the meantime. It ends with the process that started it.
 */
import { setPriority } from 'node:os';
import type { Client } from '@temporalio/client';
import { problemOfError } from './problem.ts';
import { listen } from '../../site/listen.ts';
import { siteApp } from '../../site/app.ts';
import { createSite } from '../../site/site.ts';
import { openStore, type Store } from '../../store/store.ts';
import { connect, temporalTarget } from '../../temporal-client/connect.ts';
import { liveRuns } from './live-runs.ts';
import type { FromPages, PagesSettings, ToPages } from './settings.ts';

/** Below everything that is measured. */
const NICE = 10;
const ANSWER_MS = 2_000;

const stop = new AbortController();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToPages) => {
  if (message.kind === 'stop') stop.abort();
  else void serve(message.settings);
});

async function serve(settings: PagesSettings): Promise<void> {
  try {
    lowerPriority();
    const store = await openStore({ dataDirectory: settings.dataDirectory, url: settings.storeUrl });
    const site = createSite(store, settings);
    const client = lazily(() => connectTo(settings.temporal));
    const app = siteApp({
      page: (path) => site.page(path),
      run: (runId) => storedRun(store, runId),
      comparison: (runId) => comparison(store, runId),
      live: liveRuns({ client, store, dataDirectory: settings.dataDirectory, uiUrl: uiUrlOf(settings) }),
      checks: { store: () => store.instanceId(), temporal: () => answers(client) },
      names: settings.names,
      stop: stop.signal,
      onError: (error) => process.stderr.write(`A page could not be made: ${String(error)}\n`),
    });
    const server = await listen({ ...settings, fetch: app.fetch });
    stop.signal.addEventListener('abort', () => void server.close().then(() => process.exit(0)));
    tell({ kind: 'listening', url: server.url });
  } catch (error) {
    tell({ kind: 'failed', problem: problemOfError(error) });
    process.exitCode = 1;
    process.disconnect?.();
  }
}

function tell(message: FromPages): void {
  process.send?.(message);
}

function lowerPriority(): void {
  try {
    setPriority(NICE);
  } catch {
    // Some sandboxes do not allow it. The pages work as well.
  }
}

/** Sides of a comparison have rows too, but no page of their own. */
async function storedRun(store: Store, runId: string) {
  const rows = await store.listRuns({ id: runId, limit: 20 });
  const row = rows.find(({ run, kind }) => run.runId === runId && kind === 'benchmark');
  return row === undefined ? null : { ...row.run, isFinished: row.finishedAt !== null };
}

/** The store has its sides, which belong to its workflow. */
async function comparison(store: Store, runId: string) {
  const rows = await store.listRuns({ id: `${runId}.`, limit: 1 });
  return rows[0] === undefined ? null : { runId, workflowId: rows[0].run.workflowId };
}

function connectTo({ address, namespace, isEmbedded }: PagesSettings['temporal']): Promise<Client> {
  const target = isEmbedded ? null : temporalTarget(process.env);
  if (target?.kind === 'configured') return connect(target);
  return connect({ address, namespace, connectionOptions: { address } });
}

async function answers(client: () => Promise<Client>): Promise<void> {
  const { connection, options } = await client();
  const { workflowService } = connection;
  await connection.withDeadline(Date.now() + ANSWER_MS, () =>
    workflowService.describeNamespace({ namespace: options.namespace }),
  );
}

/** Keeps what was made; tries again after a failure. */
function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
}

function uiUrlOf({ uiUrl, temporal }: PagesSettings) {
  if (uiUrl === null) return () => null;
  const folder = `${uiUrl.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(temporal.namespace)}/workflows`;
  return ({ workflowId, runId }: { readonly workflowId: string; readonly runId: string }) =>
    `${folder}/${encodeURIComponent(workflowId)}/${encodeURIComponent(runId)}`;
}
