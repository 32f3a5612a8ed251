/** Listens for browsers. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { wrongUsage } from '../model/failure.ts';

export interface ListenOptions {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /** An address or a name of this machine. */
  readonly host: string;
  /** A port that the user chose: it must be free. */
  readonly port: number | null;
  /** Where the search for a free port starts, if none was chosen. */
  readonly firstPort: number;
}

export interface Listening {
  /** As a person opens it. */
  readonly url: string;
  /** Ends all connections, also those that are in use. */
  close(): Promise<void>;
}

const TRIED_PORTS = 100;

/** @throws PacelineError WrongUsage if the port is in use or the host is not one of this machine */
export async function listen({ fetch, host, port, firstPort }: ListenOptions): Promise<Listening> {
  const server = createAdaptorServer({ fetch }) as Server;
  const last = Math.min(65_535, firstPort + TRIED_PORTS - 1);
  for (let tried = port ?? firstPort; ; tried += 1) {
    const error = await listenOn(server, host, tried);
    if (error === null) break;
    if (error.code !== 'EADDRINUSE' || port !== null) throw cannotListen(error, host, tried);
    if (tried === last)
      throw wrongUsage(
        `The ports ${firstPort} to ${last} are all in use on this machine.`,
        'Choose a port with --pages-port.',
      );
  }
  return { url: urlOf(server.address() as AddressInfo), close: () => closed(server) };
}

function listenOn(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) => resolve(error);
    server.once('error', failed);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', failed);
      resolve(null);
    });
  });
}

function cannotListen({ code, message }: NodeJS.ErrnoException, host: string, port: number) {
  if (code === 'EADDRINUSE')
    return wrongUsage(
      `Port ${port} (--pages-port) is in use on this machine.`,
      'Choose another port, or leave out --pages-port to use the next free one.',
    );
  if (code === 'EACCES')
    return wrongUsage(
      `This user may not listen on port ${port} (--pages-port).`,
      'Choose a port from 1024 on, or leave out --pages-port.',
    );
  return wrongUsage(
    `The pages cannot be served on ${JSON.stringify(host)} (--pages-host): ${message}.`,
    'Give an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them.',
  );
}

/** A browser cannot open "all addresses", so it gets the loopback address. */
function urlOf({ address, port, family }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return `http://127.0.0.1:${port}`;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
