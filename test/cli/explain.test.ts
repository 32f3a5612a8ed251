import { expect, test } from 'vitest';
import { seriesOf } from '../../src/analysis/regression/series.ts';
import type { RunFacts } from '../../src/model/run.ts';
import { openStore } from '../../src/store/store.ts';
import { compose, service, started } from '../analysis/attribution/sides.ts';
import { planOf } from '../analysis/facts.ts';
import { pacelineHere } from '../support/paceline.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Start-ups of one night each, in seconds of db's health, with the interval that the compose file had. */
async function nights(...seen: readonly (readonly [healthy: number, interval: string])[]): Promise<string> {
  const dataDirectory = temporaryFolder();
  const store = await openStore({ dataDirectory });
  for (const [night, [healthy, interval]] of seen.entries()) {
    const facts = started([service('db', [1, 2, healthy])], compose({ 'services.db.healthcheck.interval': interval }));
    const run = { runId: `0000000${night}-aaaa-bbbb`, workflowId: `benchmark/shop/${night}` };
    const startedAt = new Date(Date.UTC(2026, 2, 1 + night)).toISOString();
    await store.openRun({ run, instance: 'i', source: { path: '/home/me/shop' }, startedAt });
    await store.setPlan(run, { plan: planOf(), service: 'test', project: 'shop', standIns: [] });
    await store.setProjectFiles(run, facts.projectFiles!);
    await store.addHost(run, facts.hosts[0]!);
    await store.saveStartup(run, facts.startup!, []);
    const stored: RunFacts = await store.loadFacts(run);
    await store.savePoints(run, seriesOf(stored));
  }
  await store.close();
  return dataDirectory;
}

async function say(dataDirectory: string, ...argv: readonly string[]) {
  return pacelineHere(['explain', ...argv, '--data-dir', dataDirectory], { cwd: dataDirectory });
}

test('a run is explained against another one by the beginnings of their ids', async () => {
  const data = await nights([3, '1s'], [7, '6s']);
  const { code, stdout } = await say(data, '00000001', '00000000');
  expect(code).toBe(0);
  expect(stdout).toContain('Service start-up: 3 s → 7 s');
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    'healthcheck of db: interval 1s → 6s (compose.yml:1) explains 4 s of 4 s',
  );
  const { stdout: json } = await say(data, '00000001', '00000000', '--json');
  expect(JSON.parse(json)).toMatchObject({
    base: { runId: '00000000-aaaa-bbbb' },
    figures: [{ figure: { phase: 'startup' }, moved: true, causes: [{ class: 'healthcheck', name: 'db', share: 1 }] }],
  });
});

test('the other way round it became faster', async () => {
  const data = await nights([3, '1s'], [7, '6s']);
  expect((await say(data, '00000000', '00000001')).stdout).toContain('Service start-up: 7 s → 3 s, −57 %');
});

test('without a base it is the newest run of the baseline, and before there is one the run before', async () => {
  const data = await nights([3, '1s'], [3, '1s'], [3, '1s'], [7, '6s']);
  const ofBaseline = await say(data, '00000003');
  expect(ofBaseline.stdout).toContain('00000002-aaaa-bbbb');
  expect(ofBaseline.stdout).not.toContain('There is no baseline yet');
  const before = await say(data, '00000001');
  expect(before.stdout).toContain('Nothing moved.');
  expect(before.stdout).toContain('There is no baseline yet, so the run before is the base.');
});

test.each([
  ['the first run', ['00000000'], 'No earlier run can be compared with run 00000000-aaaa-bbbb'],
  ['an unknown id', ['f00'], 'No run or alert in'],
  ['an unknown base', ['00000000', 'f00'], 'No run in'],
  ['an unclear id', ['0000000'], 'Several runs begin with `0000000`'],
])('%s is refused', async (_, argv, said) => {
  const { code, stderr } = await say(await nights([3, '1s'], [3, '1s']), ...argv);
  expect(code).toBe(2);
  expect(stderr).toContain(said);
});
