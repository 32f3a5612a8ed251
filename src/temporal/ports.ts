/** Ports for the embedded server on the loopback interface. */
import { createServer } from 'node:net';
import { wrongUsage } from '../model/failure.ts';

const TRIED_PORTS = 100;

/** A port that somebody chose must be free; a default falls to the next free one. */
export interface PortChoice {
  readonly flag: string;
  readonly given: number | undefined;
  readonly default: number;
}

/** @throws PacelineError WrongUsage when the given port is taken, or none of a hundred after the default is free */
export async function choosePort({ flag, given, default: first }: PortChoice): Promise<number> {
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

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
