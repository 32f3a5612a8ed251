/**
 * The statements that PostgreSQL servers run for the tests. If the project itself loads pg_stat_statements, counting
 * costs the tests nothing, and the probe reads the counters at the end. Otherwise every statement must be logged, which
 * costs time. That is done only in the primary scenario's first warm-up, which is never judged, and not at all if the
 * plan has no warm-up.
 */
import type { ComposeModel } from '../../docker/compose/compose-model.ts';
import type { ServiceQueries } from '../../model/profile/services.ts';
import { servicesWithEnvironment } from '../service-probe/collector.ts';
import { probeFromTests } from '../service-probe/run-probe.ts';
import { type Target, targetsFrom } from '../service-probe/targets.ts';
import { runningServices, serviceContainers } from '../running-services.ts';
import type { EndedTrial, ServiceContainer, TrialCollector, TrialContext } from '../trial-collector.ts';
import { createStatementLog } from './statement-log.ts';

export const statements: TrialCollector = {
  id: 'statements',
  metrics: [],
  prepare: async (context) => {
    if (!context.representative && !context.untimed) return;
    const servers = await postgresServers(context, await serviceContainers(context));
    const counting = servers.filter(({ service }) => counts(context.project.model, service));
    const logging = context.untimed ? servers.filter((server) => !counting.includes(server)) : [];
    if (context.representative && counting.length > 0) await probeFromTests(context, counting, 'forget');
    if (logging.length > 0) await probeFromTests(context, logging, 'log');
  },
  collect: async (ended) => {
    if (!ended.untimed) return { measurements: [] };
    const queries = await fromLogs(ended);
    return { measurements: [], ...(queries.length === 0 ? {} : { profile: { queries } }) };
  },
};

async function postgresServers(
  context: TrialContext,
  services: readonly ServiceContainer[],
): Promise<readonly Target[]> {
  const { model, service } = context.project;
  return targetsFrom(model, service, await servicesWithEnvironment(context, services)).filter(
    ({ postgres }) => postgres !== null,
  );
}

/** Known only from the service's command. A server that loads it by its own file counts from its start. */
function counts({ services }: ComposeModel, service: string): boolean {
  return (services[service]?.command ?? []).some((word) => word.includes('pg_stat_statements'));
}

async function fromLogs(ended: EndedTrial): Promise<readonly ServiceQueries[]> {
  const logged = new Set((await postgresServers(ended, await ended.services())).map(({ service }) => service));
  const queries: ServiceQueries[] = [];
  for (const { service, container } of runningServices(await ended.services())) {
    if (!logged.has(service)) continue;
    const log = createStatementLog();
    await ended.engine.readLogs(container.id, { signal: ended.signal, onChunk: (chunk) => log.add(chunk) });
    const summary = log.summary();
    if (summary !== null) queries.push({ service, source: 'log', ...summary });
  }
  return queries;
}
