/** The shop by docker commands as teams write them. */
import { execa } from 'execa';
import { resolveEndpoint } from '../../../src/docker/command/endpoint.ts';
import type { Pass, PassInput } from './shop-pass.ts';

export async function byPlainScript({ project, commands, environment }: PassInput): Promise<Pass> {
  const endpoint = await resolveEndpoint({ env: process.env });
  const name = `paceline-bench-script-${process.pid}`;
  const docker = (...args: readonly string[]) =>
    execa(endpoint.cli, args, {
      cwd: project,
      env: { ...endpoint.env, ...environment },
      extendEnv: false,
      reject: false,
    });
  const compose = (...args: readonly string[]) =>
    docker('compose', '-p', name, '-f', 'docker-compose.test.yml', '--profile', 'test', ...args);
  const beganMs = performance.now();
  try {
    const build = await timed(() => compose('build', '--no-cache', 'test'));
    const startup = await timed(() => compose('up', '-d', '--wait', 'db', 'redis'));
    const tests: Record<string, number> = {};
    for (const [index, command] of commands.entries()) {
      const container = `${name}-command-${index + 1}`;
      await compose('run', '-T', '--name', container, 'test', 'sh', '-c', command);
      tests[`command ${index + 1}`] = await runningSeconds(docker, container);
      await docker('rm', container);
    }
    await compose('down', '--volumes');
    const totalSeconds = (performance.now() - beganMs) / 1000;
    const parts = { build, 'start-up': startup, ...tests };
    const alike = Object.values(parts).reduce((sum, seconds) => sum + seconds, 0);
    return { by: 'script', parts, additions: { 'making and removing containers': totalSeconds - alike }, totalSeconds };
  } finally {
    await compose('down', '--volumes');
    await docker('image', 'rm', `${name}-test`);
  }
}

async function timed(work: () => Promise<{ readonly exitCode?: number; readonly stderr: unknown }>): Promise<number> {
  const beganMs = performance.now();
  const { exitCode, stderr } = await work();
  if (exitCode !== 0) throw new Error(String(stderr));
  return (performance.now() - beganMs) / 1000;
}

/** By the engine's clock, as in Paceline. */
async function runningSeconds(
  docker: (...args: readonly string[]) => Promise<{ readonly stdout: string }>,
  container: string,
): Promise<number> {
  const { stdout } = await docker('inspect', container);
  const [{ State: state }] = JSON.parse(stdout) as [
    { State: { StartedAt: string; FinishedAt: string; ExitCode: number } },
  ];
  if (state.ExitCode !== 0) throw new Error(`${container} ended with exit code ${state.ExitCode}`);
  return (Date.parse(state.FinishedAt) - Date.parse(state.StartedAt)) / 1000;
}
