/** A disk that fills up in the middle of a run, for real: a file system of its own, which only root may mount. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunResult } from '../../src/model/result.ts';
import { startPaceline } from '../support/paceline.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/projects/durable', import.meta.url));
const isRoot = process.getuid?.() === 0;
let root: string;
let disk: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'paceline-disk-full-')));
  disk = join(root, 'disk');
  for (const folder of [disk, join(root, 'records')]) mkdirSync(folder);
  cpSync(FIXTURE, join(root, 'project'), { recursive: true });
  // Room enough for a run to begin at all; it takes memory only as it fills.
  if (isRoot) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1100m', 'tmpfs', disk]);
});
afterEach(() => {
  if (isRoot) execFileSync('umount', ['-l', disk]);
  rmSync(root, { recursive: true, force: true });
});

function run() {
  return startPaceline(
    ['run', '--project', join(root, 'project'), '--verbose', '--json', '--data-dir', join(disk, 'data')],
    { env: { DURABLE_RECORDS: join(root, 'records'), DURABLE_STEPS: '30' } },
  );
}

/** Until nothing more can be written. */
function fill(file: string): void {
  const block = Buffer.alloc(1_000_000);
  for (;;) {
    try {
      writeFileSync(file, block, { flag: 'a' });
    } catch {
      return;
    }
  }
}

test.runIf(isRoot)(
  'the message names the disk and the way out, and the same command goes on with the run',
  async () => {
    const first = run();
    await first.until(/test_step\[3\] PASSED/);
    fill(join(disk, 'full'));
    const { code, stderr } = await first.output;
    expect(code).toBe(2);
    expect(stderr).toContain(`There is no space left on the disk at ${disk}, where ${join(disk, 'data')} is`);
    expect(stderr).toContain('run the same command again: the run continues where it stopped.');

    rmSync(join(disk, 'full'));
    const { stdout } = await run().output;
    const { verdict, errors } = JSON.parse(stdout) as RunResult;
    expect(errors).toEqual([]);
    // How fast it was is not what is tested.
    expect(['pass', 'missed']).toContain(verdict);
    const records = readdirSync(join(root, 'records')).map((name) => readFileSync(join(root, 'records', name), 'utf8'));
    expect(records).toEqual([expect.stringMatching(/^begun\n(?:step \d+\n){30}ended\n$/)]);
  },
);
