/** Gathers the evidence of a disturbance: what the lane's CPUs, the trial and the host did between two readings. */
import type { Measurement } from '../../model/measurement.ts';
import type { Disturbance, Lane } from '../../model/run.ts';
import { type CgroupReading, readCgroup } from '../cgroup/reading.ts';
import type { TrialContext } from '../trial-collector.ts';
import { type CpuTimes, cpuTimesBetween, readCpuTimes } from './cpu-times.ts';
import { disturbanceOf, type Evidence } from './disturbance.ts';
import { readHostStalls, type Stalls } from './stalls.ts';

/**
 * Without its own control group, the trial's CPU time is sampled four times a second. At most a quarter of a second of
 * each CPU is missing.
 */
const UNSAMPLED_SECONDS = 0.25;
/** Often enough to notice a concurrent trial. */
const LOOK_MS = 500;
/** The end of the tests is their last two seconds: enough for 200 ticks of each CPU. */
const LOOKS_AT_END = 4;

export interface DisturbanceWatch {
  /** The tests have ended, their control group is still there. */
  readonly stop: () => Promise<void>;
  /** @param measurements of the trial, with its containers' CPU time */
  readonly judge: (measurements: readonly Measurement[]) => Disturbance | null;
  /** Nothing else disturbed the machine in the last two seconds of the tests. False also where that cannot be told. */
  readonly endedQuietly: () => boolean;
  /** The input of `judge`; null if there are no figures. */
  readonly evidence: (measurements: readonly Measurement[]) => Evidence | null;
}

export interface WatchDisturbance {
  readonly lane: Lane;
  readonly cgroup: TrialContext['cgroup'];
  /** Nothing else of Paceline is running on the host. Figures of the whole host are evidence only while that is true. */
  readonly alone: () => boolean;
}

interface Reading {
  readonly ms: number;
  readonly lane: CpuTimes | null;
  readonly trial: CgroupReading | null;
  readonly host: Stalls;
}

/** Starts with the tests. A lane without pinned CPUs, on a remote engine, is never called disturbed, because it cannot be observed. */
export async function watchDisturbance(watched: WatchDisturbance): Promise<DisturbanceWatch> {
  const before = await readAll(watched);
  let after: Reading | null = null;
  let alone = watched.alone();
  let recent: readonly Reading[] = [];
  const timer = setInterval(() => {
    alone &&= watched.alone();
    // If a look fails, only the end remains unknown.
    void readAll(watched).then((reading) => (recent = [...recent, reading].slice(-LOOKS_AT_END)));
  }, LOOK_MS);
  const evidence = (measurements: readonly Measurement[]) =>
    after === null ? null : evidenceOf(before, after, { measurements, alone, cpus: watched.lane.cpus.length });
  return {
    stop: async () => {
      clearInterval(timer);
      alone &&= watched.alone();
      after = await readAll(watched);
    },
    endedQuietly: () => {
      const [first] = recent;
      if (first === undefined || recent.length < LOOKS_AT_END || after === null) return false;
      const end = evidenceOf(first, after, { measurements: [], alone, cpus: watched.lane.cpus.length });
      return end !== null && disturbanceOf(end) === null;
    },
    evidence,
    judge: (measurements) => {
      const found = evidence(measurements);
      return found === null ? null : disturbanceOf(found);
    },
  };
}

async function readAll({ lane, cgroup }: WatchDisturbance): Promise<Reading> {
  const [cpus, trial, host] = await Promise.all([
    readCpuTimes(lane.cpus),
    'place' in cgroup ? readCgroup(cgroup.place) : null,
    readHostStalls(),
  ]);
  return { ms: performance.now(), lane: cpus, trial, host };
}

function evidenceOf(
  before: Reading,
  after: Reading,
  known: { readonly measurements: readonly Measurement[]; readonly alone: boolean; readonly cpus: number },
): Evidence | null {
  if (before.lane === null || after.lane === null) return null;
  const own = ownCpu(before, after, known);
  if (own === null) return null;
  const inTrial = (of: (reading: CgroupReading) => number | null) =>
    grown(before.trial && of(before.trial), after.trial && of(after.trial));
  const outside = (kind: keyof Stalls) => {
    const [host, trial] = [grown(before.host[kind], after.host[kind]), inTrial(({ pressureUs }) => pressureUs[kind])];
    return !known.alone || host === null || trial === null ? null : Math.max(0, host - trial) / 1e6;
  };
  const throttledNs = inTrial(({ throttledNs: ns }) => ns);
  const waitedUs = inTrial(({ pressureUs }) => pressureUs.cpu);
  return {
    wallSeconds: (after.ms - before.ms) / 1_000,
    cpus: known.cpus,
    passed: cpuTimesBetween(before.lane, after.lane),
    ...own,
    outsideStallSeconds: { io: outside('io'), memory: outside('memory') },
    throttledSeconds: throttledNs === null ? null : throttledNs / 1e9,
    waitedSeconds: waitedUs === null ? null : waitedUs / 1e6,
  };
}

/** From the trial's control group over exactly the time that the lane was watched; otherwise from the samples. */
function ownCpu(
  before: Reading,
  after: Reading,
  { measurements, cpus }: { readonly measurements: readonly Measurement[]; readonly cpus: number },
): Pick<Evidence, 'ownSeconds' | 'unseenSeconds'> | null {
  const ns = grown(before.trial?.cpuNs, after.trial?.cpuNs);
  if (ns !== null) return { ownSeconds: ns / 1e9, unseenSeconds: 0 };
  const sampled = measurements.find(({ metric }) => metric === 'trial.cpu.time')?.value;
  if (sampled?.kind !== 'measured') return null;
  return { ownSeconds: sampled.value, unseenSeconds: UNSAMPLED_SECONDS * cpus };
}

function grown(from: number | null | undefined, to: number | null | undefined): number | null {
  return from == null || to == null || to < from ? null : to - from;
}
