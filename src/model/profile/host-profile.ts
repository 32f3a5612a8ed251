/** How busy the host was while a trial ran. Ratios are of all its CPUs together unless they say otherwise. */
export interface HostProfile {
  /** How many samples there are, about one a second, and over how long. */
  readonly samples: number;
  readonly seconds: number;
  /** Share of the time in which some task waited for a CPU, for IO, for memory; null if the kernel does not tell. */
  readonly cpuPressureRatio: number | null;
  readonly ioPressureRatio: number | null;
  readonly memoryPressureRatio: number | null;
  readonly busyRatio: number | null;
  /** What the hypervisor gave to others. */
  readonly stealRatio: number | null;
  readonly loadAverageMax: number | null;
  readonly diskReadBytes: number | null;
  readonly diskWrittenBytes: number | null;
  /** CPU time of dockerd, containerd and their helpers; null if they cannot be seen. */
  readonly engineCpuSeconds: number | null;
}
