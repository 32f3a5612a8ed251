import type { RunFacts, ServiceStartup } from '../../../model/run.ts';
import { figure } from '../../../format/figure.ts';
import { removeComposeKey } from '../../patches/compose-edit.ts';
import { makePatch } from '../../patches/make-patch.ts';
import { placeOf } from '../../place-of.ts';
import { type Audit, type Finding, savesBetween } from '../audit.ts';
import { dependencyKey, runsServer, serviceImage } from '../../project-files/compose.ts';
import { startupSaving } from '../support/start-up.ts';

/** Compose itself looks for what is ready only every half second. */
export const WORTH_SECONDS = 0.5;

/** Servers that need no other service to start. A project's own service may need what it waits for, so it is never touched. */
export const SERVERS: ReadonlySet<string> = new Set(
  'postgres postgresql postgis pgvector timescaledb mysql mariadb mongo redis redis-stack redis-stack-server valkey keydb memcached rabbitmq nats minio mailhog mailpit elasticsearch opensearch localstack zookeeper clickhouse-server cassandra etcd'.split(
    ' ',
  ),
);

/** An edge in `depends_on` between two servers that do not know each other makes one wait for the other. */
export const serialDependency: Audit = {
  id: 'serial-dependency',
  title: 'Services start one after the other that do not need each other',
  ok: 'No server waits for another service that it does not need.',
  requires: ['startup', 'projectFiles'],
  audit: ({ facts }) => (facts.startup?.services ?? []).flatMap((service) => finding(facts, service)),
};

function finding(facts: RunFacts, { service, state, timeline }: ServiceStartup): Finding[] {
  const files = facts.projectFiles;
  const services = facts.startup?.services ?? [];
  const image = serviceImage(files, service);
  const waited = timeline?.waitedFor;
  if (image === null || !SERVERS.has(image) || waited == null) return [];
  if (state === 'completed' || !runsServer(files, service)) return [];
  const startup = [{ kind: 'withoutEdge' as const, from: service, to: waited.service }];
  const value = startupSaving(services, files, startup);
  if (value < WORTH_SECONDS) return [];
  const key = dependencyKey(files, service, waited.service);
  const edit = key === null ? null : removeComposeKey(files, service, key);
  const patch = edit === null ? null : makePatch(files, [edit]);
  return [
    {
      kind: 'opportunity',
      message: `Remove ${waited.service} from depends_on of ${service}: ${image} needs no other service to start.`,
      evidence: [
        `${service} started after ${figure(timeline?.startedSeconds ?? 0, 'second')}, when ${waited.service} was ${waited.condition.replace('service_', '').replaceAll('_', ' ')}`,
      ],
      where: key === null ? null : placeOf(files, { kind: 'composeKey', service, key }),
      startup,
      saves: savesBetween('startup.duration', { value, low: Math.max(0, value - 1), high: value + 0.5 }),
      remedy:
        patch === null
          ? { kind: 'steps', steps: [`Remove ${waited.service} from depends_on of ${service}.`] }
          : { kind: 'patch', patch },
    },
  ];
}
