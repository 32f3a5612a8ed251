/** Which Temporal server is meant, and a connection to it. */
import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { PacelineError, wrongUsage } from '../model/failure.ts';

const ANSWER_MS = 5_000;
/** gRPC's status code NOT_FOUND; grpc-js, whose enum names it, is no dependency of ours. */
const NOT_FOUND: number = 5;

/** The status code of a gRPC error; null for any other. https://grpc.io/docs/guides/status-codes/ */
export function grpcStatus(error: unknown): number | null {
  return isGrpcServiceError(error) ? Number.parseInt(String(error.code), 10) : null;
}

/** A server that somebody runs elsewhere. */
export interface ConfiguredServer {
  readonly kind: 'configured';
  readonly address: string;
  readonly namespace: string;
  readonly connectionOptions: NativeConnectionOptions;
}

export type TemporalTarget = ConfiguredServer | { readonly kind: 'embedded' };

/**
 * Temporal's own file and variables decide, as for its command line (TEMPORAL_ADDRESS, TEMPORAL_PROFILE,
 * TEMPORAL_CONFIG_FILE …); without an address there the embedded server is meant.
 * @throws PacelineError WrongUsage for a configuration that cannot be read
 */
export function temporalTarget(env: NodeJS.ProcessEnv): TemporalTarget {
  const { connectionOptions, namespace } = readConfiguration(env);
  const { address } = connectionOptions;
  if (address === undefined) return { kind: 'embedded' };
  return { kind: 'configured', address, namespace: namespace ?? 'default', connectionOptions };
}

/** A client of the server; the caller closes its connection. @throws PacelineError WrongUsage when nobody answers there */
export async function connect(server: Omit<ConfiguredServer, 'kind'>): Promise<Client> {
  const { address, namespace, connectionOptions } = server;
  const connection = await Connection.connect({
    ...(connectionOptions as Parameters<typeof Connection.connect>[0]),
    connectTimeout: ANSWER_MS,
  }).catch((error: unknown) => {
    throw new PacelineError(
      {
        type: 'WrongUsage',
        what: `No Temporal server answers at ${address}${connectionOptions.tls ? ' over TLS' : ''}.`,
        next: connectionOptions.tls
          ? 'Start it, or correct TEMPORAL_ADDRESS or the certificates (TEMPORAL_TLS_…, or the Temporal configuration file): a wrong authority or key looks the same from here.'
          : 'Start it, or correct TEMPORAL_ADDRESS or the Temporal configuration file; without an address Paceline runs a server of its own.',
      },
      { cause: error },
    );
  });
  await checkNamespace(connection, address, namespace).catch(async (error: unknown) => {
    await connection.close();
    throw error;
  });
  return new Client({ connection, namespace });
}

async function checkNamespace(connection: Connection, address: string, namespace: string): Promise<void> {
  try {
    await connection.withDeadline(Date.now() + ANSWER_MS, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
  } catch (error) {
    if (grpcStatus(error) === NOT_FOUND) {
      throw wrongUsage(
        `The Temporal server at ${address} has no namespace \`${namespace}\`.`,
        `Create it (\`temporal operator namespace create -n ${namespace}\`) or set TEMPORAL_NAMESPACE to another.`,
      );
    }
    // Without the right to describe it one may still work in it: what is really wrong shows at the first call.
  }
}

function readConfiguration(env: NodeJS.ProcessEnv) {
  const variables = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  try {
    return loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(variables) });
  } catch (error) {
    throw wrongUsage(
      `Temporal's configuration cannot be read: ${firstLine(error)}.`,
      'Correct the TEMPORAL_… variables or the file that TEMPORAL_CONFIG_FILE names.',
    );
  }
}

/** A TOML reader goes on with the lines around it. */
function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0]!.replace(/\.$/, '');
}
