import { createServer, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freeWithin, portOf } from '../../src/temporal/ports.ts';

async function held(): Promise<{ readonly holder: Server; readonly port: number }> {
  const holder = createServer();
  await new Promise<void>((resolve) => void holder.listen({ host: '127.0.0.1', port: 0 }, resolve));
  onTestFinished(() => void holder.close());
  return { holder, port: (holder.address() as { port: number }).port };
}

test.each([
  ['127.0.0.1:24321', 24321],
  ['http://127.0.0.1:25321', 25321],
])('the port of %s', (url, port) => {
  expect(portOf(url)).toBe(port);
});

test('waits for a port that is held for a moment', async () => {
  const { holder, port } = await held();
  const free = freeWithin(port, 30_000);
  holder.close();
  expect(await free).toBe(true);
});

test('does not wait forever for a port that stays in use', async () => {
  const { port } = await held();
  expect(await freeWithin(port, 50)).toBe(false);
});
