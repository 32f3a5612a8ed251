/** What a collector of a trial is: one file each, named in trial-collectors.ts, which is the one list. */
import type { CgroupPlace } from './cgroup/reading.ts';
import type { SampleRecord } from './resources/resource-samples.ts';
import type { Endpoint } from '../docker/command/endpoint.ts';
import type { ContainerFacts, Engine } from '../docker/engine/engine.ts';
import type { ResolvedProject } from '../docker/project/project.ts';
import type { Measurement, MetricName } from '../model/measurement.ts';
import type { TrialProfile } from '../model/profile/trial-profile.ts';
import type { Lane } from '../model/run.ts';

/** Where a trial's results folder is mounted in the test container. */
export const RESULTS_MOUNT = '/paceline-results';

export interface TrialContext {
  readonly engine: Engine;
  readonly endpoint: Endpoint;
  /** The whole environment of docker commands that concern the project. */
  readonly commandEnv: Readonly<Record<string, string>>;
  readonly project: ResolvedProject;
  /** The name of the trial's compose project and of its test container. */
  readonly name: string;
  /** The trial's folder on the host. Collectors keep their files in it. */
  readonly folder: string;
  /** Mounted at RESULTS_MOUNT and writable for everybody; null if nothing can be mounted (a remote engine). */
  readonly resultsFolder: string | null;
  readonly lane: Lane;
  readonly hostCores: number;
  /** Around all of the trial's containers. */
  readonly cgroup: { readonly place: CgroupPlace } | { readonly notAvailable: string };
  /** The primary scenario's first measured trial. Expensive collectors run only in this one. */
  readonly representative: boolean;
  /** The primary scenario's first warm-up. Only here, collectors may slow the tests down. */
  readonly untimed: boolean;
  readonly signal: AbortSignal;
}

export interface ServiceContainer {
  readonly service: string;
  readonly container: ContainerFacts;
}

export interface EndedTrial extends TrialContext {
  readonly container: ContainerFacts;
  /** All of the tests' output, as it came. */
  readonly outputFile: string;
  readonly reattached: boolean;
  /** Every container of the services next to the tests. The engine is asked once for all collectors. */
  readonly services: () => Promise<readonly ServiceContainer[]>;
  /** The records of the trial's `samples.jsonl`, read once for all collectors. */
  readonly samples: () => Promise<readonly SampleRecord[]>;
}

/** Added to the variables of image and service. A variable given here replaces theirs, so it must contain theirs. */
export interface TestAdditions {
  readonly environment: Readonly<Record<string, string>>;
}

export interface Collected {
  readonly measurements: readonly Measurement[];
  /** Its part of the trial's profile. */
  readonly profile?: Partial<TrialProfile>;
}

export interface Observation {
  /** The tests have ended; never rejects. */
  readonly stop: () => Promise<void>;
}

export interface TrialCollector {
  readonly id: string;
  /** What it measures: if the collector fails, each is a failed measurement. */
  readonly metrics: readonly MetricName[];
  /** What it needs in the test container. @param own the environment that image and service set */
  readonly additions?: (context: TrialContext, own: Readonly<Record<string, string>>) => Promise<TestAdditions>;
  /** Runs before the tests start, after their services are ready. An error of it does not stop the tests. */
  readonly prepare?: (context: TrialContext) => Promise<void>;
  /** Watches while the tests run. An attempt that continues the trial starts it again. */
  readonly observe?: (context: TrialContext) => Promise<Observation>;
  /** After the tests have ended, while their container and the services are still there. */
  readonly collect: (ended: EndedTrial) => Promise<Collected>;
}
