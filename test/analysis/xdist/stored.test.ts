/** Which stored run `tune` simulates from. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseFactsFile } from '../../../src/analysis/facts-file.ts';
import { planFromStored } from '../../../src/analysis/xdist/stored.ts';
import type { RunFacts } from '../../../src/model/run.ts';

const FILE = new URL('../../../src/analysis/audits/worker-imbalance/fires.json', import.meta.url);
const STORED = parseFactsFile(readFileSync(FILE, 'utf8'), 'fires.json').facts;
const NOW: RunFacts = { ...STORED, run: { workflowId: 'tune/shop', runId: 'tune.base' }, trials: [] };
const [SCENARIO] = STORED.plan!.scenarios;

test('a run of the same commit, settings and hardware gives the candidates', () => {
  const plan = planFromStored(NOW, STORED, SCENARIO!);
  expect(plan).toMatchObject({ from: STORED.run.runId, scenario: SCENARIO!.id, reason: null });
  expect(plan!.simulated).toBeGreaterThan(0);
  expect(plan!.candidates.length).toBeGreaterThan(0);
});

test('its candidates name the scenario by its place in the plan that is measured', () => {
  const other = { ...SCENARIO!, id: 'other', name: 'Other', primary: false };
  const now = { ...NOW, plan: { ...NOW.plan!, scenarios: [other, SCENARIO!] } };
  const [candidate] = planFromStored(now, STORED, SCENARIO!)!.candidates;
  expect(Object.keys(candidate!.set)).toEqual(['scenarios[1].command']);
});

const host = STORED.hosts[0]!;
const withKey = (key: Partial<typeof host.fingerprint.key>) => ({
  hosts: [{ ...host, fingerprint: { ...host.fingerprint, key: { ...host.fingerprint.key, ...key } } }],
});

test.each<readonly [string, Partial<RunFacts>]>([
  ['of another commit', { source: { ...STORED.source!, commit: 'ffff' } }],
  ['of no commit', { source: { ...STORED.source!, commit: null } }],
  ['with changes that are not committed', { source: { ...STORED.source!, dirty: true } }],
  ['on another CPU', withKey({ cpuModel: 'Another' })],
  ['with another number of cores', withKey({ cores: 64 })],
  ['with another compose file', { plan: { ...STORED.plan!, compose: 'other.yml' } }],
  ['with other lanes', { plan: { ...STORED.plan!, lanes: { ...STORED.plan!.lanes, cpus: 1 } } }],
  [
    'with another command',
    { plan: { ...STORED.plan!, scenarios: [{ ...SCENARIO!, command: ['pytest', '-n', '3'] }] } },
  ],
  ['with stand-ins for images', { standIns: [{ image: 'postgres:16', standIn: 'ours:1' }] }],
  ['whose tests were red', { trials: STORED.trials.map((trial) => ({ ...trial, outcome: 'testsFailed' as const })) }],
  ['without a profile of pytest', { trials: STORED.trials.map((trial) => ({ ...trial, profile: null })) }],
])('a run %s is not simulated from', (_, change) => {
  expect(planFromStored(NOW, { ...STORED, ...change }, SCENARIO!)).toBeNull();
});
