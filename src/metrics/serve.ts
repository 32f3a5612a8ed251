/** Serves metrics to Prometheus: a worker's own and those of Temporal's SDK, as one page. */
import { createServer } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import { wrongUsage } from '../model/failure.ts';
import type { Metrics } from './metrics.ts';

export interface MetricsPlace {
  readonly host: string;
  readonly port: number;
}

export interface MetricsServer {
  /** Of the page. */
  readonly url: string;
  close(): Promise<void>;
}

/** Prometheus gives up after ten seconds by default. */
const SDK_MS = 3_000;

/** @returns null if no metrics were asked for. @throws PacelineError WrongUsage for an invalid port */
export function metricsPlace(env: Readonly<Record<string, string | undefined>>): MetricsPlace | null {
  const { PACELINE_METRICS_PORT: given = '', PACELINE_METRICS_HOST: host = '127.0.0.1' } = env;
  if (given === '') return null;
  const port = Number(given);
  if (/^\d+$/.test(given) && port <= 65_535) return { host: host === '' ? '127.0.0.1' : host, port };
  throw wrongUsage('PACELINE_METRICS_PORT is not a port.', 'Specify a port from 1 to 65535.');
}

/**
 * @param sdkAddress where Temporal's SDK serves its own metrics; null if it does not
 * @throws PacelineError WrongUsage if it cannot listen there
 */
export async function serveMetrics(
  { host, port }: MetricsPlace,
  metrics: Pick<Metrics, 'page' | 'contentType'>,
  sdkAddress: string | null,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const path = request.url?.replace(/\?.*$/, '');
    if (path !== '/metrics' || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Metrics are at /metrics.\n');
      return;
    }
    void pageOf(metrics, sdkAddress).then(
      (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      () => response.writeHead(500, { 'content-type': 'text/plain' }).end('The metrics could not be collected.\n'),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        wrongUsage(
          `Metrics cannot be served at ${host}:${port} (${error.code}).`,
          'Choose a free port with --metrics-port, and an address of this machine with --metrics-host.',
        ),
      ),
    );
    server.listen({ host, port }, resolve);
  });
  const { port: chosen } = server.address() as AddressInfo;
  return {
    url: `http://${isIP(host) === 6 ? `[${host}]` : host}:${chosen}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The names do not clash: ours begin with paceline_, those of the SDK with temporal_. */
async function pageOf(metrics: Pick<Metrics, 'page'>, sdkAddress: string | null): Promise<string> {
  const [own, sdk] = await Promise.all([metrics.page(), sdkAddress === null ? '' : sdkMetrics(sdkAddress)]);
  return `${own}${sdk}`;
}

/** Empty if the SDK does not answer: its absence is seen, and the rest is still of use. */
async function sdkMetrics(address: string): Promise<string> {
  try {
    const response = await fetch(`http://${address}/metrics`, { signal: AbortSignal.timeout(SDK_MS) });
    if (!response.ok) return '';
    const text = await response.text();
    return text === '' || text.endsWith('\n') ? text : `${text}\n`;
  } catch {
    return '';
  }
}
