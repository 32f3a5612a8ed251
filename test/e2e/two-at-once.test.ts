/** Two commands on one data directory, on the real engine: who loses leaves the other's project as it is. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LABELS } from '../../src/docker/engine/labels.ts';
import type { RunResult } from '../../src/model/result.ts';
import { stopServer } from '../../src/temporal/server.ts';
import { localEngine } from '../support/local-engine.ts';
import { startPaceline, type Started } from '../support/paceline.ts';

let local: Awaited<ReturnType<typeof localEngine>>;
let root: string;
let processes: Started[];

beforeEach(async () => {
  local = await localEngine('two-at-once');
  root = mkdtempSync(join(tmpdir(), 'paceline-two-'));
  processes = [];
});
afterEach(async () => {
  for (const { child, output } of processes) {
    child.kill('SIGKILL');
    await output;
  }
  const file = join(root, 'data', 'server.json');
  if (existsSync(file)) {
    const { serverPid, serverStartTime } = JSON.parse(readFileSync(file, 'utf8'));
    await stopServer({ pid: serverPid, startTime: serverStartTime });
  }
  rmSync(root, { recursive: true, force: true, maxRetries: 3 });
});

/** A project whose only scenario writes that it starts, and ends after a number of seconds. */
function project(name: string, seconds: number): string {
  const folder = join(root, name);
  const files = {
    'Dockerfile.test': 'FROM python:3.11-slim\nCOPY work.py /work.py\nCMD ["python", "/work.py", "0"]\n',
    'work.py': "import sys, time\nprint('working', flush=True)\ntime.sleep(float(sys.argv[1]))\n",
    'paceline.yml': `project: ${name}\nbuild: { modes: [cold] }\nscenarios:\n  - { name: Work, command: python /work.py ${seconds}, target: "< 90 s" }\n`,
  };
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

function run(folder: string, ...flags: readonly string[]): Started {
  const started = startPaceline(['run', '--project', folder, '--data-dir', join(root, 'data'), ...flags]);
  processes.push(started);
  return started;
}

async function testsOf(workflow: string) {
  const own = readdirSync(join(root, 'data', 'runs'));
  const containers = await local.engine.listContainers({ [LABELS.trial]: true });
  return containers.filter(
    ({ labels }) =>
      own.includes(labels[LABELS.run] ?? '') && labels[LABELS.workflow]?.startsWith(`benchmark/${workflow}/`),
  );
}

/** Of the oldest run of the project. */
function firstResult(): RunResult {
  const runs = join(root, 'data', 'runs');
  const results = readdirSync(runs)
    .map((name) => join(runs, name, 'result.json'))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as RunResult);
  const [first] = results
    .filter(({ project: name }) => name === 'first')
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  return first!;
}

test('of two runs on one data directory, the one whose server the other held takes over, and the tests of the killed one go on', async () => {
  const first = run(project('first', 15), '--verbose');
  await first.until(/work-1-1 \| working/);
  const second = run(project('second', 1), '--json');
  await second.until(/Run benchmark\/second\//);
  first.child.kill('SIGKILL');
  await first.output;
  const [before] = await testsOf('first');
  const { code, stdout } = await second.output;
  expect({ code, verdict: (JSON.parse(stdout) as RunResult).verdict }).toEqual({ code: 0, verdict: 'pass' });
  expect(before?.state).toBe('running');

  // Attaches to the first run where the second one's process has not brought it to its end.
  await run(join(root, 'first'), '--json').output;
  // On a busy machine a trial is repeated; the first is the one that went on.
  expect(firstResult().scenarios[0]?.trials[0]).toMatchObject({ try: 1, outcome: 'passed', reattached: true });
  expect([...(await testsOf('first')), ...(await testsOf('second'))]).toEqual([]);
});
