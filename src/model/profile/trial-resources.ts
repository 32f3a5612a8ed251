/** What a trial's containers used while its tests ran. null: not to be had here, which is never 0. */
export interface TrialResources {
  /**
   * Where CPU time and memory of the trial as a whole are from: a control group of its own around all its containers, each
   * container's control group, or the engine's stats stream.
   */
  readonly source: 'cgroup-parent' | 'cgroup' | 'stats';
  /** Why it is not the first of these; null if it is. */
  readonly fallback: string | null;
  readonly total: ResourceUse;
  /** Share of the time in which some process of the trial waited for a CPU, for IO, for memory. */
  readonly cpuPressureRatio: number | null;
  readonly ioPressureRatio: number | null;
  readonly memoryPressureRatio: number | null;
  /** CPU time by the time and the CPUs of the lane; null if nothing is pinned. */
  readonly laneRatio: number | null;
  /** At most 30, the busiest first. */
  readonly containers: readonly ContainerResources[];
  /** Absent where nothing was sampled twice, and in older records. */
  readonly memory?: MemoryCurve;
  /** As `memory`, on the same clock. */
  readonly curves?: ResourceCurves;
}

/** The working set of the trial over time: at most 60 points of equal distance, each the largest value of its stretch. */
export interface MemoryCurve {
  /** Of the whole trial where a control group is around it, else of the container of the tests. */
  readonly of: 'trial' | 'tests';
  /** Since the first sample: the end of each stretch. */
  readonly atSeconds: readonly number[];
  readonly workingSetBytes: readonly number[];
}

/**
 * What the trial used over time: at most 60 stretches of equal length, from the first sample to the last. A value is the mean over
 * its stretch: times the length, it is what was used in it. null: not to be had here, in this stretch or in the whole trial.
 */
export interface ResourceCurves {
  /** ISO 8601: where this clock, which is also that of `memory`, has its 0. */
  readonly startedAt: string;
  /** Since then: the end of each stretch. All columns have the same length. */
  readonly atSeconds: readonly number[];
  /** CPU seconds a second, of all containers. */
  readonly cpusInUse: CurveColumn;
  /** Bytes a second of all containers: what one sends to another is sent and received. A container's last second is missed. */
  readonly networkReceivedBytesPerSecond: CurveColumn;
  readonly networkSentBytesPerSecond: CurveColumn;
  readonly blockReadBytesPerSecond: CurveColumn;
  readonly blockWrittenBytesPerSecond: CurveColumn;
  /** Share of the stretch in which some process of the trial waited; only with a control group around the trial. */
  readonly cpuPressureRatio: CurveColumn;
  readonly ioPressureRatio: CurveColumn;
  readonly memoryPressureRatio: CurveColumn;
}

export type CurveColumn = readonly (number | null)[] | null;

export interface ContainerResources extends ResourceUse {
  readonly service: string;
  readonly container: string;
}

export interface ResourceUse {
  readonly cpuSeconds: number | null;
  /** The largest one sampled: what is in use, without page cache that the kernel would give up first. */
  readonly peakWorkingSetBytes: number | null;
  /** The kernel's own peak, which no sample misses; page cache is in it. */
  readonly peakMemoryBytes: number | null;
  readonly networkReceivedBytes: number | null;
  readonly networkSentBytes: number | null;
  readonly blockReadBytes: number | null;
  readonly blockWrittenBytes: number | null;
  readonly peakPids: number | null;
  /** Processes and threads refused by a limit on their number; null if they are not counted. */
  readonly refusedPids: number | null;
  /** Held back by a CPU limit. */
  readonly throttledSeconds: number | null;
  /** Processes that were killed for memory; null if they are not counted. */
  readonly oomKills: number | null;
}
