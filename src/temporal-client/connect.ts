/** Chooses the Temporal server and connects to it. */
import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { PacelineError, wrongUsage } from '../model/failure.ts';

const ANSWER_MS = 5_000;
/** gRPC's status code NOT_FOUND. The enum is in grpc-js, which is not a dependency. */
const NOT_FOUND: number = 5;

/** The status code of a gRPC error, null for other errors. https://grpc.io/docs/guides/status-codes/ */
export function grpcStatus(error: unknown): number | null {
  return isGrpcServiceError(error) ? Number.parseInt(String(error.code), 10) : null;
}

/** gRPC's status codes of a server that is too busy: DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED. */
const TOO_BUSY: ReadonlySet<number | null> = new Set([4, 8, 10]);

/** Whether a server that is there did not answer in time. The SDK's errors have the gRPC error as their cause. */
export function answeredTooLate(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (TOO_BUSY.has(grpcStatus(cause))) return true;
  }
  return false;
}

/** A configured server. */
export interface ConfiguredServer {
  readonly kind: 'configured';
  readonly address: string;
  readonly namespace: string;
  readonly connectionOptions: NativeConnectionOptions;
}

export type TemporalTarget = ConfiguredServer | { readonly kind: 'embedded' };

/**
 * Reads the same file and variables as Temporal's command line (TEMPORAL_ADDRESS, TEMPORAL_PROFILE,
 * TEMPORAL_CONFIG_FILE …). Without an address there, the embedded server is used.
 * @throws PacelineError WrongUsage if the configuration cannot be read
 */
export function temporalTarget(env: NodeJS.ProcessEnv): TemporalTarget {
  const { connectionOptions, namespace } = readConfiguration(env);
  const { address } = connectionOptions;
  if (address === undefined) return { kind: 'embedded' };
  return { kind: 'configured', address, namespace: namespace ?? 'default', connectionOptions };
}

/** A client of the server. The caller closes its connection. @throws PacelineError WrongUsage if the server does not answer */
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
          ? 'Start the server, or correct TEMPORAL_ADDRESS or the certificates (TEMPORAL_TLS_…, or the Temporal configuration file). A wrong authority or key causes the same error.'
          : 'Start the server, or correct TEMPORAL_ADDRESS or the Temporal configuration file. Without an address, Paceline starts a server.',
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
        `Create it (\`temporal operator namespace create -n ${namespace}\`) or set TEMPORAL_NAMESPACE to another one.`,
      );
    }
    // A user without the right to describe a namespace may still use it. The first call shows whether it works.
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

/** A TOML parser also prints the surrounding lines. */
function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0]!.replace(/\.$/, '');
}
