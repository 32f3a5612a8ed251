import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { acceptAlerts, historyFileName, loadHistory, saveHistory } from '../../../src/cli/ci/history.ts';
import { candidateAlert } from '../../../src/analysis/regression/alert.ts';
import { readKeptRuns, writeKeptRuns } from '../../../src/data/kept-runs.ts';
import type { KeptRun } from '../../../src/model/kept-run.ts';
import { openStore } from '../../../src/store/store.ts';
import { CANDIDATE } from '../../support/candidate.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const RUN = { runId: CANDIDATE.point.runId, workflowId: 'w' };
const KEPT: KeptRun = {
  keptRunVersion: 1,
  run: RUN,
  project: 'fake',
  startedAt: CANDIDATE.point.at,
  finishedAt: CANDIDATE.point.at,
  commit: 'abc1234',
  branch: 'main',
  verdict: 'regressed',
  entries: [{ key: CANDIDATE.key, point: CANDIDATE.point }],
  alerts: [{ ...candidateAlert(CANDIDATE), state: 'confirmed' }],
  acknowledged: [],
};

async function withFile(text: string | null) {
  const folder = temporaryFolder();
  const path = join(folder, 'history');
  mkdirSync(path);
  if (text !== null) writeFileSync(join(path, historyFileName('fake')), text);
  const store = await openStore({ dataDirectory: folder });
  return { store, place: { kind: 'file', path } as const };
}

test('the first job ever finds nothing, and its message names that', async () => {
  const { store, place } = await withFile(null);
  expect(await loadHistory(store, place, 'fake')).toBe('There is no history of fake yet.');
  await store.close();
});

test('a history that is damaged costs its damaged lines alone', async () => {
  const { store, place } = await withFile(`${writeKeptRuns([KEPT])}{"keptRun\n`);
  expect(await loadHistory(store, place, 'fake')).toBe(
    'History of fake: 1 run, 1 of them new here. 1 lines could not be read and were skipped.',
  );
  await store.close();
});

test('a job takes the runs of its own project alone', async () => {
  const other = { ...KEPT, project: 'another', run: { ...RUN, runId: 'other' } };
  const { store, place } = await withFile(writeKeptRuns([KEPT, other]));
  await loadHistory(store, place, 'fake');
  expect(await store.projects()).toEqual(['fake']);
  await store.close();
});

test('an accepted alert is accepted for the jobs after this one', async () => {
  const first = await withFile(writeKeptRuns([KEPT]));
  await loadHistory(first.store, first.place, 'fake');
  expect(await acceptAlerts(first.store, 'fake', { id: 'all', by: 'octocat' })).toEqual([CANDIDATE.alertId]);
  await saveHistory(first.store, first.place, 'fake');
  const second = await openStore({ dataDirectory: temporaryFolder() });
  await loadHistory(second, first.place, 'fake');
  expect(await second.alerts({ open: true })).toEqual([]);
  const [history] = await second.seriesHistories([CANDIDATE.key]);
  expect(history?.events).toMatchObject([{ kind: 'acknowledged', reason: 'Accepted in CI by octocat.' }]);
  await Promise.all([first.store.close(), second.close()]);
});

test('what is saved is merged with what another job has saved meanwhile', async () => {
  const { store, place } = await withFile(null);
  await store.addKeptRuns([KEPT]);
  const meanwhile = { ...KEPT, run: { ...RUN, runId: 'another' } };
  writeFileSync(join(place.path, historyFileName('fake')), writeKeptRuns([meanwhile]));
  await saveHistory(store, place, 'fake');
  await loadHistory(store, place, 'fake');
  const kept = await store.keptRuns({ project: 'fake', limit: 9 });
  expect(kept.map(({ run }) => run.runId).toSorted()).toEqual(['another', 'r']);
  expect(readKeptRuns(writeKeptRuns(kept)).runs).toHaveLength(2);
  await store.close();
});
