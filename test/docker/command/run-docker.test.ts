import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Endpoint } from '../../../src/docker/command/endpoint.ts';
import { runDocker } from '../../../src/docker/command/run-docker.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function endpointWith(script: string): Endpoint {
  const cli = join(temporaryFolder(), 'docker');
  writeFileSync(cli, `#!/bin/sh\n${script}\n`);
  chmodSync(cli, 0o755);
  return { cli, env: { PATH: process.env['PATH'] ?? '' } } as unknown as Endpoint;
}

it('a command leads a process group of its own, which Ctrl-C in the terminal does not reach', async () => {
  const { stdout } = await runDocker(endpointWith('echo $$; ps -o pgid= -p $$'), []);
  const [pid, group] = stdout.split('\n').map(Number);
  expect(pid).toBeGreaterThan(0);
  expect(group).toBe(pid);
});

it('a command that fails is an exit code with its output', async () => {
  expect(await runDocker(endpointWith('echo out; echo err >&2; exit 7'), [])).toEqual({
    exitCode: 7,
    stdout: 'out',
    stderr: 'err',
  });
});

it('an aborted command ends, and the reason of the signal is thrown', async () => {
  const reason = new Error('no longer wanted');
  const running = runDocker(endpointWith('exec sleep 60'), [], { signal: AbortSignal.timeout(300) });
  await expect(running).rejects.toMatchObject({ name: 'TimeoutError' });
  await expect(runDocker(endpointWith('exit 0'), [], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
