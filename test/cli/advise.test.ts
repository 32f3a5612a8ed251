import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdviceListing } from '../../src/analysis/advice/listing.ts';
import type { RunResult } from '../../src/model/result.ts';
import { openStore } from '../../src/store/store.ts';
import { adviceOf, patchOf, storedOf, verificationOf } from '../analysis/advice/advice.ts';
import { planOf } from '../analysis/facts.ts';
import { pacelineHere } from '../support/paceline.ts';

const PASS = JSON.parse(readFileSync(new URL('../golden/pass/result.json', import.meta.url), 'utf8')) as RunResult;
const RUN = { runId: 'aaaa1111-run', workflowId: 'benchmark/shop/1' };

const SURE = adviceOf('layer-order', 40, { remedy: { kind: 'patch', patch: patchOf(3, 'sure') } });
const CLASH = adviceOf('no-cache', 10, { remedy: { kind: 'patch', patch: patchOf(3, 'clash') } });
const GUESS = adviceOf('fixed-sleep', 5, { remedy: { kind: 'patch', patch: patchOf(8, 'guess') } });
const KEY = adviceOf('worker-count', 8, { remedy: { kind: 'planOverride', set: { 'lanes.cpus': '2' } } });
const USELESS = adviceOf('useless', 30);

let folder: string;
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'paceline-advise-')));
  mkdirSync(join(folder, 'shop'));
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'shop/paceline.yml'), 'project: shop\nrunsPerDay: 50\n');
  const store = await openStore({ dataDirectory: join(folder, 'data'), url: undefined });
  const startedAt = '2026-01-01T00:00:00.000Z';
  await store.openRun({ run: RUN, instance: 'abcdef123456', source: { path: join(folder, 'shop') }, startedAt });
  await store.setPlan(RUN, { plan: planOf(), service: 'test', project: 'shop', standIns: [] });
  const directory = `/data/runs/${RUN.runId}/source/services/shop`;
  const source = { origin: join(folder, 'shop'), directory, commit: null, branch: null, dirty: null };
  await store.setSource(RUN, source);
  const advice = [SURE, CLASH, GUESS, KEY, USELESS];
  const result = { ...PASS, ...RUN, project: 'shop', advice };
  await store.finishRun(RUN, { result, verdict: 'pass', finishedAt: startedAt });
  const ended = (one: typeof SURE, saved: number) => storedOf(one, verificationOf(saved), { runId: RUN.runId });
  const rejected = verificationOf(0, { state: 'rejected', reason: { kind: 'noGain' }, saving: null });
  const verification = {
    schemaVersion: 1,
    ...RUN,
    runId: 'v-1',
    ofRun: RUN.runId,
    project: 'shop',
    startedAt,
    finishedAt: startedAt,
    cancelled: false,
    tried: [],
    together: null,
    errors: [],
    notes: [],
  } as const;
  await store.saveVerification(verification, [
    ended(SURE, 36),
    ended(CLASH, 9),
    ended(KEY, 7),
    storedOf(USELESS, rejected, { runId: RUN.runId }),
  ]);
  await store.close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const advise = (...argv: readonly string[]) =>
  pacelineHere(['advise', ...argv, '--data-dir', join(folder, 'data')], { cwd: join(folder, 'shop') });

describe('paceline advise', () => {
  test('lists the advice of the newest run of the project in the folder, by what it saves', async () => {
    const { code, stdout } = await advise('--json');
    const listing = JSON.parse(stdout) as AdviceListing;
    expect(code).toBe(0);
    expect(listing.opportunities.map(({ name, state }) => [name, state])).toEqual([
      ['layer-order', 'verified'],
      ['no-cache', 'verified'],
      ['worker-count', 'verified'],
      ['fixed-sleep', 'predicted'],
    ]);
    expect(listing.rejected.map(({ name }) => name)).toEqual(['useless']);
    expect(listing.opportunities[0]?.hoursPerMonth).toBeCloseTo((36 * 50 * 30) / 3_600);
  });

  test('takes a run by the first characters of its id', async () => {
    const { code, stdout } = await advise('aaaa');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('layer-order') });
    expect(stdout).toContain('Rejected: It saves nothing that could be measured.');
  });

  test('--patch writes what is verified, with paths from the top of the repository, and names what does not fit', async () => {
    const { code, stderr } = await advise('--patch', 'fix.patch');
    const patch = readFileSync(join(folder, 'shop/fix.patch'), 'utf8');
    expect(code).toBe(0);
    expect(patch).toContain('+++ b/services/shop/a.txt');
    expect(patch).toContain('+sure');
    expect(patch).not.toContain('+guess');
    expect(stderr).toContain('no-cache is left out: its patch and that of layer-order both change a.txt:3.');
    expect(stderr).toContain('worker-count is not in the patch; write it into paceline.yml: lanes.cpus: 2');
  });

  test('--patch --unverified adds what is only predicted, and never what was rejected', async () => {
    const { stdout } = await advise('--patch', '-', '--unverified');
    expect(stdout).toContain('+guess');
    expect(stdout).not.toContain('+useless');
  });

  test.each([
    ['an unknown run', ['zzzz'], 'begins with `zzzz`'],
    ['unknown advice', ['--verify', 'nothing'], 'has no advice `nothing`'],
    ['a budget without --verify', ['--budget', '5'], '--budget needs --verify'],
    ['--unverified without --patch', ['--unverified'], '--unverified needs --patch'],
    ['both --verify and --patch', ['--verify', '--patch', 'x'], 'cannot be used together'],
    ['a project without runs', ['-p', '..'], 'No finished run of'],
  ])('refuses %s', async (_, argv, words) => {
    const { code, stderr } = await advise(...argv);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
  });
});

test('history advice shows predicted over verified of each audit', async () => {
  const { stdout } = await pacelineHere(['history', 'advice', '--data-dir', join(folder, 'data')], { cwd: folder });
  expect(stdout).toMatch(/layer-order\s+1\s+1\.11/);
  expect(stdout).not.toContain('useless');
});
