import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RegressionAlert, SeriesKey } from '../../src/model/regression.ts';
import type { RunResult } from '../../src/model/result.ts';
import { openStore } from '../../src/store/store.ts';
import { pacelineHere } from '../support/paceline.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PASS = JSON.parse(readFileSync(new URL('../golden/pass/result.json', import.meta.url), 'utf8')) as RunResult;
const KEY: SeriesKey = {
  project: 'shop',
  metric: 'trial.duration',
  scenario: 'full-test-suite',
  lane: { cpus: 2, memoryBytes: null },
  fingerprint: { cpuModel: 'AMD EPYC', cores: 2, memoryGib: 7.5, engineMajor: '28' },
  source: 'engine',
};
/** The tenth night is 30 % slower than the nights before. */
const SECONDS = [30, 30.4, 29.8, 30.2, 30.1, 29.9, 30.3, 30, 29.7, 39.2, 34.9];

function idOf(night: number): string {
  return `0000000${night.toString(16)}-aaaa-bbbb`;
}

function alertOf(night: number): RegressionAlert {
  return {
    id: 'feedbeef0001',
    kind: 'regression',
    state: 'confirmed',
    direction: 'slower',
    key: KEY,
    runId: idOf(night),
    commit: 'c9c9c9c9c9',
    at: timeOf(night),
    value: 39.2,
    baseline: {
      kind: 'baseline',
      n: 9,
      window: 30,
      median: 30,
      sigma: 0.01,
      sigmaFrom: 'history',
      segmentStart: timeOf(0),
      commit: 'c8c8c8c8c8',
      newestRunId: idOf(8),
      runIds: [idOf(7), idOf(8)],
      tests: { kind: 'same' },
    },
    threshold: 0.2,
    floor: 2,
    ratio: 1.31,
    interval: { low: 1.26, high: 1.36, coverage: 0.98 },
    n: 5,
    gates: [
      { name: 'threshold', passed: true, message: '+31 %, threshold 20 %' },
      { name: 'pairs', passed: true, message: '5 pairs on one host' },
    ],
    decidedBy: 'pairs',
    message: 'Scenario full-test-suite is 31 % slower than before.',
    moved: [{ kind: 'test', name: 'tests/test_pay.py::test_refund', baseSeconds: 2, headSeconds: 11, share: 0.98 }],
  };
}

function timeOf(night: number): string {
  return new Date(Date.UTC(2026, 2, 1 + night, 2, 30)).toISOString();
}

/** Eleven nights with directories. The newest is still running, and the tenth misses the total target. */
async function nights(): Promise<string> {
  const dataDirectory = temporaryFolder();
  const store = await openStore({ dataDirectory });
  for (const [night, value] of SECONDS.entries()) {
    const run = { runId: idOf(night), workflowId: `benchmark/shop/c${night}` };
    const startedAt = timeOf(night);
    await store.openRun({ run, instance: 'i', source: { path: '/home/me/shop' }, startedAt });
    mkdirSync(join(dataDirectory, 'runs', run.runId), { recursive: true });
    const point = { commit: `c${night}`.repeat(5), dirty: false, samples: 3, disturbed: null, tests: null };
    await store.savePoints(run, [
      { key: KEY, point: { ...point, runId: run.runId, at: startedAt, value, alertState: null } },
    ]);
    if (night === SECONDS.length - 1) continue;
    const verdict = value > 35 ? ('missed' as const) : ('pass' as const);
    const total = { ...PASS.phases.total, seconds: value + 60, target: 95, verdict };
    const result = { ...PASS, runId: run.runId, verdict, phases: { ...PASS.phases, total } };
    await store.finishRun(run, { result, verdict, finishedAt: startedAt });
  }
  await store.saveAlerts({ runId: idOf(9), workflowId: 'x' }, [alertOf(9)]);
  await store.close();
  return dataDirectory;
}

async function say(dataDirectory: string, ...argv: readonly string[]) {
  return pacelineHere([...argv, '--data-dir', dataDirectory], { cwd: dataDirectory });
}

async function json(dataDirectory: string, ...argv: readonly string[]): Promise<any> {
  const { stdout } = await say(dataDirectory, ...argv, '--json');
  return JSON.parse(stdout) as unknown;
}

test('lists runs, newest first, with their verdicts', async () => {
  const data = await nights();
  const { code, stdout } = await say(data, 'history');
  const lines = stdout.split('\n');
  expect(code).toBe(0);
  expect(lines[0]).toBe('RUN       BEGAN (UTC)       VERDICT  TOTAL       COMMIT  PROJECT');
  expect(lines[1]).toBe('0000000a  2026-03-11 02:30  running  –           –       shop');
  expect(lines[2]).toBe('00000009  2026-03-10 02:30  missed   1 min 39 s  –       shop');
  expect(await json(data, 'history', 'list', '--limit', '1')).toMatchObject([{ runId: idOf(10), verdict: null }]);
  expect((await say(data, 'history', 'list', '--project', 'other')).stdout).toContain('No run of other is recorded');
});

test('lists targets with the share of runs that met them, worst first', async () => {
  const data = await nights();
  const { stdout } = await say(data, 'history', 'targets');
  expect(stdout).toContain('shop: the last 10 clean runs (30 at most)');
  expect(stdout.split('\n')[2]).toBe('90 %   9/10     1 min 39 s  < 1 min 35 s  Total');
  const { shop } = await json(data, 'history', 'targets', '--limit', '5');
  expect(shop[0]).toMatchObject({ name: 'Total', met: 4, judged: 5 });
});

test('a regression is listed, explained and acknowledged; then it is no longer open', async () => {
  const data = await nights();
  const { stdout } = await say(data, 'history', 'regressions', '--open');
  expect(stdout).toMatch(
    /^feedbeef {2}confirmed {2}2026-03-10 02:30 {2}\+31 % {3}c9c9c9c {2}Scenario full-test-suite of shop$/m,
  );
  const explained = (await say(data, 'explain', 'feed')).stdout;
  for (const part of [
    'Scenario full-test-suite is 31 % slower than before.',
    '+31 % (+26 % to +36 % at 98 %)',
    'the median of 9 clean runs (at most 30)',
    '5 pairs of base and head',
    '✅ +31 %, threshold 20 %',
    '98 % in test tests/test_pay.py::test_refund: 2 s before, 11 s now',
  ]) {
    expect(explained).toContain(part);
  }
  const acknowledged = await say(data, 'ack', 'feed', '--reason', ' The new index is worth it. ');
  expect(acknowledged.stdout).toContain('the new level is the baseline');
  expect((await say(data, 'history', 'regressions', '--open')).stdout).toContain('No open regression is recorded');
  expect((await say(data, 'explain', 'feedbeef0001')).stdout).toContain('The new index is worth it.');
  expect(await json(data, 'history', 'regressions')).toMatchObject([
    { acknowledged: { reason: 'The new index is worth it.' } },
  ]);
});

test('a run is shown with its alerts, their ids and states; its report has none', async () => {
  const data = await nights();
  const line = /^feedbeef {2}confirmed {2}2026-03-10 02:30 /m;
  expect((await say(data, 'history', 'show', idOf(9))).stdout).toMatch(line);
  expect((await say(data, 'history', 'show', idOf(8))).stdout).not.toContain('ALERT');
  expect((await say(data, 'report', idOf(9))).stdout).not.toMatch(line);
});

test("the sides of a run's confirmation do not make the beginning of its id unclear", async () => {
  const data = await nights();
  const store = await openStore({ dataDirectory: data });
  const side = { runId: `${idOf(9).slice(0, 8)}-cccc.base`, workflowId: 'confirm' };
  const source = { path: '/home/me/shop' };
  await store.openRun({ run: side, instance: 'i', source, startedAt: timeOf(9), kind: 'comparison', parent: idOf(9) });
  await store.close();
  expect((await say(data, 'report', '00000009')).code).toBe(0);
  expect((await say(data, 'report', side.runId)).stderr).toContain(`Run ${side.runId} has no result`);
});

test('shows "not known" for the cause of an alert whose profiles are gone', async () => {
  const data = await nights();
  const store = await openStore({ dataDirectory: data });
  const { moved: _, ...alert } = alertOf(8);
  await store.saveAlerts({ runId: idOf(8), workflowId: 'x' }, [{ ...alert, id: 'abba0002', baseline: null }]);
  await store.close();
  expect((await say(data, 'explain', 'abba')).stdout).toMatch(/What moved +not known/);
});

test('resets a series from a run on and keeps its points', async () => {
  const data = await nights();
  const { series } = await json(data, 'history', 'series');
  expect(series).toMatchObject([{ points: 11, key: KEY }]);
  const { stdout } = await say(data, 'reset', series[0].id.slice(0, 6), '--reason', 'New disk.', '--from', '00000005');
  expect(stdout).toContain('A new baseline begins at 2026-03-06 02:30 UTC. The 11 earlier points are kept');
  const store = await openStore({ dataDirectory: data });
  const [history] = await store.seriesHistories([KEY]);
  expect(history).toMatchObject({ events: [{ kind: 'reset', at: timeOf(5), reason: 'New disk.' }] });
  expect(history!.points).toHaveLength(11);
  await store.close();
});

test.each([
  ['15%', [idOf(9), idOf(10)]],
  ['25%', [idOf(9)]],
  ['0.4', [idOf(9)]],
])('lists the nights that a threshold of %s would have suspected, or the real ones', async (threshold, ids) => {
  const data = await nights();
  const rows = await json(data, 'history', 'rejudge', '--regression', threshold, '--floor', '2s');
  expect(rows.map(({ runId }: { runId: string }) => runId)).toEqual(ids);
  expect(rows[0]).toMatchObject({ alerted: 'confirmed', suspected: threshold !== '0.4' });
  const { stdout } = await say(data, 'history', 'rejudge', '--regression', threshold, '--floor', '2s');
  expect(stdout).toContain('The actual number was 1.');
});

test('pruning lists what it deletes, asks first, and keeps runs of an open alert', async () => {
  const data = await nights();
  const folders = () => readdirSync(join(data, 'runs')).length;
  const dry = await say(data, 'history', 'prune', '--keep', '1', '--dry-run');
  expect(dry.stdout).toContain('7 runs of');
  expect(folders()).toBe(11);
  const unasked = await say(data, 'history', 'prune', '--keep', '1');
  expect(unasked.code).toBe(2);
  expect(unasked.stderr).toContain('Use --yes');
  expect((await say(data, 'history', 'prune')).stderr).toContain('Use --keep 100');
  const { stdout } = await say(data, 'history', 'prune', '--keep', '1', '--yes');
  expect(stdout).toContain('7 runs deleted.');
  expect(readdirSync(join(data, 'runs')).sort()).toEqual([idOf(7), idOf(8), idOf(9), idOf(10)]);
  expect((await json(data, 'history', 'list')).map(({ runId }: { runId: string }) => runId)).toEqual(
    [10, 9, 8, 7].map(idOf),
  );
  expect((await say(data, 'history', 'prune', '--keep', '1', '--older-than', '90d')).stdout).toContain(
    'Nothing to prune',
  );
});

test('renders a report from the store', async () => {
  const data = await nights();
  expect((await json(data, 'report', '00000009')).verdict).toBe('missed');
  expect((await say(data, 'history', 'show', '00000003', '--format', 'markdown')).stdout).toContain('#');
  await say(data, 'report', '00000003', '--output', 'out');
  expect(existsSync(join(data, 'out', 'report.md'))).toBe(true);
  expect(existsSync(join(data, 'out', 'report.html'))).toBe(true);
  expect((await say(data, 'report', '00000003', '--format', 'html')).stdout).toMatch(/^<!doctype html>/);
  const unfinished = await say(data, 'report');
  expect(unfinished.stderr).toContain('has no result: it is still running');
  expect((await say(data, 'report', '0000000')).stderr).toContain('Several runs begin with `0000000`.');
  expect((await say(data, 'report', 'zz')).stderr).toContain('begins with `zz`');
});

test('writes a stored run in the formats of other tools', async () => {
  const data = await nights();
  const { stdout } = await say(data, 'report', '00000009', '--format', 'junit');
  expect(stdout).toMatch(/^<\?xml [^]*<failure type="target"[^]*<\/testsuites>\n$/);
  const formats = ['--format', 'openmetrics', '--format', 'csv'];
  expect((await say(data, 'report', '00000009', ...formats)).stderr).toContain('needs a directory for the files');
  await say(data, 'report', '00000009', ...formats, '--output', 'exchange');
  expect(readdirSync(join(data, 'exchange')).sort()).toEqual([
    'figures.csv',
    'metrics.txt',
    'report.html',
    'report.md',
    'result.json',
  ]);
  const unknown = await say(data, 'report', '--format', 'xml');
  expect(unknown).toMatchObject({ code: 2 });
  expect(unknown.stderr).toContain('Allowed choices are terminal, html, markdown, json, junit');
});

test('lists comparisons, and shows the report of one', async () => {
  const data = await nights();
  expect((await say(data, 'history', 'comparisons')).stdout).toContain('No comparison is recorded');
  const runId = '0abcdef0-aaaa-bbbb';
  const side = { commit: '1a2b3c4d' };
  mkdirSync(join(data, 'runs', runId));
  const comparison = {
    schemaVersion: 2,
    verdict: 'noChange',
    summary: 'No part is slower.',
    runId,
    workflowId: 'compare/shop',
    project: 'shop',
    startedAt: timeOf(12),
    base: { ref: 'main', ...side },
    head: { ref: 'topic', ...side },
    parts: [],
    errors: [],
    notes: [],
  };
  writeFileSync(join(data, 'runs', runId, 'comparison.json'), JSON.stringify(comparison));
  expect((await say(data, 'history', 'comparisons')).stdout).toBe(
    'COMPARISON  BEGAN (UTC)       VERDICT    BASE            HEAD             PROJECT\n' +
      '0abcdef0    2026-03-13 02:30  no change  main (1a2b3c4)  topic (1a2b3c4)  shop\n',
  );
  expect((await say(data, 'report', '0abc')).stdout).toContain(
    'no change  shop: main (1a2b3c4) against topic (1a2b3c4)',
  );
  expect(await json(data, 'report', '0abc')).toMatchObject({ runId, verdict: 'noChange' });
  expect((await say(data, 'report', '0')).stderr).toContain('A run and a comparison begin with `0`.');
});

test('imports what was exported, as a separate series that is never a baseline', async () => {
  const data = await nights();
  for (const format of ['csv', 'jsonl', 'github-action-benchmark']) {
    const { stdout, stderr } = await say(data, 'history', 'export', '--format', format);
    expect(stderr).toBe('11 points written.\n');
    writeFileSync(join(data, format), stdout);
    const imported = await say(data, 'history', 'import', format, '--as', 'elsewhere');
    expect(imported.stdout).toContain(`Read 11 points of 1 series from ${format}`);
  }
  const { series, imported } = await json(data, 'history', 'series');
  expect(series).toHaveLength(1);
  expect(imported).toMatchObject([{ origin: 'elsewhere', name: 'shop/full-test-suite', points: 11 }]);
  const again = await say(data, 'history', 'export', '--imported', 'elsewhere', '--format', 'csv');
  expect(again.stdout.split('\r\n')).toHaveLength(13);
  const metrics = await say(data, 'history', 'export', '--format', 'openmetrics', '--output', 'om');
  expect(metrics.stdout).toBe('');
  expect(readFileSync(join(data, 'om'), 'utf8')).toMatch(/^# TYPE paceline_trial_duration_seconds gauge\n[^]*# EOF\n$/);
});

test('an import reports what it skips, renames or assumes', async () => {
  const data = await nights();
  const write = (rows: string) => writeFileSync(join(data, 'x.csv'), `name,value,date,commit\n${rows}`);
  write('a,1,2026-03-01,main\na,2,2026-03-01,main\na,1,2026-03-01,main\n');
  const { stdout } = await say(data, 'history', 'import', 'x.csv');
  expect(stdout.split('\n').slice(1)).toEqual([
    'Skipped: `a` (line 4): it is identical to the figure in line 2.',
    'Renamed: `a` (line 3) is stored as `a (2)`, because another figure has the same name and time.',
    '`main` (line 2) is not the id of a commit, and is ignored.',
    '3 dates have no time zone and are read as UTC. The first is 2026-03-01 (line 2).',
    '',
  ]);
  expect((await say(data, 'history', 'import', 'x.csv')).stdout).toContain('0 new, 2 already stored');
  write('a,5,2026-03-01T00:00:00Z,\n');
  expect((await say(data, 'history', 'import', 'x.csv')).stdout).toMatch(
    /: 0 new(?:, \d+ already stored)?\. .*\nSkipped: `a` of 2026-03-01T00:00:00\.000Z: it is 5 here, but 1 is already stored\. To keep both, import the file under another name with --as NAME\./,
  );
  expect(await json(data, 'history', 'import', 'x.csv')).toMatchObject({
    added: 0,
    known: 0,
    keptInstead: [{ given: { value: 5 }, kept: { value: 1 } }],
    notes: [],
  });
  for (const argv of [
    ['--at', '2026-03-01T12:00'],
    ['--commit', 'main'],
  ]) {
    expect((await say(data, 'history', 'import', 'x.csv', ...argv)).code).toBe(2);
  }
});

test('a file that cannot be imported leaves nothing behind', async () => {
  const data = await nights();
  writeFileSync(join(data, 'bad.csv'), 'name,value\na,1\nb,x\n');
  const { code, stderr } = await say(data, 'history', 'import', 'bad.csv');
  expect(code).toBe(2);
  expect(stderr).toContain('bad.csv cannot be imported: line 3: "x" is not a number.');
  expect((await json(data, 'history', 'series')).imported).toEqual([]);
  expect((await say(data, 'history', 'import', 'missing')).stderr).toContain('There is no file missing.');
});

test.each([
  [['history'], 'No run is recorded in'],
  [['history', 'targets'], 'No run is recorded in'],
  [['history', 'regressions'], 'No run is recorded in'],
  [['history', 'series'], 'No run is recorded in'],
  [['history', 'rejudge', '--regression', '15%'], 'No run is recorded in'],
])('before the first run, %j reports it and creates nothing', async (argv, said) => {
  const data = join(temporaryFolder(), 'none');
  const { code, stdout } = await pacelineHere([...argv, '--data-dir', data], { cwd: '/' });
  expect(code).toBe(0);
  expect(stdout).toContain(said);
  expect(existsSync(data)).toBe(false);
});

test.each([
  [['explain', 'x'], 'No run is recorded'],
  [['ack', 'x', '--reason', 'y'], 'No run is recorded'],
  [['ack', 'x'], 'required option'],
  [['report'], 'No run is recorded'],
  [['history', 'prune', '--older-than', 'soon'], 'Write it like 90d'],
  [['history', 'rejudge', '--regression', 'much'], 'Write it like 15%'],
  [['history', '--store', 'mysql://me:s3cret@db/x'], 'not a PostgreSQL URL'],
  [['history', '--store', 'postgresql://me:s3cret@127.0.0.1:1/x'], 'PostgreSQL cannot be reached'],
])('reports wrong usage: %j', async (argv, said) => {
  const data = join(temporaryFolder(), 'none');
  const { code, stderr } = await pacelineHere([...argv, '--data-dir', data], { cwd: '/' });
  expect(code).toBe(2);
  expect(stderr).toContain(said);
  expect(stderr).not.toContain('s3cret');
});
