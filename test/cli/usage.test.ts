/** Wrong usage, found before anything is started: the message, exit code 2, and nothing left behind. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { paceline, pacelineHere } from '../support/paceline.ts';

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'paceline-usage-'));
  const project = join(root, 'shop');
  mkdirSync(project);
  writeFileSync(join(project, 'Dockerfile.test'), 'FROM scratch\n');
  const git = (...argv: string[]) =>
    execaSync('git', ['-C', project, '-c', 'user.name=n', '-c', 'user.email=e@e', ...argv]);
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  writeFileSync(join(root, 'file'), '');
  for (const [name, plan] of Object.entries(PLANS)) {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, 'paceline.yml'), plan);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const PLANS = {
  'bad-yaml': 'scenarios: [\n',
  'unknown-key': 'senarios: []\n',
  'bad-target': 'scenarios:\n  - name: A\n    target: "soon"\n',
  'two-of-one-name': 'scenarios:\n  - name: A\n  - name: A\n',
  'empty-matrix': 'scenarios: []\n',
};

describe('wrong usage', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['an unknown command', ['rum'], /^paceline: unknown command 'rum'\n\(Did you mean run\?\)\n$/],
    [
      'an unknown flag',
      ['run', '--repeet', '3'],
      /^paceline: unknown option '--repeet'\n\(Did you mean --repeat\?\)\n$/,
    ],
    ['a number that is none', ['run', '--repeat', 'many'], /--repeat <n>.*Specify a whole number of at least 1\.\n$/],
    ['a port that is none', ['up', '--port', '70000'], /Specify a port from 1 to 65535\.\n$/],
    [
      'a path that is not there',
      ['run', '--project', 'nowhere'],
      /^paceline: There is no directory nowhere\.\nSpecify the project's directory/,
    ],
    ['a path that is a file', ['run', '--project', 'file'], /^paceline: file is not a directory\.\n/],
    [
      'a ref that is not there',
      ['run', '--project', 'shop', '--ref', 'v9'],
      /^paceline: There is no ref `v9` in .*shop\.\nUse a branch/,
    ],
    [
      'a ref that looks like a flag',
      ['run', '--project', 'shop', '--ref=--output=x'],
      /^paceline: There is no ref `--output=x`/,
    ],
    ['invalid YAML', ['run', '--project', 'bad-yaml'], /paceline\.yml:\d+:\d+: /],
    ['an unknown key', ['run', '--project', 'unknown-key'], /senarios.*\n?.*scenarios/],
    ['a target that is not a duration', ['plan', '--project', 'bad-target'], /scenarios\[0\]\.target.*soon/],
    ['two scenarios of one name', ['plan', '--project', 'two-of-one-name'], /\bA\b/],
    ['an empty matrix', ['plan', '--project', 'empty-matrix'], /scenario/],
    ['an unknown scenario', ['plan', '--project', 'shop', '--scenario', 'Quick Test Only'], /Quick Tests Only/],
    [
      'an output that is a file',
      ['run', '--project', 'shop', '--output', 'file'],
      /is not a directory\.\nSpecify a directory with --output/,
    ],
    [
      'a data directory in the project',
      ['run', '--project', 'shop', '--data-dir', 'shop/data'],
      /is inside the project/,
    ],
    ['a schedule without a time', ['schedule', 'create', '--project', 'shop'], /needs either --at or --cron/],
    [
      'a time that is none',
      ['schedule', 'create', '--at', '25:00'],
      /^paceline: `25:00` is not a valid time of day\.\n/,
    ],
    [
      'a time zone that is none',
      ['schedule', 'create', '--at', '02:00', '--time-zone', 'Mars/Base'],
      /`Mars\/Base` is not a known time zone/,
    ],
    [
      'a client without a running server',
      ['schedule', 'list'],
      /^paceline: No Paceline server is running for .*\nStart `paceline up`/,
    ],
    ['a worker without a server', ['worker'], /^paceline: No Temporal server is configured/],
    ['logs where no run is', ['logs'], /^paceline: No run is recorded in /],
  ])('%s', async (_, argv, message) => {
    const data = join(root, 'data');
    const { code, stdout, stderr } = await pacelineHere(argv, { cwd: root, env: { PACELINE_DATA: data } });
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.split('\n').length).toBeLessThanOrEqual(4);
    expect(existsSync(data)).toBe(false);
  });

  test('a process ends with the code and the words of the command', async () => {
    const { code, stdout, stderr } = await paceline(['run', '--project', 'nowhere'], { cwd: root });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      "paceline: There is no directory nowhere.\nSpecify the project's directory with --project PATH.\n",
    );
  });

  test('the configured address does not answer', async () => {
    const env = { TEMPORAL_ADDRESS: '127.0.0.1:1', PACELINE_DATA: join(root, 'data') };
    const { code, stderr } = await pacelineHere(['schedule', 'list'], { cwd: root, env });
    expect(stderr).toMatch(
      /^paceline: No Temporal server answers at 127\.0\.0\.1:1\.\nStart the server, or correct TEMPORAL_ADDRESS/,
    );
    expect(code).toBe(2);
  }, 20_000);
});

describe('asked for', () => {
  test.each(['run', 'plan', 'up', 'worker', 'schedule', 'logs', 'doctor'])(
    'help of %s goes to stdout, with exit code 0',
    async (command) => {
      const { code, stdout, stderr } = await pacelineHere([command, '--help'], { cwd: root });
      expect(stdout).toContain(`paceline ${command}`);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    },
  );

  test('the version is that of package.json', async () => {
    const { stdout } = await paceline(['--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
