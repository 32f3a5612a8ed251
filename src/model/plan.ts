/** The validated benchmark definition, complete and in base units. The schema it comes from is src/plan/schema.ts. */
import type { Receiver } from './notify.ts';

/**
 * `source-change` is a warm build after one source file was changed, `dependency-change` one after a file that lists what is installed, and
 * `base-change` one on a changed base image. In the order in which a run makes them.
 */
export const BUILD_MODES = ['cold', 'warm', 'source-change', 'dependency-change', 'base-change'] as const;
export type BuildMode = (typeof BUILD_MODES)[number];

/** The secondary targets, which make an alert and decide the verdict only when gated. */
export type SecondaryTarget = 'memory' | 'cpu' | 'latency' | 'coverageReport';

export interface Scenario {
  /** As people read it; unique in a plan. */
  readonly name: string;
  /** Made of the name: lower case letters, digits and dashes; unique in a plan; used in container names, labels and folders. */
  readonly id: string;
  /** The argument vector; null means the test service's own command. */
  readonly command: readonly string[] | null;
  readonly targetSeconds: number | null;
  /** The scenario whose trials are the test phase. Exactly one in a plan. */
  readonly primary: boolean;
}

/** What an image lacks that a default scenario needs. */
export type Lack =
  | { readonly kind: 'command'; readonly name: 'python' }
  | { readonly kind: 'package'; readonly name: PytestPackage }
  /** It is installed, and the project's configuration or environment keeps pytest from loading it. */
  | { readonly kind: 'plugin'; readonly name: PytestPackage }
  /** pytest is strict about markers, and the project registers no such one. */
  | { readonly kind: 'marker'; readonly name: string };

export type PytestPackage = 'pytest' | 'pytest-xdist' | 'pytest-cov';

/** The default scenarios that the image of the tests cannot run, where a plan names none. */
export interface LeftOut {
  /** How many default scenarios there are. */
  readonly of: number;
  readonly scenarios: readonly { readonly name: string; readonly lacks: readonly Lack[] }[];
  /** Relative to the project's folder; null if the image is not built from a file here. */
  readonly dockerfile: string | null;
}

export interface Plan {
  readonly project: string;
  /** Relative to the project's folder: one file, or several that compose merges in this order. */
  readonly compose: string | readonly string[];
  readonly dockerfile: string;
  /** null: to be found in the compose file (`test`, or the question which). */
  readonly service: string | null;
  readonly build: { readonly modes: readonly BuildMode[]; readonly targetSeconds: number | null };
  readonly startup: { readonly targetSeconds: number | null };
  readonly targets: {
    readonly totalSeconds: number | null;
    readonly testSeconds: number | null;
    readonly memoryBytes: number | null;
    readonly cpuRatio: number | null;
    readonly latencySeconds: number | null;
    readonly coverageReportSeconds: number | null;
    readonly gate: readonly SecondaryTarget[];
  };
  readonly alerts: { readonly regressionRatio: number; readonly floorSeconds: number };
  readonly trials: {
    readonly repeat: number;
    readonly warmup: number;
    readonly max: number;
    /** null: the larger of 15 minutes and three times the scenario's target. */
    readonly timeoutSeconds: number | null;
    readonly seed: number;
  };
  readonly lanes: {
    readonly cpus: number | 'auto';
    readonly memoryBytes: number | 'auto';
    readonly max: number | 'auto';
  };
  readonly scenarios: readonly Scenario[];
  /** How often the pipeline runs; it turns seconds into hours a month. Absent where the plan does not say. */
  readonly runsPerDay?: number;
  /** Whom to notify. Absent where the plan names no receiver. */
  readonly notify?: readonly Receiver[];
  /** Absent if nothing was left out. */
  readonly leftOut?: LeftOut;
}

/** @returns the plan's compose files in the order in which compose merges them */
export function composeFilesOf({ compose }: Pick<Plan, 'compose'>): readonly string[] {
  return typeof compose === 'string' ? [compose] : compose;
}

/** One execution of a scenario, as the plan orders it. A `try` is counted up when the one before was lost. */
export interface TrialSpec {
  readonly scenarioId: string;
  /** From 1 within its scenario; warm-ups come first and are counted with the rest. */
  readonly trial: number;
  readonly kind: 'warmup' | 'measured';
}
