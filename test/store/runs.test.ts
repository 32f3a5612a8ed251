import { expect, test } from 'vitest';
import { measured, notAvailable } from '../../src/model/measurement.ts';
import type { Problem } from '../../src/model/failure.ts';
import type { ProjectFiles } from '../../src/model/project-files.ts';
import type { RunResult } from '../../src/model/result.ts';
import type { HostFacts, RunFacts, SourceFacts } from '../../src/model/run.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { freshPlace } from './place.ts';
import { keyOf, NEW_RUN, PLAN, recordOf, RUN } from './samples.ts';

const SOURCE: SourceFacts = {
  origin: '/home/me/shop',
  directory: '/data/runs/run-1/source',
  commit: '94f955e0',
  branch: 'main',
  dirty: true,
};

const PROJECT_FILES: ProjectFiles = {
  dockerfiles: [],
  dockerignores: [{ file: '.dockerignore', patterns: [{ line: 1, pattern: '.git', negated: false }], leftOut: 0 }],
  composeFiles: [],
  pytest: null,
  unread: [{ file: 'Dockerfile', reason: { kind: 'tooLarge', bytes: 2_000_000 } }],
};

function host(id: string): HostFacts {
  const key = { cpuModel: 'AMD EPYC', cores: 2, memoryGib: 7.5, engineMajor: '28' };
  return { id, fingerprint: { key, detail: { kernel: '6.1.0', compose: '2.40.1' } } };
}

const PROBLEM: Problem = { type: 'BuildFailed', what: 'Step 3 failed.', next: 'See the last lines.', detail: 'E: …' };

function resultWith(verdict: RunResult['verdict']): RunResult {
  return { schemaVersion: 2, runId: RUN.runId, verdict, summary: `It is ${verdict}.` } as RunResult;
}

async function emptyStore(): Promise<Store> {
  return openStore(await freshPlace());
}

test('a run that has only been opened has facts, of which nothing else is known', async () => {
  const store = await emptyStore();
  await store.openRun(NEW_RUN);
  expect(await store.loadFacts(RUN)).toEqual({
    run: RUN,
    startedAt: NEW_RUN.startedAt,
    finishedAt: null,
    project: 'shop',
    plan: null,
    service: null,
    source: null,
    hosts: [],
    standIns: [],
    builds: [],
    startup: null,
    trials: [],
    measurements: [],
    problems: [],
    notes: [],
    cancelled: false,
    projectFiles: null,
  } satisfies RunFacts);
  await store.close();
});

test('a whole run comes back as it was stored', async () => {
  const store = await emptyStore();
  const standIns = [{ image: 'python:3.12', standIn: 'paceline/stand-in-python:3.11' }];
  const counts = { steps: { total: 5, cached: 0 }, imageBytes: null, profile: null };
  const image = { services: ['test'], tag: 't', seconds: 20.5, ...counts };
  const cold = { mode: 'cold' as const, images: [image], change: null };
  const warm = {
    mode: 'warm' as const,
    images: [{ ...image, seconds: 1, steps: { total: 5, cached: 5 } }],
    change: null,
  };
  const startup = {
    seconds: 3.5,
    services: [{ service: 'db', seconds: 3.5, state: 'healthy' as const, timeline: null }],
  };
  const coldSeconds = measured('build.cold.duration', 20.5, 'buildkit', { service: 'test' });
  const startupSeconds = measured('startup.duration', 3.5, 'engine');
  const latency = notAvailable('network.latency', 'Nothing measures it.', 'service-probe');

  await store.openRun(NEW_RUN);
  await store.addHost(RUN, host('host-1'));
  await store.setSource(RUN, SOURCE);
  await store.setPlan(RUN, { plan: PLAN, service: 'test', project: 'the-shop', standIns });
  await store.setProjectFiles(RUN, PROJECT_FILES);
  await store.saveBuild(RUN, warm, []);
  await store.saveBuild(RUN, cold, [coldSeconds]);
  await store.saveStartup(RUN, startup, [startupSeconds, latency]);
  await store.commitTrial(keyOf(), recordOf(), []);
  await store.addNotes(RUN, ['a note']);
  await store.addProblems(RUN, [PROBLEM]);
  await store.finishRun(RUN, { result: resultWith('error'), verdict: 'error', finishedAt: '2026-01-01T00:05:00.000Z' });

  expect(await store.build(RUN, 'cold')).toEqual(cold);
  expect(await store.startup(RUN)).toEqual(startup);
  expect(await store.loadFacts(RUN)).toEqual({
    run: RUN,
    startedAt: NEW_RUN.startedAt,
    finishedAt: '2026-01-01T00:05:00.000Z',
    project: 'the-shop',
    plan: PLAN,
    service: 'test',
    source: SOURCE,
    hosts: [host('host-1')],
    standIns,
    builds: [cold, warm],
    startup,
    trials: [recordOf()],
    measurements: [coldSeconds, startupSeconds, latency],
    problems: [PROBLEM],
    notes: ['a note'],
    cancelled: false,
    projectFiles: PROJECT_FILES,
  } satisfies RunFacts);
  await store.close();
});

test.each([
  ['clean', false],
  ['dirty', true],
  ['outside git', null],
])('a source that is %s stays so', async (_, dirty) => {
  const store = await emptyStore();
  await store.openRun(NEW_RUN);
  await store.setSource(RUN, { ...SOURCE, dirty });
  expect((await store.loadFacts(RUN)).source).toEqual({ ...SOURCE, dirty });
  await store.close();
});

test('everything that an activity stores may be stored again by its next attempt', async () => {
  const store = await emptyStore();
  const build = (seconds: number) => ({
    mode: 'cold' as const,
    images: [{ services: ['test'], tag: 't', seconds, steps: { total: 5, cached: 0 }, imageBytes: 1, profile: null }],
    change: null,
  });
  for (const seconds of [20, 99]) {
    await store.openRun({ ...NEW_RUN, startedAt: `2026-01-01T00:00:${seconds}.000Z` });
    await store.addHost(RUN, host('host-1'));
    await store.addHost(RUN, host('host-2'));
    await store.addNotes(RUN, ['one', 'two', 'one']);
    await store.addProblems(RUN, [PROBLEM, { ...PROBLEM, what: 'Another.' }]);
    const measurements = [measured('build.cold.duration', seconds, 'buildkit')];
    expect(await store.saveBuild(RUN, build(seconds), measurements)).toEqual(build(20));
  }
  const facts = await store.loadFacts(RUN);
  expect(facts.startedAt).toBe('2026-01-01T00:00:20.000Z');
  expect(facts.hosts.map(({ id }) => id)).toEqual(['host-1', 'host-2']);
  expect(facts.notes).toEqual(['one', 'two']);
  expect(facts.problems).toEqual([PROBLEM, { ...PROBLEM, what: 'Another.' }]);
  expect(facts.measurements).toEqual([measured('build.cold.duration', 20, 'buildkit')]);
  await store.close();
});

test('the first result counts', async () => {
  const store = await emptyStore();
  await store.openRun(NEW_RUN);
  expect(await store.result(RUN.runId)).toBeNull();
  const conclude = (verdict: RunResult['verdict'], finishedAt: string) =>
    store.finishRun(RUN, { result: resultWith(verdict), verdict, finishedAt });
  expect(await conclude('cancelled', '2026-01-01T00:05:00.000Z')).toEqual(resultWith('cancelled'));
  expect(await conclude('pass', '2026-01-01T00:06:00.000Z')).toEqual(resultWith('cancelled'));
  expect(await store.result(RUN.runId)).toEqual(resultWith('cancelled'));
  expect(await store.loadFacts(RUN)).toMatchObject({ cancelled: true, finishedAt: '2026-01-01T00:05:00.000Z' });
  await store.close();
});

test.each([
  [{ path: '/home/me/my shop' }, 'my shop'],
  [{ path: '/home/me/shop/' }, 'shop'],
  [{ path: '/' }, '/'],
  [{ git: 'https://example.invalid/team/shop.git' }, 'shop'],
  [{ git: 'git@example.invalid:shop' }, 'shop'],
  [{ git: 'https://example.invalid/team/shop.git/' }, 'shop'],
])('before its plan is known, the project of %j is called %s', async (source, project) => {
  const store = await emptyStore();
  await store.openRun({ ...NEW_RUN, source });
  expect((await store.loadFacts(RUN)).project).toBe(project);
  await store.close();
});

test('runs are listed by project, the newest first, up to a limit', async () => {
  const store = await emptyStore();
  for (const [runId, path, minute] of [
    ['a', '/shop', '01'],
    ['b', '/other', '02'],
    ['c', '/shop', '03'],
  ] as const) {
    const startedAt = `2026-01-01T00:${minute}:00.000Z`;
    await store.openRun({ ...NEW_RUN, run: { workflowId: `w-${runId}`, runId }, source: { path }, startedAt });
  }
  const ids = async (filter?: Parameters<Store['listRuns']>[0]) =>
    (await store.listRuns(filter)).map(({ run }) => run.runId);
  expect(await ids()).toEqual(['c', 'b', 'a']);
  expect(await ids({ project: 'shop' })).toEqual(['c', 'a']);
  expect(await ids({ project: 'shop', limit: 1 })).toEqual(['c']);
  expect(await ids({ project: "shop' or '1'='1" })).toEqual([]);
  expect((await store.listRuns({ limit: 1 }))[0]).toEqual({
    run: { workflowId: 'w-c', runId: 'c' },
    project: 'shop',
    startedAt: '2026-01-01T00:03:00.000Z',
    finishedAt: null,
    verdict: null,
    commit: null,
    branch: null,
    kind: 'benchmark',
    parent: null,
  });
  await store.close();
});

test('lists unfinished runs, oldest first', async () => {
  const store = await emptyStore();
  const runs = ['a', 'b', 'c'].map((runId) => ({ runId, workflowId: `w-${runId}` }));
  for (const [minute, run] of runs.entries()) {
    await store.openRun({ ...NEW_RUN, run, startedAt: `2026-01-01T00:0${minute}:00.000Z` });
  }
  const finishedAt = '2026-01-01T00:09:00.000Z';
  await store.finishRun(runs[1]!, { result: resultWith('pass'), verdict: 'pass', finishedAt });
  expect(await store.unfinishedRuns()).toEqual([runs[0], runs[2]]);
  await store.close();
});

test('a sink is claimed once, and an attempt without an end differs from one that is done', async () => {
  const store = await emptyStore();
  await store.openRun(NEW_RUN);
  const answers = [await store.claimSink(RUN, 'report'), await store.claimSink(RUN, 'report')];
  await store.sinkDone(RUN, 'report');
  answers.push(await store.claimSink(RUN, 'report'), await store.claimSink(RUN, 'github'));
  expect(answers).toEqual(['new', 'unfinished', 'done', 'new']);
  await store.close();
});

test('a tear-down is added to the start-up before it, once', async () => {
  const store = await emptyStore();
  await store.openRun(NEW_RUN);
  const startup = { seconds: 3.5, services: [] };
  const tearDown = { seconds: 2, services: [] };
  const seconds = measured('teardown.duration', 2, 'engine');
  await store.saveTearDown(RUN, { ...startup, tearDown }, [seconds]);
  expect(await store.startup(RUN)).toBeNull();
  await store.saveStartup(RUN, startup, []);
  await store.saveTearDown(RUN, { ...startup, tearDown }, [seconds]);
  await store.saveTearDown(RUN, { ...startup, tearDown: null }, [measured('teardown.duration', 9, 'engine')]);
  expect(await store.startup(RUN)).toEqual({ ...startup, tearDown });
  expect((await store.loadFacts(RUN)).measurements).toEqual([seconds]);
  await store.close();
});

test.each<[string, (store: Store) => Promise<unknown>]>([
  ['setSource', (store) => store.setSource(RUN, SOURCE)],
  ['addNotes', (store) => store.addNotes(RUN, ['note'])],
  ['saveStartup', (store) => store.saveStartup(RUN, { seconds: 1, services: [] }, [])],
  ['saveTearDown', (store) => store.saveTearDown(RUN, { seconds: 1, services: [], tearDown: null }, [])],
  ['intend', (store) => store.intend(keyOf())],
  ['commitTrial', (store) => store.commitTrial(keyOf(), recordOf(), [])],
  ['claimSink', (store) => store.claimSink(RUN, 'report')],
  ['sinkDone', (store) => store.sinkDone(RUN, 'report')],
  ['loadFacts', (store) => store.loadFacts(RUN)],
])('%s reports an unknown run', async (_, ask) => {
  const store = await emptyStore();
  await expect(ask(store)).rejects.toMatchObject({
    problem: { type: 'RunUnknown', what: 'Run run-1 is not in the store of this data directory.' },
  });
  await store.close();
});
