import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findRun } from '../../src/cli/logs/find-run.ts';
import { followOutputs } from '../../src/cli/logs/follow.ts';
import { Tail } from '../../src/cli/logs/outputs.ts';
import { paceline } from '../support/paceline.ts';

let data: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'paceline-logs-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

function write(run: string, trial: string, text: string): void {
  const folder = join(data, 'runs', run, 'trials', trial);
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, 'output.log'), text);
}

describe('a growing file', () => {
  test('gives each line once, when it is whole, also where a character comes in two halves', async () => {
    const file = join(data, 'output.log');
    const tail = new Tail(file);
    expect(await tail.lines()).toEqual([]);
    const [first, second] = [Buffer.from('one\ntw–').subarray(0, 7), Buffer.from('tw–').subarray(3)];
    writeFileSync(file, first);
    expect(await tail.lines()).toEqual(['one']);
    appendFileSync(file, second);
    appendFileSync(file, 'o\nend');
    expect(await tail.lines()).toEqual(['tw–o']);
    expect(tail.last()).toEqual(['end']);
  });
});

test('a file of any size, and a line of any length, is passed on in parts', async () => {
  const file = join(data, 'output.log');
  const line = 'x'.repeat(300_000);
  writeFileSync(file, `${line}\n${'short\n'.repeat(500_000)}`);
  const tail = new Tail(file);
  const looks: (readonly string[])[] = [];
  for (let lines = await tail.lines(); lines.length > 0; lines = await tail.lines()) looks.push(lines);
  const lines = looks.flat();
  const start = lines.slice(0, lines.indexOf('short'));
  expect(start.join('')).toBe(line);
  expect(Math.max(...start.map(({ length }) => length))).toBeLessThanOrEqual(128 * 1024);
  expect(lines.slice(start.length)).toEqual(Array.from({ length: 500_000 }, () => 'short'));
  expect(looks.length).toBeGreaterThan(2);
});

describe('following', () => {
  test('passes on the output of concurrent trials until the run ends', async () => {
    write('r1', 'full-1-1', 'a\n');
    let looks = 0;
    const lines: string[] = [];
    await followOutputs(join(data, 'runs', 'r1'), {
      scenarioId: null,
      isOver: () => {
        looks += 1;
        if (looks === 2) write('r1', 'quick-1-1', 'b\n');
        if (looks === 3) write('r1', 'full-1-1', 'c without an end');
        return looks === 3;
      },
      onLine: ({ trial }, line) => lines.push(`${trial}: ${line}`),
    });
    expect(lines).toEqual(['full-1-1: a', 'quick-1-1: b', 'full-1-1: c without an end']);
  });
});

describe('which run', () => {
  test('the latest by default, else the one whose id begins so', async () => {
    write('aa1', 'full-1-1', '');
    await new Promise((resolve) => setTimeout(resolve, 20));
    write('ab1', 'full-1-1', '');
    expect(await findRun(data, null)).toBe(join(data, 'runs', 'ab1'));
    expect(await findRun(data, 'aa')).toBe(join(data, 'runs', 'aa1'));
    await expect(findRun(data, 'a')).rejects.toThrow('Several runs begin with `a`.');
    await expect(findRun(data, 'b')).rejects.toThrow('No run begins with `b`.');
  });
});

test('`paceline logs` prints the output of one scenario, under its heading', async () => {
  write('r1', 'full-test-suite-1-1', 'full\n');
  write('r1', 'quick-1-1', 'quick\n');
  const { code, stdout } = await paceline(['logs', 'r1', '--scenario', 'quick', '--data-dir', data]);
  expect(stdout).toBe('==> quick-1-1 <==\nquick\n');
  expect(code).toBe(0);
});
