import { describe, expect, it } from 'vitest';
import { cpuFileOf, cpuTimeNs } from '../../../src/collectors/cgroup/cgroup-cpu.ts';

describe('the file with the CPU time of a cgroup', () => {
  it.each([
    ['version 1', '4:memory:/docker/abc\n2:cpuacct:/docker/abc\n', '/sys/fs/cgroup/cpuacct/docker/abc/cpuacct.usage'],
    ['version 1, joined', '3:cpu,cpuacct:/docker/abc\n', '/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpuacct.usage'],
    ['both versions', '2:cpuacct:/docker/abc\n0::/docker/abc\n', '/sys/fs/cgroup/cpuacct/docker/abc/cpuacct.usage'],
    ['version 2', '0::/system.slice/docker-abc.scope\n', '/sys/fs/cgroup/system.slice/docker-abc.scope/cpu.stat'],
    ['none', '', null],
  ])('of %s', (_, cgroups, expected) => {
    expect(cpuFileOf(cgroups)).toBe(expected);
  });
});

describe('the CPU time', () => {
  it.each([
    ['of version 1, in ns', '1234567890\n', 1_234_567_890],
    ['of version 2, in µs', 'usage_usec 1500\nuser_usec 1000\nsystem_usec 500\n', 1_500_000],
    ['of no file', null, null],
    ['of something else', 'nonsense', null],
  ])('%s', (_, text, expected) => {
    expect(cpuTimeNs(text)).toBe(expected);
  });
});
