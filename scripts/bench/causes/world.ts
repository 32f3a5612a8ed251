/** The project with a branch for each cause, a Paceline of its own, and the images that the builds need. */
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { RunResult } from '../../../src/model/result.ts';
import { setUpHints } from '../../../src/set-up-hints.ts';
import { localEndpoint } from '../../../test/support/local-engine.ts';
import { paceline, startPaceline } from '../../../test/support/paceline.ts';
import type { CauseCase, Edit } from './cases.ts';

const PROJECT = fileURLToPath(new URL('project', import.meta.url));
const IMAGE = 'paceline-bench-causes';
const PACKAGES = 'pytest==8.4.2 pytest-xdist==3.8.0 pytest-cov==7.0.0';
const WHO = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com', '-c', 'commit.gpgsign=false'];

export async function openWorld(cases: readonly CauseCase[]) {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'paceline-causes-')));
  const [project, dataDirectory] = [join(root, 'project'), join(root, 'data')];
  await makeImages();
  await makeBranches(project, cases);
  const env = images();
  const up = startPaceline(['up', '--data-dir', dataDirectory], { env });
  await up.until(/Press Ctrl-C to stop/);

  return {
    dataDirectory,
    /** @returns the id of the run */
    run: async (branch: string, scenarios: readonly string[]): Promise<string> => {
      const only = scenarios.flatMap((name) => ['--scenario', name]);
      const where = ['--project', project, '--data-dir', dataDirectory];
      const { stdout, stderr } = await paceline(
        ['run', '--ref', branch, '--fresh', '--lanes', '1', '--json', ...only, ...where],
        { env },
      );
      if (stdout === '') throw new Error(`${branch}: ${stderr}`);
      const { runId, verdict, summary } = JSON.parse(stdout) as RunResult;
      if (verdict === 'error' || verdict === 'failed') throw new Error(`${branch}: ${summary}`);
      return runId;
    },
    explain: async (head: string, base: string): Promise<unknown> => {
      const { stdout, stderr } = await paceline(['explain', head, base, '--json', '--data-dir', dataDirectory], {
        env,
      });
      if (stdout === '') throw new Error(stderr);
      return JSON.parse(stdout);
    },
    close: async (): Promise<void> => {
      up.child.kill('SIGTERM');
      await up.output;
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** The heavy one has a large layer and does more whenever something is built on it. */
async function makeImages(): Promise<void> {
  const { cli, env } = await localEndpoint();
  const from = setUpHints(process.env).standIns['python'] ?? 'python:3.11-slim';
  const make = (tag: string, lines: readonly string[]) =>
    execa(cli, ['build', '-q', '-t', `${IMAGE}:${tag}`, '-'], {
      env,
      extendEnv: false,
      input: `${lines.join('\n')}\n`,
    });
  await make('python', [`FROM ${from}`, `RUN pip install --root-user-action=ignore -q ${PACKAGES}`]);
  const large = 'RUN head -c 300000000 /dev/urandom > /opt/large';
  await make('heavy', [`FROM ${IMAGE}:python`, large, 'ONBUILD RUN sleep 4']);
}

async function makeBranches(project: string, cases: readonly CauseCase[]): Promise<void> {
  const git = (...args: readonly string[]) => execa('git', [...WHO, ...args], { cwd: project });
  await cp(PROJECT, project, { recursive: true });
  await git('init', '-q', '-b', 'base');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'Start');
  for (const { id, edits } of cases) {
    await git('checkout', '-q', '-b', id, 'base');
    for (const [file, edit] of Object.entries(edits)) await change(join(project, file), edit);
    await git('add', '-A');
    await git('commit', '-q', '-m', id);
  }
  await git('checkout', '-q', 'base');
}

async function change(file: string, edit: Edit): Promise<void> {
  if (edit === null) return rm(file);
  await mkdir(dirname(file), { recursive: true });
  if (typeof edit === 'string') return writeFile(file, edit);
  let text = await readFile(file, 'utf8');
  for (const [from, to] of edit) {
    if (!text.includes(from)) throw new Error(`${file} has no ${JSON.stringify(from)}`);
    text = text.replace(from, () => to);
  }
  await writeFile(file, text);
}

/** The stand-ins, if set-up made some. */
function images(): Record<string, string> {
  const { standIns } = setUpHints(process.env);
  return Object.fromEntries(
    Object.entries({ POSTGRES_IMAGE: 'postgres', REDIS_IMAGE: 'redis' }).flatMap(([name, repository]) =>
      standIns[repository] === undefined ? [] : [[name, standIns[repository]]],
    ),
  );
}
