/**
 * Starts many real runs of a tiny project (one cold build, one command) on one worker: fifty at once, then the rest in batches.
 * Measures the memory of the worker's process.
 *
 *     npm run bench:load-real [-- RUNS]
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client, Connection } from '@temporalio/client';
import { LABELS } from '../../src/docker/engine/labels.ts';
import { SHARED_QUEUE } from '../../src/model/activities.ts';
import type { RunResult } from '../../src/model/result.ts';
import { localEngine } from '../../test/support/local-engine.ts';
import { startPaceline } from '../../test/support/paceline.ts';

const QUEUED = 50;
const BATCH = 10;
const RUNS = Number(process.argv[2] ?? 200);
/** In kB; proc_pid_status(5). */
const RESIDENT = /^VmRSS:\s+(\d+) kB/m;

const local = await localEngine('load-real');
const root = realpathSync(mkdtempSync(join(tmpdir(), 'paceline-load-')));
const [project, dataDirectory] = [join(root, 'project'), join(root, 'data')];
layOut(project);
const up = startPaceline(['up', '--data-dir', dataDirectory]);
try {
  await up.until(/Press Ctrl-C to stop/);
  const { address } = JSON.parse(readFileSync(join(dataDirectory, 'server.json'), 'utf8')) as { address: string };
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  const first = await atOnce(client, QUEUED);
  console.log(`${QUEUED} real runs queued at once: ${words(first)}`);
  for (let runs = QUEUED + BATCH; runs <= RUNS; runs += BATCH) {
    const batch = await atOnce(client, BATCH);
    console.log(`after ${String(runs).padStart(4)} runs: resident ${residentMega().toFixed(0)} MB; ${words(batch)}`);
  }
  console.log(`left at the engine: ${await left()}; trials stored twice: ${storedTwice()}`);
  await connection.close();
} finally {
  up.child.kill('SIGTERM');
  await up.output;
  await local.cleanUp();
  rmSync(root, { recursive: true, force: true });
}

function layOut(folder: string): void {
  mkdirSync(folder);
  const files = {
    'Dockerfile.test': 'FROM python:3.11-slim\nCOPY Dockerfile.test /made-from\n',
    'paceline.yml': `project: load
build: { modes: [cold] }
scenarios:
  - { name: Nothing, command: python -c pass, target: "< 60 s" }
trials: { max: 1 }
`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

interface Ended {
  readonly seconds: number;
  /** By verdict. */
  readonly verdicts: ReadonlyMap<string, number>;
}

async function atOnce(client: Client, count: number): Promise<Ended> {
  const startedMs = performance.now();
  const handles = await Promise.all(
    Array.from({ length: count }, () =>
      client.workflow.start('benchmark', {
        taskQueue: SHARED_QUEUE,
        workflowId: `benchmark/load/${randomUUID()}`,
        args: [{ source: { path: project } }],
      }),
    ),
  );
  const results = (await Promise.all(handles.map((handle) => handle.result()))) as readonly RunResult[];
  const verdicts = new Map<string, number>();
  for (const { verdict } of results) verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
  return { seconds: (performance.now() - startedMs) / 1000, verdicts };
}

function words({ seconds, verdicts }: Ended): string {
  const counts = [...verdicts].map(([verdict, count]) => `${count} ${verdict}`).join(', ');
  const runs = [...verdicts.values()].reduce((sum, count) => sum + count, 0);
  return `${counts}, all ended after ${seconds.toFixed(1)} s, ${(seconds / runs).toFixed(2)} s a run`;
}

function residentMega(): number {
  const [, kilo] = RESIDENT.exec(readFileSync(`/proc/${up.child.pid}/status`, 'utf8')) ?? [];
  return (Number(kilo) * 1024) / 1e6;
}

async function left(): Promise<string> {
  const { instance } = query('select id as instance from instance')[0] as { instance: string };
  const objects = await local.engine.listByLabels({ [LABELS.instance]: instance });
  return Object.entries(objects)
    .map(([kind, each]) => `${each.length} ${kind}`)
    .join(', ');
}

function storedTwice(): number {
  return query('select run_id from trial group by run_id having count(*) > 1').length;
}

function query(statement: string): readonly unknown[] {
  const store = new DatabaseSync(join(dataDirectory, 'store.sqlite'), { readOnly: true });
  try {
    return store.prepare(statement).all();
  } finally {
    store.close();
  }
}
