/**
 * Findings in the logs of tests and services. Logs are read in one trial of a run and in those whose tests failed: reading a
 * log costs the engine CPU time, which concurrent trials may need.
 */
import { createReadStream } from 'node:fs';
import type { LogsRead } from '../../docker/engine/engine.ts';
import type { LogFinding } from '../../model/profile/services.ts';
import type { EndedTrial, ServiceContainer, TrialCollector } from '../trial-collector.ts';
import { byWeight, createLogScan } from './scan.ts';

const MAX_FINDINGS = 40;

export const logs: TrialCollector = {
  id: 'logs',
  metrics: [],
  collect: async (ended) => {
    if (!ended.representative && ended.container.state.exitCode === 0) return { measurements: [] };
    const found = [...(await ofTests(ended))];
    const unreadLogs: { readonly service: string; readonly driver: string }[] = [];
    for (const service of await ended.services()) {
      const { findings, read } = await ofService(ended, service);
      found.push(...findings);
      if (read.kind === 'noLogs') unreadLogs.push({ service: service.service, driver: read.driver });
    }
    return {
      measurements: [],
      profile: {
        logs: found.sort(byWeight).slice(0, MAX_FINDINGS),
        ...(unreadLogs.length === 0 ? {} : { unreadLogs }),
      },
    };
  },
};

async function ofTests({ outputFile, project, signal }: EndedTrial): Promise<readonly LogFinding[]> {
  const scan = createLogScan('tests');
  for await (const chunk of createReadStream(outputFile, { signal })) scan.add(chunk as Buffer);
  return scan.findings(project.service);
}

async function ofService(
  { engine, signal }: EndedTrial,
  { service, container }: ServiceContainer,
): Promise<{ readonly findings: readonly LogFinding[]; readonly read: LogsRead }> {
  // Both streams in one: a service writes whole lines to either.
  const scan = createLogScan('service');
  const read = await engine.readLogs(container.id, { signal, onChunk: (chunk) => scan.add(chunk) });
  return { findings: [...scan.findings(service), ...endsOf(service, container)], read };
}

/** What only the engine knows, and no log. */
function endsOf(service: string, { state, restartCount }: ServiceContainer['container']): LogFinding[] {
  const finding = (kind: LogFinding['kind'], count: number, example: string) => ({
    service,
    kind,
    count,
    example,
    longestSeconds: null,
  });
  return [
    ...(state.oomKilled ? [finding('outOfMemory', 1, "The engine killed it for its container's memory limit.")] : []),
    ...(restartCount > 0 ? [finding('ended', restartCount, 'The engine restarted it after it had ended.')] : []),
    ...(state.status === 'exited' && state.exitCode !== 0
      ? [finding('ended', 1, `It ended with exit code ${state.exitCode} before the tests did, and was not restarted.`)]
      : []),
  ];
}
