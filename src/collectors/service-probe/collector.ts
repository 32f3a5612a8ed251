/**
 * How fast the services answer at the place of the tests. A Python script asks them from the test service's place,
 * after the tests have ended, in one trial of a run. It takes half a second after that trial's tests, or two on a busy
 * machine or with many services. It adds nothing to the tests' own time.
 */
import { type Measurement, measured, notAvailable } from '../../model/measurement.ts';
import type { ServiceTiming } from '../../model/profile/services.ts';
import type { Collected, EndedTrial, ServiceContainer, TrialCollector, TrialContext } from '../trial-collector.ts';
import { runningServices } from '../running-services.ts';
import { notAsked, readAnswer } from './answer.ts';
import { environmentOf } from './environment.ts';
import { probeFrom, probeFromTests, type Probed, type Python } from './run-probe.ts';
import { edges, type RunningService, type Target, targetsFrom } from './targets.ts';

const SOURCE = 'probe';
/** Each takes about a second. */
const MAX_EDGES = 4;

export const serviceProbe: TrialCollector = {
  id: 'service-probe',
  metrics: ['network.latency'],
  collect: async (ended) => (ended.representative ? await probeServices(ended) : { measurements: [] }),
};

async function probeServices(ended: EndedTrial): Promise<Collected> {
  const { model, service: tests } = ended.project;
  const services = await servicesWithEnvironment(ended, await ended.services());
  const targets = targetsFrom(model, tests, services);
  if (targets.length === 0) {
    const reason =
      ended.project.services.length === 0
        ? 'There are no services next to the tests.'
        : 'No running service next to the tests exposes a TCP port.';
    return { measurements: [notAvailable('network.latency', reason, SOURCE)] };
  }
  const probed = await probeFromTests(ended, targets);
  const answer = probed.kind === 'answered' ? readAnswer(probed.stdout, tests, targets) : null;
  if (answer === null) {
    const reason = probed.kind === 'none' ? probed.reason : 'the probe printed no answer';
    const timings = notAsked(reason, tests, targets);
    return { measurements: latencies(timings), profile: { services: timings } };
  }
  const python = probed.kind === 'answered' ? probed.python : 'python3';
  const between = await probeEdges(ended, services, python);
  return {
    measurements: latencies(answer.timings),
    profile: { services: [...answer.timings, ...between], queries: answer.queries },
  };
}

/** One running container of each service, with its whole environment. */
export async function servicesWithEnvironment(
  { engine }: Pick<TrialContext, 'engine'>,
  services: readonly ServiceContainer[],
): Promise<readonly RunningService[]> {
  return await Promise.all(
    runningServices(services).map(async ({ service, container }) => ({
      service,
      container,
      environment: await environmentOf(engine, container),
    })),
  );
}

/** From each service to those that it depends on. */
async function probeEdges(
  ended: EndedTrial,
  services: readonly RunningService[],
  python: Python,
): Promise<readonly ServiceTiming[]> {
  const timings: ServiceTiming[] = [];
  for (const { from, targets } of edges(ended.project.model, services).slice(0, MAX_EDGES)) {
    const probed = await probeFrom(ended, from.container.id, python, targets);
    timings.push(...timingsOf(probed, from.service, targets));
  }
  return timings;
}

function timingsOf(probed: Probed, from: string, targets: readonly Target[]): readonly ServiceTiming[] {
  if (probed.kind === 'none') return notAsked(probed.reason, from, targets);
  return readAnswer(probed.stdout, from, targets)?.timings ?? notAsked('the probe printed no answer', from, targets);
}

/**
 * `network.latency` of each service (the worst of its ports that answer) and of the trial: the worst service's TCP connect, median.
 */
export function latencies(timings: readonly ServiceTiming[]): readonly Measurement[] {
  const byService = [...Map.groupBy(timings, ({ service }) => service)].map(([service, ports]) => ({
    service,
    worst: worstOf(ports),
    reason: ports.find(({ tcp }) => tcp.kind === 'notMeasured')?.tcp,
  }));
  const worst = worstOf(timings);
  const [first] = timings;
  const why = first?.tcp.kind === 'notMeasured' ? first.tcp.reason : 'no service was asked';
  return [
    worst === null
      ? notAvailable('network.latency', `No service could be asked: ${why}.`, SOURCE)
      : measured('network.latency', worst, SOURCE),
    ...byService.map(({ service, worst: value, reason }) =>
      value === null
        ? notAvailable('network.latency', reason?.kind === 'notMeasured' ? reason.reason : why, SOURCE, {
            service,
          })
        : measured('network.latency', value, SOURCE, { service }),
    ),
  ];
}

function worstOf(timings: readonly ServiceTiming[]): number | null {
  const medians = timings.flatMap(({ tcp }) => (tcp.kind === 'measured' ? [tcp.medianSeconds] : []));
  return medians.length === 0 ? null : Math.max(...medians);
}
