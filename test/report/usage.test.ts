import { expect, test } from 'vitest';
import { usageLine } from '../../src/report/usage.ts';

const at = (second: number, cpuTotalNs: number) => ({
  readAt: `2026-11-24T10:00:0${second}.000Z`,
  cpuTotalNs,
  workingSetBytes: 64e6,
  networkReceivedBytes: 1_200_000,
  networkSentBytes: 800,
});

test('CPU is what was used between the last two samples, in CPUs; the busiest container stands first', () => {
  const idle = { name: 'db', previous: at(1, 5e9), latest: at(2, 5.01e9) };
  const busy = { name: 'tests', previous: at(1, 1e9), latest: at(3, 4e9) };
  expect(usageLine([idle, busy])).toBe('tests 150 % 64 MB ↓1.2 MB ↑800 B · db 1 % 64 MB ↓1.2 MB ↑800 B');
});

test.each([
  ['one sample', null],
  ['a counter that begins anew', at(1, 9e9)],
  ['two samples of one moment', at(2, 1e9)],
])('%s gives no CPU', (_, previous) => {
  expect(usageLine([{ name: 'db', previous, latest: at(2, 5e9) }])).toBe('db 64 MB ↓1.2 MB ↑800 B');
});
