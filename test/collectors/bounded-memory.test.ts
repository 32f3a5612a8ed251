/** Whatever a project writes, the worker's memory holds a small part of it. Each reader gets more than its heap has room for. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CHILD = fileURLToPath(new URL('bounded-memory.child.ts', import.meta.url));

/** @param heapMegabytes what a heap may have beyond the code's own */
async function read(name: string, heapMegabytes: number, inputMegabytes: number): Promise<unknown> {
  const argv = [
    `--max-old-space-size=${heapMegabytes}`,
    '--disable-warning=ExperimentalWarning',
    CHILD,
    name,
    temporaryFolder(),
    String(inputMegabytes),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, argv);
  return JSON.parse(stdout);
}

const passed = (count: number, failed = 0) => ({
  kind: 'counts',
  counts: { passed: count, failed, skipped: 0, errors: 0 },
});

test.each([
  ['report with huge output', passed(1)],
  ['report with a huge message', passed(0, 1)],
  ['build record', 9],
  ['probe record without ends of lines', [3]],
  ['output for people', { first: 'first', last: 'last', characters: 120_000_009 }],
  ['log scans', [2, null, 'fused\nend\n', 'Listening on 80']],
] as const)('120 MB in a heap of 64 MB: %s', { timeout: 120_000 }, async (name, expected) => {
  expect(await read(name, 64, 120)).toEqual(expected);
});

test('a million tests in a heap of 512 MB: their number is known, and the times of 200,000', {
  timeout: 120_000,
}, async () => {
  expect(await read('probe record of a million tests', 512, 0)).toEqual([1_000_000, 1_000_000, 20]);
});

test('a million samples in a heap of 256 MB: the first ones, and that there were more', {
  timeout: 120_000,
}, async () => {
  expect(await read('samples', 256, 100)).toBe('gap');
});
