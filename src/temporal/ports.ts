/** Ports for the embedded server on the loopback interface. */
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { wrongUsage } from '../model/failure.ts';

const TRIED_PORTS = 100;

/** Temporal's own defaults, so that its command line finds the server without being told. */
const DEFAULT_PORT = 7233;
const DEFAULT_UI_PORT = 8233;

/**
 * Ports for the server and its UI. A port that somebody chose must be free; a default falls to the next free one.
 * @throws PacelineError WrongUsage when a given port is taken
 */
export async function choosePorts(given: {
  readonly port?: number | undefined;
  readonly uiPort?: number | undefined;
}): Promise<{ readonly port: number; readonly uiPort: number }> {
  const port = await choosePort({ flag: '--port', given: given.port, default: DEFAULT_PORT });
  const uiDefault = port === DEFAULT_UI_PORT ? port + 1 : DEFAULT_UI_PORT;
  return { port, uiPort: await choosePort({ flag: '--ui-port', given: given.uiPort, default: uiDefault }) };
}

interface PortChoice {
  readonly flag: string;
  readonly given: number | undefined;
  readonly default: number;
}

async function choosePort({ flag, given, default: first }: PortChoice): Promise<number> {
  if (given !== undefined) {
    if (await isFree(given)) return given;
    throw wrongUsage(
      `Port ${given} (${flag}) is taken on this machine.`,
      `Choose another, or leave ${flag} out and the next free one is used.`,
    );
  }
  for (let port = first; port < first + TRIED_PORTS; port += 1) if (await isFree(port)) return port;
  throw wrongUsage(
    `None of the ports ${first} to ${first + TRIED_PORTS - 1} is free on this machine.`,
    `Choose one with ${flag}.`,
  );
}

/** @param url of a server, with its port at the end, with or without a scheme */
export function portOf(url: string): number {
  return Number(url.slice(url.lastIndexOf(':') + 1));
}

/** A process that was killed may hold its ports for a moment longer than it can be seen. @returns whether it is free by then */
export async function freeWithin(port: number, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (!(await isFree(port))) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/** @returns whether a server could listen on the loopback interface's port now */
export async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
