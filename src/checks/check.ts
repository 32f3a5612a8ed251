/** What a check says of this machine. */
import type { HostLoad } from '../collectors/host/fingerprint.ts';
import type { Endpoint } from '../docker/command/endpoint.ts';
import type { Engine, EngineInfo } from '../docker/engine/engine.ts';
import type { Labels } from '../docker/engine/labels.ts';
import type { FailureType } from '../model/failure.ts';

export interface Check {
  readonly name: string;
  /** `warning`: figures may be doubtful; `missing`: a benchmark is impossible. */
  readonly state: 'ok' | 'warning' | 'missing';
  /** What was found, in a sentence. */
  readonly what: string;
  /** What to do about it; null where there is nothing to do. */
  readonly next: string | null;
  /** How a run that cannot go on is reported. */
  readonly failure: FailureType;
}

/** What checks look at. */
export interface Machine {
  readonly endpoint: Endpoint;
  readonly engine: Engine;
  readonly info: EngineInfo;
  readonly load: HostLoad;
  readonly dataDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For what a check makes at the engine, so that it is found again should the process die meanwhile. */
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
