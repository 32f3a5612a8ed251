import type { PytestProfile } from './pytest-profile.ts';
import type { TrialResources } from './trial-resources.ts';
import type { SuiteEnd } from '../suite-end.ts';
import type { HostProfile } from './host-profile.ts';
import type { ContainerTraffic, LogFinding, ServiceQueries, ServiceTiming } from './services.ts';

/**
 * What collectors saw of one trial beyond its figures: where its time went. Bounded (a few hundred rows at most), since
 * it is stored with the trial and shown in reports; the raw records are in the trial's folder.
 */
export interface TrialProfile {
  /** One sentence each: what could not be seen, and what a figure cannot say. */
  readonly notes: readonly string[];
  /** What was not read for its size, and what that means, one sentence each; absent if all was read. */
  readonly leftOut?: readonly string[];
  /** null if pytest could not be instrumented; a note gives the reason. */
  readonly pytest?: PytestProfile | null;
  /** null or absent without an instrumented pytest, and in older records. */
  readonly end?: SuiteEnd | null;
  /** What could not be seen of pytest and why, one sentence; also one of the notes. */
  readonly unseen?: string;
  /** Absent but in one trial of a run, since looking takes a few seconds; how services answered, and what they were asked. */
  readonly services?: readonly ServiceTiming[];
  readonly queries?: readonly ServiceQueries[];
  /** Absent but in that trial, and in those whose tests failed. */
  readonly logs?: readonly LogFinding[];
  /** Services whose log should have been read, but the engine cannot read it back. */
  readonly unreadLogs?: readonly { readonly service: string; readonly driver: string }[];
  readonly traffic?: readonly ContainerTraffic[];
  /** Absent if nothing was sampled. */
  readonly resources?: TrialResources;
  /** Absent if the engine is on another machine, or if this is not Linux. */
  readonly host?: HostProfile;
}
