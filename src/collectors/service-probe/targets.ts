/** What the probe asks: every service next to the tests that has a TCP port, from which network, and as which user. Pure. */
import type { ComposeModel } from '../../docker/compose/compose-model.ts';
import { needs } from '../../docker/compose/compose-services.ts';
import type { ContainerFacts } from '../../docker/engine/engine.ts';

/** A running container of a service. */
export interface RunningService {
  readonly service: string;
  readonly container: ContainerFacts;
  /** The container's variables, with the content of files that they name. */
  readonly environment: Readonly<Record<string, string>>;
}

/** As src/collectors/service-probe/probe.py takes it. */
export interface Target {
  readonly service: string;
  readonly host: string;
  readonly port: number;
  readonly postgres: Credentials | null;
}

export interface Credentials {
  readonly user: string;
  /** null if the environment has none. A server with the method `trust` needs none. */
  readonly password: string | null;
  readonly database: string;
}

/** A service rarely has more, and each port takes a fraction of a second. */
const MAX_PORTS = 3;
const MAX_TARGETS = 20;

/**
 * Every TCP port that the containers expose, sorted by service and port.
 * @param from the service whose place the probe uses
 */
export function targetsFrom(model: ComposeModel, from: string, services: readonly RunningService[]): readonly Target[] {
  return services
    .filter(({ service }) => service !== from)
    .flatMap(({ service, container, environment }) =>
      tcpPorts(container).map((port) => ({
        service,
        host: hostOf(model, from, service),
        port,
        postgres: isPostgres(container, port) ? credentialsOf(environment) : null,
      })),
    )
    .slice(0, MAX_TARGETS);
}

/** For each service except the tests' one: the services that it needs, with their ports. */
export function edges(
  model: ComposeModel,
  services: readonly RunningService[],
): readonly { readonly from: RunningService; readonly targets: readonly Target[] }[] {
  return services.flatMap((from) => {
    const needed = needs(model.services[from.service]);
    const targets = targetsFrom(
      model,
      from.service,
      services.filter(({ service }) => needed.includes(service)),
    );
    return targets.length === 0 ? [] : [{ from, targets: targets.map((target) => ({ ...target, postgres: null })) }];
  });
}

function tcpPorts({ exposedPorts }: ContainerFacts): readonly number[] {
  return exposedPorts
    .filter((port) => port.endsWith('/tcp'))
    .map((port) => Number.parseInt(port, 10))
    .filter((port) => port > 0)
    .sort((a, b) => a - b)
    .slice(0, MAX_PORTS);
}

/** Services that share a network namespace reach each other only by the loopback. */
function hostOf(model: ComposeModel, from: string, to: string): string {
  const owner = namespaceOf(model, to);
  if (namespaceOf(model, from) === owner) return 'localhost';
  // A service on the host's own network has no name on the others.
  return owner === 'host' ? to : owner;
}

function namespaceOf(model: ComposeModel, service: string): string {
  const mode = model.services[service]?.network_mode ?? '';
  if (mode === 'host') return 'host';
  return mode.startsWith('service:') ? namespaceOf(model, mode.slice('service:'.length)) : service;
}

const POSTGRES_PORT = 5432;
const POSTGRES_IMAGE = /(?:^|[/_-])(?:postgres|postgresql|postgis|pgvector|timescaledb?)(?:[-_:@/]|$)/;

function isPostgres({ image }: ContainerFacts, port: number): boolean {
  return port === POSTGRES_PORT || (POSTGRES_IMAGE.test(image) && port >= 5433 && port <= 5499);
}

/** The variables of the official image, and Bitnami's where it has those. */
function credentialsOf(env: Readonly<Record<string, string>>): Credentials {
  const user = env['POSTGRES_USER'] || env['POSTGRESQL_USERNAME'] || 'postgres';
  return {
    user,
    password: env['POSTGRES_PASSWORD'] || env['POSTGRESQL_PASSWORD'] || null,
    database: env['POSTGRES_DB'] || env['POSTGRESQL_DATABASE'] || user,
  };
}
