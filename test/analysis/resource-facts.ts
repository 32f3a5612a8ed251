/** What a trial used, for tests in which only some of it matters. */
import type {
  ContainerResources,
  ResourceCurves,
  ResourceUse,
  TrialResources,
} from '../../src/model/profile/trial-resources.ts';

export const USE: ResourceUse = {
  cpuSeconds: 1,
  peakWorkingSetBytes: 1,
  peakMemoryBytes: null,
  networkReceivedBytes: 1,
  networkSentBytes: 1,
  blockReadBytes: null,
  blockWrittenBytes: null,
  peakPids: 1,
  refusedPids: null,
  throttledSeconds: 0,
  oomKills: null,
};

export function resourcesWith(container: ContainerResources, total: ResourceUse = container): TrialResources {
  const { service: _, container: __, ...use } = { service: '', container: '', ...total };
  return {
    source: 'cgroup-parent',
    fallback: null,
    total: use,
    cpuPressureRatio: null,
    ioPressureRatio: null,
    memoryPressureRatio: null,
    laneRatio: 0.5,
    containers: [container],
  };
}

/** Of a trial in which nothing was to be had. */
export const CURVES: ResourceCurves = {
  startedAt: '2026-11-29T06:00:00.000Z',
  atSeconds: [],
  cpusInUse: null,
  networkReceivedBytesPerSecond: null,
  networkSentBytesPerSecond: null,
  blockReadBytesPerSecond: null,
  blockWrittenBytesPerSecond: null,
  cpuPressureRatio: null,
  ioPressureRatio: null,
  memoryPressureRatio: null,
};
