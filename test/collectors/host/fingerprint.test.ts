import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { fingerprint, hostLoad } from '../../../src/collectors/host/fingerprint.ts';
import type { EngineInfo } from '../../../src/docker/engine/engine.ts';
import type { MeasuredValue } from '../../../src/model/measurement.ts';

const info: EngineInfo = {
  id: 'x',
  name: 'box',
  version: '26.1.5+dfsg1',
  cpus: 4,
  memoryBytes: 16_774_377_472,
  cgroupVersion: '2',
  cgroupDriver: 'systemd',
  storageDriver: 'overlay2',
  dataRoot: '/var/lib/docker',
  operatingSystem: 'Debian GNU/Linux 12',
  kernel: '6.1.0',
  architecture: 'x86_64',
  rootless: false,
};
const versions = { cli: '26.1.5', compose: '2.26.1', buildx: '0.13.1' };

describe('the fingerprint', () => {
  it('has RAM in whole GiB and of the engine the major version alone in its key', () => {
    const { key } = fingerprint(info, { local: true, versions });
    expect(key).toMatchObject({ cores: 4, memoryGib: 16, engineMajor: '26' });
    expect(key.cpuModel).not.toBe('');
  });

  it('does not take the CPU of this machine for that of a remote engine', () => {
    expect(fingerprint(info, { local: false, versions }).key.cpuModel).toBe('x86_64 (remote engine)');
  });

  it('keeps its key when only patch versions change', () => {
    const patched = fingerprint({ ...info, version: '26.1.6', kernel: '6.1.1' }, { local: true, versions });
    expect(patched.key).toEqual(fingerprint(info, { local: true, versions }).key);
    expect(patched.detail).toMatchObject({ engine: '26.1.6', kernel: '6.1.1' });
  });
});

describe('the load of the host', () => {
  it('is figures, or says why there are none', async () => {
    const load = await hostLoad({ dataDirectory: tmpdir(), windowMs: 300 });
    const ratios = [load.idleRatio, load.stealRatio, load.cpuPressureRatio];
    const sound = (ratio: MeasuredValue) =>
      ratio.kind === 'measured' ? ratio.value >= 0 && ratio.value <= 1 : ratio.reason !== '';
    expect(ratios.filter((ratio) => !sound(ratio))).toEqual([]);
    expect(load.diskFreeBytes).toMatchObject({ kind: 'measured' });
  });

  it('says which folder is not there', async () => {
    const load = await hostLoad({ dataDirectory: '/no/such/folder', windowMs: 50 });
    expect(load.diskFreeBytes).toEqual({ kind: 'failed', reason: expect.stringContaining('/no/such/folder') });
  });
});
