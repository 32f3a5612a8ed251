import { describe, expect, test } from 'vitest';
import { placeOfProcess, readCgroup, readRefusedPids, readWorkingSet } from '../../../src/collectors/cgroup/reading.ts';

const read = (files: Readonly<Record<string, string>>) => async (file: string) => files[file] ?? null;
const PRESSURE = (us: number) =>
  `some avg10=0.54 avg60=0.09 avg300=0.02 total=${us}\nfull avg10=0.54 avg60=0.09 avg300=0.02 total=80906\n`;

/** In the form in which the kernel of this machine wrote them (6, hybrid layout); IO, kills and throttling are other figures. */
const V1 = {
  '/c/cpuacct/g/cpuacct.usage': '2918430255\n',
  '/c/cpu/g/cpu.stat': 'nr_periods 50\nnr_throttled 46\nthrottled_time 1900000000\nnr_bursts 0\nburst_time 0\n',
  '/c/memory/g/memory.usage_in_bytes': '131559424\n',
  '/c/memory/g/memory.max_usage_in_bytes': '131600000\n',
  '/c/memory/g/memory.stat': 'cache 62914560\ninactive_file 0\ntotal_inactive_file 62914560\n',
  '/c/memory/g/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
  '/c/pids/g/pids.current': '4\n',
  '/c/pids/g/pids.peak': '6\n',
  '/c/pids/g/pids.events': 'max 3\n',
  '/c/blkio/g/blkio.throttle.io_service_bytes_recursive':
    '254:0 Read 4096\n254:0 Write 8192\n254:0 Sync 0\n254:16 Read 1\n254:16 Write 2\n254:0 Total 12288\nTotal 12291\n',
  '/c/unified/g/cpu.pressure': PRESSURE(83_196),
  '/c/unified/g/io.pressure': PRESSURE(1_145),
  '/c/unified/g/memory.pressure': PRESSURE(0),
};
const CONTROLLERS = ['cpuacct', 'cpu', 'memory', 'pids', 'blkio', 'unified'];
const V1_PLACE = {
  version: 1,
  folders: Object.fromEntries(CONTROLLERS.map((name) => [name, `/c/${name}/g`])),
} as const;

/** By https://docs.kernel.org/admin-guide/cgroup-v2.html: no such machine was at hand. */
const V2 = {
  '/c/g/cpu.stat':
    'usage_usec 2918430\nuser_usec 2000000\nsystem_usec 918430\nnr_throttled 46\nthrottled_usec 1900000\n',
  '/c/g/memory.current': '131559424\n',
  '/c/g/memory.peak': '131600000\n',
  '/c/g/memory.stat': 'anon 68644864\nfile 62914560\ninactive_file 62914560\nactive_file 0\n',
  '/c/g/memory.events': 'low 0\nhigh 0\nmax 12\noom 2\noom_kill 2\noom_group_kill 0\n',
  '/c/g/io.stat':
    '254:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=77 dios=1\n254:16 rbytes=1 wbytes=2 rios=1 wios=1 dbytes=0 dios=0\n',
  '/c/g/pids.current': '4\n',
  '/c/g/pids.peak': '6\n',
  '/c/g/pids.events': 'max 3\n',
  '/c/g/cpu.pressure': PRESSURE(83_196),
  '/c/g/io.pressure': PRESSURE(1_145),
  '/c/g/memory.pressure': PRESSURE(0),
};
const V2_PLACE = { version: 2, folder: '/c/g' } as const;

const EXPECTED = {
  throttledNs: 1_900_000_000,
  workingSetBytes: 131_559_424 - 62_914_560,
  peakMemoryBytes: 131_600_000,
  oomKills: 2,
  readBytes: 4_097,
  writtenBytes: 8_194,
  pids: 4,
  peakPids: 6,
  refusedPids: 3,
  pressureUs: { cpu: 83_196, io: 1_145, memory: 0 },
};

test('version 1 is read from a folder for each controller', async () => {
  expect(await readCgroup(V1_PLACE, read(V1))).toEqual({ ...EXPECTED, cpuNs: 2_918_430_255 });
  expect(await readWorkingSet(V1_PLACE, read(V1))).toBe(EXPECTED.workingSetBytes);
});

test('what the limit of processes refused can be had alone', async () => {
  expect(await readRefusedPids(V1_PLACE, read(V1))).toBe(3);
  expect(await readRefusedPids(V2_PLACE, read(V2))).toBe(3);
  expect(await readRefusedPids(V2_PLACE, read({}))).toBeNull();
});

test('version 2 is read from one folder', async () => {
  expect(await readCgroup(V2_PLACE, read(V2))).toEqual({ ...EXPECTED, cpuNs: 2_918_430_000 });
  expect(await readWorkingSet(V2_PLACE, read(V2))).toBe(EXPECTED.workingSetBytes);
});

describe('what is not there is null, never 0', () => {
  const NOTHING = {
    cpuNs: null,
    throttledNs: null,
    workingSetBytes: null,
    peakMemoryBytes: null,
    oomKills: null,
    readBytes: null,
    writtenBytes: null,
    pids: null,
    peakPids: null,
    refusedPids: null,
    pressureUs: { cpu: null, io: null, memory: null },
  };

  test.each([
    ['version 1', V1_PLACE],
    ['version 2', V2_PLACE],
    ['version 1 without controllers', { version: 1, folders: {} } as const],
  ])('in a group of %s that is gone', async (_, place) => {
    expect(await readCgroup(place, read({}))).toEqual(NOTHING);
  });

  test('as IO that passes by the counters of version 1', async () => {
    const files = { ...V1, '/c/blkio/g/blkio.throttle.io_service_bytes_recursive': 'Total 0\n' };
    expect(await readCgroup(V1_PLACE, read(files))).toMatchObject({ readBytes: null, writtenBytes: null });
  });

  test('as the peaks that older kernels do not keep', async () => {
    const { '/c/g/memory.peak': _, '/c/g/pids.peak': __, ...older } = V2;
    expect(await readCgroup(V2_PLACE, read(older))).toMatchObject({
      peakMemoryBytes: null,
      peakPids: null,
      oomKills: 2,
    });
  });

  test('but IO of version 2 is 0 where no device was used', async () => {
    const files = { ...V2, '/c/g/io.stat': '' };
    expect(await readCgroup(V2_PLACE, read(files))).toMatchObject({ readBytes: 0, writtenBytes: 0 });
  });
});

describe("a process's group", () => {
  test('is in a folder for each controller, with pressure in the unified one, under version 1', () => {
    const text = '9:name=systemd:/docker/x\n4:memory:/docker/x\n2:cpu,cpuacct:/docker/x\n0::/docker/x\n';
    expect(placeOfProcess(text)).toEqual({
      version: 1,
      folders: {
        memory: '/sys/fs/cgroup/memory/docker/x',
        cpu: '/sys/fs/cgroup/cpu,cpuacct/docker/x',
        cpuacct: '/sys/fs/cgroup/cpu,cpuacct/docker/x',
        unified: '/sys/fs/cgroup/unified/docker/x',
      },
    });
  });

  test('is one folder under version 2, with any creator', () => {
    const text = '0::/system.slice/docker-abc.scope\n';
    expect(placeOfProcess(text)).toEqual({ version: 2, folder: '/sys/fs/cgroup/system.slice/docker-abc.scope' });
  });

  test.each(['', 'no such thing'])('is not known by %j', (text) => {
    expect(placeOfProcess(text)).toBeNull();
  });
});
