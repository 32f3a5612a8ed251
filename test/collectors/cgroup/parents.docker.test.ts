/** A trial's own control group on this machine's engine. If the engine does not support one, the reason is reported. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CgroupParents, openCgroupParents } from '../../../src/collectors/cgroup/parents.ts';
import { readCgroup } from '../../../src/collectors/cgroup/reading.ts';
import { resourceProfile } from '../../../src/collectors/resources/resource-profile.ts';
import { summarize } from '../../../src/collectors/resources/resource-samples.ts';
import { readSamples, recordBegin, startSampling } from '../../../src/collectors/resources/sampling.ts';
import { localEngine } from '../../support/local-engine.ts';

const INSTANCE = `test${process.pid}`;
/** With a dot, as the sides of a comparison have. */
const RUN = 'a-run.base';
let local: Awaited<ReturnType<typeof localEngine>>;
let parents: CgroupParents;
let directory: string;
beforeAll(async () => {
  local = await localEngine('cgroup-parents');
  directory = await mkdtemp(join(tmpdir(), 'paceline-cgroups-'));
  const info = await local.engine.info();
  parents = await openCgroupParents({ instance: INSTANCE, info, local: local.endpoint.local });
});
afterAll(async () => {
  await local.cleanUp();
  await parents.remove({ runId: RUN });
  await rm(directory, { recursive: true, force: true });
});

const never = () => new AbortController().signal;
const work = (seconds: number, mib: number) =>
  `python3 -c "
import time
block = bytearray(b'x') * (${mib} << 20)
while time.process_time() < ${seconds}: pass"`;

/** Folders of this test's instance, in every hierarchy. */
function groups(): string[] {
  const root = '/sys/fs/cgroup';
  const folders = [root, ...readdirSync(root).map((name) => join(root, name))];
  return folders.flatMap((folder) => {
    try {
      return readdirSync(folder).filter((name) => name.startsWith(`paceline.${INSTANCE}.`));
    } catch {
      return [];
    }
  });
}

describe('a control group around the trial', () => {
  test('has the time of containers that are gone, from the moment at which the tests begin', async ({ skip }) => {
    if (parents.notAvailable !== null) skip(parents.notAvailable);
    const trial = { runId: RUN, name: 'paceline-000000000001' };
    const project = `paceline-test-cgroup-${process.pid}`;
    const flags = ['--cgroup-parent', parents.pathOf(trial), '--label', `com.docker.compose.project=${project}`];
    const file = join(directory, 'samples.jsonl');
    const place = parents.placeOf(trial);

    const before = await local.start(`${work(1, 1)}; sleep 60`, ...flags);
    for (let used = 0; used < 1e9; ) used = (await readCgroup(place)).cpuNs ?? 0;
    await recordBegin(place, file);
    const test = await local.start(work(1.5, 96), ...flags);
    const { engine, endpoint } = local;
    const sampling = await startSampling({ engine, project, file, local: endpoint.local, parent: place });
    await local.engine.waitContainer(test, never());
    await sampling.stop();
    const records = await readSamples(file);

    const summary = summarize(records, test);
    expect(summary).toMatchObject({ cpuSource: 'cgroup-parent', memorySource: 'cgroup-parent' });
    // The 1.5 s of the tests, with their start; not the second that the service had used before.
    expect(summary.cpuSeconds).toBeGreaterThan(1.4);
    expect(summary.cpuSeconds).toBeLessThan(2.5);
    expect(summary.peakWorkingSetBytes).toBeGreaterThan(96 * 2 ** 20);
    const services = new Map([before, test].map((id) => [id, { service: id, oomKilled: false }]));
    const profile = resourceProfile(records, {
      testContainerId: test,
      containers: services,
      laneCpus: 2,
      noParent: null,
    });
    expect(profile).toMatchObject({ source: 'cgroup-parent', fallback: null, total: { peakPids: expect.any(Number) } });
    expect(profile!.total.peakMemoryBytes).toBeGreaterThan(96 * 2 ** 20);
    expect(profile!.containers.map(({ service }) => service)).toEqual([test, before]);
    expect(await parents.left()).toEqual([RUN]);
  });

  test('is not removed while a container is in it, and wholly once there is none', async ({ skip }) => {
    if (parents.notAvailable !== null) skip(parents.notAvailable);
    const trial = { runId: RUN, name: 'paceline-000000000002' };
    const id = await local.start('sleep 60', '--cgroup-parent', parents.pathOf(trial));
    await parents.remove({ runId: RUN, name: trial.name });
    const place = parents.placeOf(trial);
    const memory = place.version === 1 ? place.folders['memory']! : place.folder;
    expect(existsSync(memory)).toBe(true);
    expect(await parents.left()).toEqual([RUN]);

    await local.cleanUp();
    expect(await local.engine.inspectContainer(id)).toBeNull();
    await parents.remove({ runId: RUN });
    expect(groups()).toEqual([]);
    expect(await parents.left()).toEqual([]);
  });
});

test.each([
  [
    'an engine that leaves them to systemd',
    { cgroupDriver: 'systemd' },
    true,
    'the engine leaves control groups to systemd',
  ],
  ['an engine without root', { rootless: true }, true, 'the engine runs without root'],
  ['an engine elsewhere', {}, false, 'the engine is on another machine'],
])('%s gives none, and says why', async (_, change, isLocal, reason) => {
  const info = { cgroupVersion: '2', cgroupDriver: 'cgroupfs', rootless: false, ...change };
  const none = await openCgroupParents({ instance: INSTANCE, info, local: isLocal });
  expect(none.notAvailable).toBe(reason);
  expect(await none.left()).toEqual([]);
});
