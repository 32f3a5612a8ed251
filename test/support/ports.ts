/** Ports and names of this test process alone: whatever else works on the machine, here too, takes others. */
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SLOTS_PER_BLOCK = 100;
const PORTS_PER_SLOT = 10;
const BLOCKS = 6;

/**
 * Where this process looks for ports of its servers; their UIs are 1000 above. Below the ports that the kernel hands out, so
 * that a port that is released for a moment is still free afterwards, and far from Temporal's defaults.
 */
export const FIRST_PORT = firstPort(process.pid % (BLOCKS * SLOTS_PER_BLOCK));

function firstPort(slot: number): number {
  const block = Math.floor(slot / SLOTS_PER_BLOCK);
  return 20_000 + 2_000 * block + PORTS_PER_SLOT * (slot % SLOTS_PER_BLOCK);
}

/** What keeps a command of Paceline's that a test starts away from ports and data of others. */
export const OWN_PLACES = {
  PACELINE_FIRST_PORT: String(FIRST_PORT),
  XDG_DATA_HOME: join(tmpdir(), `paceline-test-${process.pid}`),
};

/** One that was free a moment ago, of those that the kernel hands out. */
export async function aFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => void probe.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
