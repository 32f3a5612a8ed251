/** Ports for the embedded server on the loopback interface. */
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { wrongUsage } from '../model/failure.ts';

const TRIED_PORTS = 100;
/** Another Paceline that looks for a free port holds each for a moment. */
const LOOKED_AT_MS = 200;

/** Temporal's own defaults, so that its command line finds the server without being told. */
const DEFAULT_PORT = 7233;
/** The UI's default is 8233. */
const UI_ABOVE = 1000;
const LAST_FIRST_PORT = 65_535 - UI_ABOVE - TRIED_PORTS;

/**
 * Where the look for free ports begins: PACELINE_FIRST_PORT keeps several Pacelines of one machine apart.
 * @throws PacelineError WrongUsage for what is not such a port
 */
export function firstPortOf({ PACELINE_FIRST_PORT: given = '' }: NodeJS.ProcessEnv): number {
  if (given.trim() === '') return DEFAULT_PORT;
  const port = Number(given);
  if (Number.isInteger(port) && port > 0 && port <= LAST_FIRST_PORT) return port;
  throw wrongUsage(
    `PACELINE_FIRST_PORT is ${JSON.stringify(given)}, not a port from 1 to ${LAST_FIRST_PORT}.`,
    'Set it to such a port, or leave it unset.',
  );
}

/**
 * Ports for the server and its UI. A port that somebody chose must be free; a default falls to the next free one.
 * @throws PacelineError WrongUsage when a given port is taken
 */
export async function choosePorts(given: {
  readonly port?: number | undefined;
  readonly uiPort?: number | undefined;
  /** Where the look for free ones begins; Temporal's default where it is not given. */
  readonly firstPort?: number | undefined;
}): Promise<{ readonly port: number; readonly uiPort: number }> {
  const first = given.firstPort ?? DEFAULT_PORT;
  const port = await choosePort({ flag: '--port', given: given.port, default: first });
  const uiDefault = port === first + UI_ABOVE ? port + 1 : first + UI_ABOVE;
  return { port, uiPort: await choosePort({ flag: '--ui-port', given: given.uiPort, default: uiDefault }) };
}

interface PortChoice {
  readonly flag: string;
  readonly given: number | undefined;
  readonly default: number;
}

async function choosePort({ flag, given, default: first }: PortChoice): Promise<number> {
  if (given !== undefined) {
    if (await freeWithin(given, LOOKED_AT_MS)) return given;
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
