/** What is known of a starting container, and what is needed to watch one. */
import type { Engine } from '../../docker/engine/engine.ts';

export interface ContainerTimes {
  readonly createdSeconds: number | null;
  readonly startedSeconds: number | null;
  readonly readySeconds: number | null;
  /** How `readySeconds` was seen, or why it was not. */
  readonly ready: string;
  /** How long after its start a sign that it is ready may still come and is worth waiting for; 0 once it has come. */
  readonly awaitsSeconds: number;
  readonly healthySeconds: number | null;
  /** How it ended last, of one that is started again and again; null where it did not end. */
  readonly lastExitCode: number | null;
}

export interface WatchRequest {
  readonly engine: Engine;
  /** The compose project's name. */
  readonly project: string;
  readonly elapsedSeconds: () => number;
  /** Container addresses can be reached from here, its processes seen, and the engine's clock is this machine's. */
  readonly local: boolean;
  /** Run healthchecks' commands, to tell when they first pass. Costs up to a fifth of the host's CPUs while services start. */
  readonly runsHealthchecks: boolean;
  /** How long a service of which nothing else is known is given until it listens on some port. */
  readonly listenSeconds: (service: string) => number;
}
