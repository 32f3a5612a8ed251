import { expect, test } from 'vitest';
import { usageLines } from '../../../src/report/live/usage.ts';

const at = (second: number, cpuTotalNs: number, workingSetBytes = 64e6) => ({
  readAt: `2026-11-24T10:00:0${second}.000Z`,
  cpuTotalNs,
  workingSetBytes,
  networkReceivedBytes: 1_200_000,
  networkSentBytes: 800,
});

test('CPU is what was used between the last two samples, in CPUs; the busiest container stands first', () => {
  const idle = { name: 'db', previous: at(1, 5e9), latest: at(2, 5.01e9) };
  const busy = { name: 'tests', previous: at(1, 1e9), latest: at(3, 4e9, 1.2e9) };
  expect(usageLines([idle, busy])).toEqual([
    'tests  150 %  1.2 GB  ↓1.2 MB  ↑800 B',
    'db       1 %   64 MB  ↓1.2 MB  ↑800 B',
  ]);
});

test.each([
  ['one sample', null],
  ['a counter that restarts', at(1, 9e9)],
  ['two samples of one moment', at(2, 1e9)],
])('%s gives no CPU', (_, previous) => {
  expect(usageLines([{ name: 'db', previous, latest: at(2, 5e9) }])).toEqual(['db  –  64 MB  ↓1.2 MB  ↑800 B']);
});

test('without containers there are no lines', () => {
  expect(usageLines([])).toEqual([]);
});
