/** The list of collectors of a trial. One that fails does not affect the others. */
import { join } from 'node:path';
import { failedMeasurement } from '../model/measurement.ts';
import type { TrialProfile } from '../model/profile/trial-profile.ts';
import { logs } from './logs/collector.ts';
import { pytest } from './pytest/collector.ts';
import { serviceProbe } from './service-probe/collector.ts';
import { statements } from './statements/collector.ts';
import { traffic } from './resources/traffic.ts';
import { host } from './host/collector.ts';
import { resources } from './resources/collector.ts';
import { readSamples, SAMPLES_FILE } from './resources/sampling.ts';
import { serviceContainers } from './running-services.ts';
import type {
  Collected,
  EndedTrial,
  Observation,
  TestAdditions,
  TrialCollector,
  TrialContext,
} from './trial-collector.ts';

/** In the order in which they collect: the logs are read before the probe leaves its own lines in them. */
export const TRIAL_COLLECTORS: readonly TrialCollector[] = [
  resources,
  host,
  pytest,
  traffic,
  logs,
  statements,
  serviceProbe,
];

/** Everything that the collectors need in the test container. Each collector sees what earlier ones have added. */
export async function additionsOf(
  context: TrialContext,
  own: Readonly<Record<string, string>>,
): Promise<TestAdditions> {
  let environment: Readonly<Record<string, string>> = {};
  for (const { additions } of TRIAL_COLLECTORS) {
    if (additions === undefined) continue;
    environment = { ...environment, ...(await additions(context, { ...own, ...environment })).environment };
  }
  return { environment };
}

/** What collectors do before the tests start. A collector that fails does not prevent the tests. @throws the signal's reason */
export async function prepareTrial(context: TrialContext): Promise<void> {
  for (const { prepare } of TRIAL_COLLECTORS) await prepare?.(context).catch(() => context.signal.throwIfAborted());
}

/** Begins what watches the tests. */
export async function observe(context: TrialContext): Promise<Observation> {
  const begun = await Promise.allSettled(TRIAL_COLLECTORS.map(async (collector) => collector.observe?.(context)));
  return {
    stop: async () => {
      await Promise.all(begun.map(async (each) => (each.status === 'fulfilled' ? each.value?.stop() : undefined)));
    },
  };
}

export interface CollectedTrial {
  readonly measurements: Collected['measurements'];
  readonly profile: TrialProfile;
}

/**
 * Asks each collector in turn. One that fails yields failed measurements, and the rest continue.
 * @param onCollector is called with the collector that is next
 * @throws the signal's reason
 */
export async function collectTrial(
  trial: Omit<EndedTrial, 'services' | 'samples'>,
  onCollector: (id: string) => void = () => {},
): Promise<CollectedTrial> {
  const ended: EndedTrial = {
    ...trial,
    services: once(() => serviceContainers(trial)),
    samples: once(() => readSamples(join(trial.folder, SAMPLES_FILE))),
  };
  const parts: Collected[] = [];
  for (const collector of TRIAL_COLLECTORS) {
    onCollector(collector.id);
    try {
      parts.push(await collector.collect(ended));
    } catch (error) {
      ended.signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      parts.push({
        measurements: collector.metrics.map((metric) => failedMeasurement(metric, reason, collector.id)),
        profile: { notes: [`The collector \`${collector.id}\` failed: ${reason}`] },
      });
    }
  }
  const notes = parts.flatMap(({ profile }) => profile?.notes ?? []);
  return {
    measurements: parts.flatMap(({ measurements }) => measurements),
    profile: Object.assign({}, ...parts.map(({ profile }) => profile), { notes }) as TrialProfile,
  };
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => (answer ??= ask());
}
