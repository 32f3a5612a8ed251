/** What activities are given: the real parts, built once in src/worker.ts. */
import type { RunState } from '../../model/run-state.ts';
import type { BenchmarkActivities } from '../../model/activities.ts';
import type { HostClaim } from '../../model/host-claim.ts';
import type { MissedRuns } from '../../model/missed-runs.ts';
import type { HostFacts, RunRef } from '../../model/run.ts';
import type { Endpoint } from '../../docker/command/endpoint.ts';
import type { Engine } from '../../docker/engine/engine.ts';
import type { Lanes } from '../../docker/lanes.ts';
import type { CgroupParents } from '../../collectors/cgroup/parents.ts';
import type { QuietGate } from '../../collectors/noise/quiet-gate.ts';
import type { Store } from '../../store/store.ts';
import type { DiskWatch } from './disk-watch.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import type { WorkerDeaths } from './worker-deaths.ts';

export interface ActivityDeps {
  /** The random id of the data directory; everything made at the engine carries it. */
  readonly instance: string;
  readonly dataDirectory: string;
  readonly claim: () => Promise<HostClaim>;
  readonly host: HostFacts;
  readonly endpoint: Endpoint;
  /** For commands that read the project's own file: the user's environment, pointed at the endpoint. */
  readonly commandEnv: Readonly<Record<string, string>>;
  readonly engine: Engine;
  readonly store: Store;
  readonly lanes: Lanes;
  readonly quietGate: QuietGate;
  /** Maximum time that a run waits for a quiet machine. */
  readonly quietSeconds: number;
  /** Control groups around all containers of a trial. */
  readonly cgroups: CgroupParents;
  /** Of the engine's machine. */
  readonly capacity: { readonly cpuCount: number; readonly memoryBytes: number };
  /** Image repository → stand-in, for machines that cannot pull. */
  readonly standIns: () => Promise<Readonly<Record<string, string>>>;
  readonly runState: (run: RunRef) => Promise<RunState>;
  /** What the schedule that started the run left out before it; null if none did, or the server does not say. */
  readonly missedRuns: (run: RunRef) => Promise<MissedRuns | null>;
  /** The worker's environment, for the secrets of receivers. */
  readonly notifyEnv: Readonly<Record<string, string | undefined>>;
  readonly deaths: WorkerDeaths;
  readonly disk: DiskWatch;
  /** One attempt of a key at a time in this process. */
  readonly attempts: KeyedQueue;
}

/** How every file of this folder makes its activity. */
export type Make<Name extends keyof BenchmarkActivities> = (deps: ActivityDeps) => BenchmarkActivities[Name];
