/** The result of one check of this machine. */
import type { HostLoad } from '../collectors/host/fingerprint.ts';
import type { Endpoint } from '../docker/command/endpoint.ts';
import type { Engine, EngineInfo } from '../docker/engine/engine.ts';
import type { Labels } from '../docker/engine/labels.ts';
import type { FailureType } from '../model/failure.ts';

export interface Check {
  readonly name: string;
  /** `warning`: figures may be unreliable. `missing`: a benchmark is impossible. */
  readonly state: 'ok' | 'warning' | 'missing';
  /** What was found, as a sentence. */
  readonly what: string;
  /** What to do about it. null if nothing. */
  readonly next: string | null;
  /** The error that a run reports if it cannot continue. */
  readonly failure: FailureType;
}

/** What the checks look at. */
export interface Machine {
  readonly endpoint: Endpoint;
  readonly engine: Engine;
  readonly info: EngineInfo;
  readonly load: HostLoad;
  readonly dataDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Labels for the engine objects that a check creates, so that they are found again if the process dies. */
  readonly labels?: Labels;
  readonly signal?: AbortSignal;
}

export type MakeCheck = (machine: Machine) => Check | Promise<Check>;

export function ok(name: string, what: string): Check {
  return { name, state: 'ok', what, next: null, failure: 'Internal' };
}

export function warning(name: string, what: string, next: string): Check {
  return { name, state: 'warning', what, next, failure: 'Internal' };
}

export function missing(name: string, failure: FailureType, what: string, next: string): Check {
  return { name, state: 'missing', what, next, failure };
}
