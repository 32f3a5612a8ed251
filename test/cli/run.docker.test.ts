/** `paceline run` from beginning to end, on the real engine and the real server. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunResult } from '../../src/model/result.ts';
import { stopServer } from '../../src/temporal/server.ts';
import { startPaceline, paceline } from '../support/paceline.ts';

let root: string;
let dataDirectory: string;

/** A project with two scenarios: one ends immediately, the other one waits for a given time. */
const PROJECT = {
  'Dockerfile.test': 'FROM python:3.11-slim\nCOPY work.py /work.py\nCMD ["python", "/work.py", "0"]\n',
  'work.py': "import sys, time\nprint('working', flush=True)\ntime.sleep(float(sys.argv[1]))\nprint('done')\n",
  'paceline.yml': `
project: small
build: { modes: [cold] }
scenarios:
  - { name: Short, command: python /work.py 0.2, target: "< 30 s" }
`,
};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'paceline-run-'));
  dataDirectory = join(root, 'data');
  write('small', PROJECT);
});
afterAll(async () => {
  const file = join(dataDirectory, 'server.json');
  if (existsSync(file)) {
    const { serverPid, serverStartTime } = JSON.parse(readFileSync(file, 'utf8'));
    await stopServer({ pid: serverPid, startTime: serverStartTime });
  }
  rmSync(root, { recursive: true, force: true });
});

function write(name: string, files: Readonly<Record<string, string>>): string {
  const project = join(root, name);
  mkdirSync(project, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(project, file), text);
  return project;
}

const data = () => ['--data-dir', dataDirectory];
const long = (seconds: number) => ({
  ...PROJECT,
  'paceline.yml': PROJECT['paceline.yml'].replace('0.2', String(seconds)),
});

/** Of runs of this data directory: other runs may use the same engine. */
function objectsOf(runId: string): string[] {
  const label = `label=paceline.run=${runId}`;
  return [
    ['ps', '-aq'],
    ['network', 'ls', '-q'],
    ['volume', 'ls', '-q'],
  ].flatMap((list) =>
    execaSync('docker', [...list, '--filter', label])
      .stdout.split('\n')
      .filter(Boolean),
  );
}

describe('a run', () => {
  test('--json prints the result alone, --output keeps the files, and a passed run ends with 0', async () => {
    const output = join(root, 'kept');
    const { code, stdout, stderr } = await paceline([
      'run',
      '--project',
      join(root, 'small'),
      '--json',
      '--output',
      output,
      ...data(),
    ]);
    const result = JSON.parse(stdout) as RunResult;
    expect({ code, verdict: result.verdict, stderr }).toMatchObject({ code: 0, verdict: 'pass' });
    expect(result.scenarios[0]?.trials[0]).toMatchObject({ exitCode: 0, outcome: 'passed' });
    expect(result.workflowId).toMatch(/^benchmark\/small\/nogit\/\d{8}-\d{6}$/);
    expect(JSON.parse(readFileSync(join(output, 'result.json'), 'utf8'))).toEqual(result);
    expect(readFileSync(join(output, 'trials/short-1-1/output.log'), 'utf8')).toContain('done');
    expect(stderr).toContain('http://127.0.0.1:');
    expect(objectsOf(result.runId)).toEqual([]);
    expect(existsSync(join(dataDirectory, 'server.json'))).toBe(false);
  });

  test('Ctrl-C cancels it: it cleans up, shows what was measured, and exits with 130', async () => {
    const project = write('waiting', long(120));
    const { child, output, until } = startPaceline(['run', '--project', project, '--json', '--verbose', ...data()]);
    await until(/short-1-1 \| working/);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await output;
    const result = JSON.parse(stdout) as RunResult;
    expect({ code, verdict: result.verdict }).toEqual({ code: 130, verdict: 'cancelled' });
    expect(result.phases.build.seconds).not.toBeNull();
    expect(stderr).toContain('Cancelling');
    expect(objectsOf(result.runId)).toEqual([]);
  });

  test('Ctrl-C in a second terminal detaches there, and the run goes on in the first', async () => {
    const project = write('shared', long(20));
    const first = startPaceline(['run', '--project', project, '--json', '--verbose', ...data()]);
    await first.until(/short-1-1 \| working/);
    const second = startPaceline(['run', '--project', project, ...data()]);
    await second.until(/Attached to .*Ctrl-C here only detaches/);
    second.child.kill('SIGINT');
    const left = await second.output;
    expect(left.code).toBe(130);
    expect(left.stderr).toContain('Detached; the run goes on.');
    const { code, stdout } = await first.output;
    expect({ code, verdict: (JSON.parse(stdout) as RunResult).verdict }).toEqual({ code: 0, verdict: 'pass' });
  });

  test('when it is killed during a trial, the next command continues it without running the tests again', async () => {
    const project = write('killed', long(20));
    const first = startPaceline(['run', '--project', project, '--verbose', ...data()]);
    await first.until(/short-1-1 \| working/);
    first.child.kill('SIGKILL');
    await first.output;
    const { code, stdout, stderr } = await paceline(['run', '--project', project, '--json', ...data()]);
    const result = JSON.parse(stdout) as RunResult;
    expect(stderr).toContain('Attached to benchmark/small/nogit/');
    expect(result.scenarios[0]?.trials).toMatchObject([{ try: 1, outcome: 'passed', reattached: true }]);
    expect(code).toBe(0);
    expect(objectsOf(result.runId)).toEqual([]);
  });
});
