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
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { RunResult } from '../../src/model/result.ts';
import { type Started, startPaceline } from '../support/paceline.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/projects/durable', import.meta.url));
const STEPS = 8;
const isRoot = process.getuid?.() === 0;

/** A project, a place for what its tests record, and a disk of its own for the data directory. */
class Place {
  private readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'paceline-disk-full-')));
  readonly disk = join(this.root, 'disk');
  readonly data = join(this.disk, 'data');
  private readonly recordsFolder = join(this.root, 'records');
  private readonly holdFile = join(this.recordsFolder, 'hold');

  constructor() {
    for (const folder of [this.disk, this.recordsFolder]) mkdirSync(folder);
    cpSync(FIXTURE, join(this.root, 'project'), { recursive: true });
    // Room enough for a run to begin at all; it takes memory only as it fills.
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1100m', 'tmpfs', this.disk]);
  }

  run(): Started {
    return startPaceline(
      ['run', '--project', join(this.root, 'project'), '--verbose', '--json', '--data-dir', this.data],
      { env: { DURABLE_RECORDS: this.recordsFolder, DURABLE_STEPS: String(STEPS) } },
    );
  }

  /** From now on the tests wait in a step: how long Paceline takes to end on a busy machine decides nothing. */
  hold(): void {
    writeFileSync(this.holdFile, '');
  }

  letGo(): void {
    rmSync(this.holdFile);
  }

  /** Until nothing more can be written. */
  fill(): void {
    const block = Buffer.alloc(1_000_000);
    for (;;) {
      try {
        writeFileSync(join(this.disk, 'full'), block, { flag: 'a' });
      } catch {
        return;
      }
    }
  }

  free(): void {
    rmSync(join(this.disk, 'full'));
  }

  /** One text for each time that the suite was executed. */
  executions(): string[] {
    return readdirSync(this.recordsFolder)
      .filter((name) => name.endsWith('.txt'))
      .map((name) => readFileSync(join(this.recordsFolder, name), 'utf8'));
  }

  remove(): void {
    execFileSync('umount', ['-l', this.disk]);
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** How often the whole suite was executed, and nothing but the whole suite. */
const whole = (times: number) =>
  Array.from({ length: times }, () =>
    expect.stringMatching(new RegExp(`^begun\\n(?:step \\d+\\n){${STEPS}}ended\\n$`)),
  );

/** The message ends the first command. The second one goes on with its run, whatever became of the tests meanwhile. */
async function goesOn(place: Place, second: Started, first: string): Promise<RunResult> {
  const { stdout, stderr } = await second.output;
  const workflowId = /^Run (\S+)$/m.exec(first)?.[1];
  expect(stderr).toContain(`Attached to ${workflowId}, which is already running`);
  const result = JSON.parse(stdout) as RunResult;
  expect(result).toMatchObject({ workflowId, errors: [] });
  // How fast it was is not what is tested.
  expect(['pass', 'missed'], result.summary).toContain(result.verdict);
  expect(readdirSync(join(place.data, 'runs'))).toEqual([result.runId]);
  return result;
}

describe.runIf(isRoot).concurrent('after a disk that was full, the same command goes on with the run', () => {
  test('and with tests that still run; the message names the disk and the way out', async ({ onTestFinished }) => {
    const place = new Place();
    onTestFinished(() => place.remove());
    const first = place.run();
    await first.until(/test_step\[3\] PASSED/);
    place.hold();
    place.fill();
    const { code, stderr } = await first.output;
    expect(code).toBe(2);
    expect(stderr).toContain(`There is no space left on the disk at ${place.disk}, where ${place.data} is`);
    expect(stderr).toContain('run the same command again: the run continues where it stopped.');

    place.free();
    const second = place.run();
    await second.until(/Attached to|^Run /m);
    place.letGo();
    const { scenarios } = await goesOn(place, second, stderr);
    expect(scenarios[0]!.trials).toMatchObject([{ try: 1, outcome: 'passed', reattached: true }]);
    expect(place.executions()).toEqual(whole(1));
  });

  test('and repeats tests that could not write what they found', async ({ onTestFinished }) => {
    const place = new Place();
    onTestFinished(() => place.remove());
    const first = place.run();
    await first.until(/test_step\[3\] PASSED/);
    place.fill();
    const { code, stderr } = await first.output;
    expect(code).toBe(2);
    while (!place.executions()[0]!.endsWith('ended\n')) await sleep(200);
    // pytest writes its report after that.
    await sleep(3_000);

    place.free();
    const { scenarios } = await goesOn(place, place.run(), stderr);
    expect(scenarios[0]!.trials).toMatchObject([
      { try: 1, outcome: 'lost', reason: 'The disk could not be written to while the tests ran.' },
      { try: 2, outcome: 'passed', reattached: false },
    ]);
    expect(place.executions()).toEqual(whole(2));
  });
});
