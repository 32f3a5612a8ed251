import type { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { cpus, judgeDisk, memory } from '../../src/checks/capacity.ts';
import type { Machine } from '../../src/checks/check.ts';
import { leftovers } from '../../src/checks/leftovers.ts';
import { load, settledLoad } from '../../src/checks/load.ts';
import type { HostLoad } from '../../src/collectors/host/fingerprint.ts';

const measured = (value: number) => ({ kind: 'measured', value }) as const;
const unknown = { kind: 'notAvailable', reason: 'only Linux tells it' } as const;
const quiet: HostLoad = {
  loadAverage1m: measured(0.2),
  cpuPressureRatio: measured(0),
  idleRatio: measured(0.95),
  stealRatio: unknown,
  memoryAvailableBytes: measured(8e9),
  diskFreeBytes: measured(50e9),
};
const machine = (change: { load?: Partial<HostLoad>; cpus?: number }) =>
  ({ load: { ...quiet, ...change.load }, info: { cpus: change.cpus ?? 2, memoryBytes: 16e9 } }) as Machine;

describe('findings and their next steps', () => {
  test.each([
    ['a quiet machine', load(machine({})), { state: 'ok', what: 'quiet (load average 0.2)' }],
    [
      'tasks wait for CPUs',
      load(machine({ load: { cpuPressureRatio: measured(0.34), idleRatio: measured(0.6) } })),
      { state: 'warning', what: 'busy: tasks waited for a CPU 34 % of the last ten seconds' },
    ],
    [
      'pressure that is over already',
      load(machine({ load: { cpuPressureRatio: measured(0.34), idleRatio: measured(0.9) } })),
      { state: 'ok', what: 'quiet (load average 0.2)' },
    ],
    [
      'a kernel without pressure figures',
      load(machine({ load: { cpuPressureRatio: unknown, idleRatio: measured(0.2) } })),
      { state: 'warning', what: 'busy: only 20 % of the CPU time is free' },
    ],
    [
      'without figures there is no warning',
      load(machine({ load: { cpuPressureRatio: unknown, idleRatio: unknown, loadAverage1m: unknown } })),
      { state: 'ok', what: 'quiet' },
    ],
    ['one CPU', cpus(machine({ cpus: 1 })), { state: 'warning' }],
    [
      'little memory',
      memory(machine({ load: { memoryAvailableBytes: measured(0.4e9) } })),
      { state: 'warning', what: '0.4 GB of 16.0 GB available' },
    ],
    [
      'memory that is not known',
      memory(machine({ load: { memoryAvailableBytes: unknown } })),
      { state: 'ok', what: '16.0 GB in all (only Linux tells it)' },
    ],
    [
      'a full disk',
      judgeDisk('/data', 0.3e9),
      { state: 'missing', failure: 'DiskFull', what: 'only 0.3 GB free for /data, but a run needs 1.0 GB' },
    ],
    ['a nearly full disk', judgeDisk('/data', 3e9), { state: 'warning', what: '3.0 GB free for /data' }],
    ['room enough', judgeDisk('/data', 30e9), { state: 'ok', next: null }],
  ])('%s', (_, check, expected) => {
    expect(check).toMatchObject(expected);
  });
});

test.each([
  [{}, { state: 'ok', what: 'none of earlier runs' }],
  [{ containers: 1 }, { state: 'warning', what: '1 container of runs, of all data directories on this engine' }],
  [
    { containers: 3, networks: 1 },
    { state: 'warning', what: '3 containers, 1 network of runs, of all data directories on this engine' },
  ],
])('names only the kinds of leftovers that exist: %j', async (counts: Readonly<Record<string, number>>, expected) => {
  const objects = (kind: string) => Array.from({ length: counts[kind] ?? 0 }, () => ({}));
  const listByLabels = async () =>
    Object.fromEntries(['containers', 'networks', 'volumes', 'images'].map((kind) => [kind, objects(kind)]));
  const check = await leftovers({ engine: { listByLabels } } as unknown as Machine);
  expect(check).toMatchObject(expected);
});

describe('a busy machine', () => {
  const busy = { ...quiet, idleRatio: measured(0.1) };
  const settled = async (loads: readonly HostLoad[], quietSeconds?: number) => {
    const looks = [...loads];
    let pausedMs = 0;
    const pause = async (ms?: number) => void (pausedMs += ms ?? 0);
    const look = async () => looks.shift() ?? loads.at(-1)!;
    const limit = quietSeconds === undefined ? {} : { quietSeconds };
    const load = await settledLoad(look, { ...limit, pause: pause as typeof sleep });
    return { load, pausedMs };
  };

  test.each([
    ['that gets quiet is waited for', [busy, busy, quiet], undefined, quiet, 4_000],
    ['that is quiet is not waited for', [quiet, busy], undefined, quiet, 0],
    ['that stays busy is waited for as long as a start takes', [busy], 30, busy, 6_000],
    ['is waited for no longer than a run may wait', [busy], 3, busy, 3_000],
    ['is not waited for by a run that may not wait', [busy, quiet], 0, busy, 0],
  ])('%s', async (_, loads, quietSeconds, load, pausedMs) => {
    expect(await settled(loads, quietSeconds)).toEqual({ load, pausedMs });
  });
});
