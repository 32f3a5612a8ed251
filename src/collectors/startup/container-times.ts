/** What is known about a starting container, and what is needed to watch one. */
import type { Engine } from '../../docker/engine/engine.ts';

export interface ContainerTimes {
  readonly createdSeconds: number | null;
  readonly startedSeconds: number | null;
  readonly readySeconds: number | null;
  /** How `readySeconds` was seen, or why it was not. */
  readonly ready: string;
  /** How long after its start it is worth waiting for a sign that it is ready; 0 if there was one. */
  readonly awaitsSeconds: number;
  readonly healthySeconds: number | null;
  /** When it last ended; null if it did not. */
  readonly endedSeconds: number | null;
  /** The exit code of its last end, if it is restarted again and again; null if it did not end. */
  readonly lastExitCode: number | null;
}

export interface WatchRequest {
  readonly engine: Engine;
  /** The compose project's name. */
  readonly project: string;
  readonly elapsedSeconds: () => number;
  /** This machine can reach container addresses and see the processes, and has the engine's clock. */
  readonly local: boolean;
  /** Run healthchecks' commands, to tell when they first pass. Costs up to a fifth of the host's CPUs while services start. */
  readonly runsHealthchecks: boolean;
  /** How long to wait until a service listens on some port, if nothing else is known about it. */
  readonly listenSeconds: (service: string) => number;
}
