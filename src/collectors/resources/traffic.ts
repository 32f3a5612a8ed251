/** How much each container sent and received while the tests ran, from the samples that are taken once a second. */
import type { ContainerTraffic } from '../../model/profile/services.ts';
import type { SampleRecord } from './resource-samples.ts';
import type { TrialCollector } from '../trial-collector.ts';

export const traffic: TrialCollector = {
  id: 'traffic',
  metrics: [],
  collect: async (ended) => {
    const records = await ended.samples();
    const services = new Map(
      (await ended.services()).map(({ service, container }) => [container.id, service] as const),
    );
    services.set(ended.container.id, ended.project.service);
    const rows = trafficOf(records, services, ended.container.id);
    return { measurements: [], ...(rows.length === 0 ? {} : { profile: { traffic: rows } }) };
  },
};

const MAX_ROWS = 30;

/**
 * Bytes by service, the busiest first. For the tests' container they count from its start. For the services they count
 * from the first sample while the tests ran, so their start-up is left out. The last second of both is missed.
 * @param services the service of each container by its id
 */
export function trafficOf(
  records: readonly SampleRecord[],
  services: ReadonlyMap<string, string>,
  testContainerId: string,
): readonly ContainerTraffic[] {
  const counters = new Map<string, { readonly received: number[]; readonly sent: number[] }>();
  for (const record of records) {
    if (record.kind !== 'sample') continue;
    const counter = counters.get(record.id) ?? { received: [], sent: [] };
    counter.received.push(record.networkReceivedBytes);
    counter.sent.push(record.networkSentBytes);
    counters.set(record.id, counter);
  }
  const rows = [...counters].flatMap(([id, { received, sent }]) => {
    const service = services.get(id);
    if (service === undefined) return [];
    const from = id === testContainerId ? [0] : [];
    return [{ service, receivedBytes: increase([...from, ...received]), sentBytes: increase([...from, ...sent]) }];
  });
  return rows.sort((a, b) => b.receivedBytes + b.sentBytes - (a.receivedBytes + a.sentBytes)).slice(0, MAX_ROWS);
}

/** How much a counter that restarts with its container has counted. */
function increase(readings: readonly number[]): number {
  let bytes = 0;
  for (const [index, reading] of readings.entries()) {
    const previous = readings[index - 1];
    if (previous === undefined) continue;
    bytes += reading >= previous ? reading - previous : reading;
  }
  return bytes;
}
