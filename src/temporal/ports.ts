/** Finds ports on the loopback interface for the embedded server. */
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { wrongUsage } from '../model/failure.ts';

const TRIED_PORTS = 100;
/** More than one: another Paceline that searches holds each port for a moment. */
const LOOKED_AT_MS = 200;

/** Temporal's default, so that its command line finds the server without configuration. */
const DEFAULT_PORT = 7233;
/** The UI's default is 8233. */
const UI_ABOVE = 1000;
/** The default of the pages is 9233. */
const PAGES_ABOVE = 2000;
const LAST_FIRST_PORT = 65_535 - PAGES_ABOVE - TRIED_PORTS;

/**
 * Where the search for free ports starts. PACELINE_FIRST_PORT separates several Pacelines on one machine.
 * @throws PacelineError WrongUsage if it is not such a port
 */
export function firstPortOf({ PACELINE_FIRST_PORT: given = '' }: NodeJS.ProcessEnv): number {
  if (given.trim() === '') return DEFAULT_PORT;
  const port = Number(given);
  if (Number.isInteger(port) && port > 0 && port <= LAST_FIRST_PORT) return port;
  throw wrongUsage(
    `PACELINE_FIRST_PORT is ${JSON.stringify(given)}, which is not a port from 1 to ${LAST_FIRST_PORT}.`,
    'Set it to such a port, or unset it.',
  );
}

/**
 * Ports for the server and its UI. A port that the user chose must be free. A default port moves to the next free one.
 * @throws PacelineError WrongUsage if a chosen port is in use
 */
export async function choosePorts(given: {
  readonly port?: number | undefined;
  readonly uiPort?: number | undefined;
  /** Where the search starts. The default is Temporal's default port. */
  readonly firstPort?: number | undefined;
}): Promise<{ readonly port: number; readonly uiPort: number }> {
  const first = given.firstPort ?? DEFAULT_PORT;
  const port = await choosePort({ flag: '--port', given: given.port, default: first });
  const uiDefault = port === first + UI_ABOVE ? port + 1 : first + UI_ABOVE;
  return { port, uiPort: await choosePort({ flag: '--ui-port', given: given.uiPort, default: uiDefault }) };
}

/** Where the search for a port of the pages starts. @throws PacelineError WrongUsage as `firstPortOf` */
export function firstPagesPortOf(env: NodeJS.ProcessEnv): number {
  return firstPortOf(env) + PAGES_ABOVE;
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
      `Port ${given} (${flag}) is in use on this machine.`,
      `Choose another port, or leave out ${flag} to use the next free one.`,
    );
  }
  for (let port = first; port < first + TRIED_PORTS; port += 1) if (await isFree(port)) return port;
  throw wrongUsage(
    `The ports ${first} to ${first + TRIED_PORTS - 1} are all in use on this machine.`,
    `Choose a port with ${flag}.`,
  );
}

/** @param url of a server, with or without a scheme, with its port at the end */
export function portOf(url: string): number {
  return Number(url.slice(url.lastIndexOf(':') + 1));
}

/** A killed process may hold its ports for a moment after it has disappeared. @returns whether the port became free */
export async function freeWithin(port: number, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (!(await isFree(port))) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/** @returns whether a server could listen on this port of the loopback interface now */
export async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
