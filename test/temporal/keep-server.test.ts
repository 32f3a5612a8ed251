/** Keeping a server running, with a child process in the server's place. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { keepServer, type KeptServer } from '../../src/temporal/keep-server.ts';
import { processStartTime } from '../../src/temporal/process.ts';
import type { EmbeddedServer } from '../../src/temporal/server.ts';

async function aServer(): Promise<EmbeddedServer & { readonly child: ChildProcess }> {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(child, 'spawn');
  onTestFinished(() => void child.kill('SIGKILL'));
  const pid = child.pid!;
  return { child, pid, startTime: processStartTime(pid)!, address: '127.0.0.1:1', uiUrl: 'http://127.0.0.1:2' };
}

async function kill({ child }: { readonly child: ChildProcess }): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

function stoppedAtTheEnd(kept: KeptServer): KeptServer {
  onTestFinished(() => kept.stop());
  return kept;
}

test('restarts a killed server each time it is killed', async () => {
  const [first, second, third] = [await aServer(), await aServer(), await aServer()];
  const restarts = [Promise.withResolvers<EmbeddedServer>(), Promise.withResolvers<EmbeddedServer>()];
  const coming = [second, third];
  const kept = stoppedAtTheEnd(
    keepServer(first, async (ended) => {
      restarts[2 - coming.length]?.resolve(ended);
      return coming.shift()!;
    }),
  );
  await kill(first);
  expect(await restarts[0]!.promise).toBe(first);
  await kill(second);
  expect(await restarts[1]!.promise).toBe(second);
  await kept.stop();
  expect(kept.current()).toBe(third);
});

test('a server that cannot be restarted is lost, with the reason of the failed start', async () => {
  const server = await aServer();
  const reason = new Error('the port is taken');
  const kept = stoppedAtTheEnd(keepServer(server, () => Promise.reject(reason)));
  await kill(server);
  await expect(kept.lost).rejects.toBe(reason);
});

test('does not restart a server after keeping has stopped', async () => {
  const server = await aServer();
  const restarted: EmbeddedServer[] = [];
  const kept = keepServer(server, async (ended) => {
    restarted.push(ended);
    return ended;
  });
  await kept.stop();
  await kill(server);
  await kept.stop();
  expect(restarted).toEqual([]);
});
