/**
 * The action as a job of GitHub Actions runs it, by nektos/act on this machine: the first push ever is recorded on a branch of the
 * origin. Where act is not installed (`go install github.com/nektos/act@v0.2.89`, or its path in PACELINE_TEST_ACT), it is skipped.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readKeptRuns } from '../../src/data/kept-runs.ts';
import { PYTHON_IMAGE } from '../support/local-engine.ts';
import { environment } from '../support/paceline.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ACT = process.env['PACELINE_TEST_ACT'] ?? 'act';
const hasAct = spawnSync(ACT, ['--version']).status === 0;

const FILES = {
  'docker-compose.test.yml': 'services: { test: { build: { context: ., dockerfile: Dockerfile.test } } }\n',
  'Dockerfile.test': `FROM ${PYTHON_IMAGE}\nCOPY . /app\n`,
  'paceline.yml': `
project: tiny
build: { modes: [cold] }
scenarios: [{ name: All, command: "python -c pass", target: "< 60 s" }]
`,
  '.github/workflows/benchmark.yml': `
on: push
jobs:
  benchmark:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: OWNER/paceline@v1
        id: paceline
        with: { history: branch }
      - run: echo '\${{ toJSON(steps.paceline.outputs) }}' > "$OUTPUTS"
`,
};

/** The history is on a branch, so the steps of the cache never run; act wants their actions all the same. */
const NOT_USED = 'name: x\nruns: { using: composite, steps: [{ run: exit 1, shell: bash }] }\n';

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

test.skipIf(!hasAct)(
  'the first push ever is judged, and recorded on a branch of the origin',
  () => {
    const folder = temporaryFolder();
    const [project, origin, cache] = [join(folder, 'project'), join(folder, 'origin.git'), join(folder, 'cache')];
    write(project, FILES);
    write(cache, { 'restore/action.yml': NOT_USED, 'save/action.yml': NOT_USED });
    const git = (cwd: string, ...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd, encoding: 'utf8' });
    git(folder, 'init', '--quiet', '--bare', origin);
    git(project, 'init', '--quiet', '--initial-branch=main');
    git(project, 'add', '--all');
    git(project, 'commit', '--quiet', '-m', 'first');
    git(project, 'remote', 'add', 'origin', origin);
    git(project, 'push', '--quiet', 'origin', 'main');
    const event = join(folder, 'event.json');
    writeFileSync(event, JSON.stringify({ ref: 'refs/heads/main', repository: { default_branch: 'main' } }));

    const outputs = join(folder, 'outputs.json');
    const ran = spawnSync(
      ACT,
      [
        'push',
        '--eventpath',
        event,
        '--platform',
        'ubuntu-latest=-self-hosted',
        '--no-cache-server',
        '--local-repository',
        `OWNER/paceline@v1=${ROOT}`,
        '--local-repository',
        `actions/cache@v5=${cache}`,
        '--env',
        `OUTPUTS=${outputs}`,
      ],
      { cwd: project, env: environment({ PACELINE_DATA: join(folder, 'data') }), encoding: 'utf8' },
    );
    expect(ran.status, `${ran.stdout}${ran.stderr}`).toBe(0);
    const { verdict, total, recorded, alerts, report } = JSON.parse(readFileSync(outputs, 'utf8'));
    expect({ verdict, recorded, alerts }).toEqual({ verdict: 'pass', recorded: 'true', alerts: '[]' });
    expect(Number(total)).toBeGreaterThan(0);
    expect(report).toMatch(/paceline-report\/tiny\/report\.html$/);
    expect(ran.stdout).toContain('## ✅ pass: tiny');
    const { runs, unreadable } = readKeptRuns(git(origin, 'show', 'paceline-history:tiny.jsonl'));
    expect({ runs: runs.length, unreadable }).toEqual({ runs: 1, unreadable: 0 });
    expect(readdirSync(folder)).toContain('data');
  },
  300_000,
);
