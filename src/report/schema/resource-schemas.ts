/** The part of result.json that says what trials used, and how busy their host was. */
import { z } from 'zod';
import { ofFailedTrial } from './failed-trial-schema.ts';

const count = z.number().int().nonnegative();
const amount = z.number().nonnegative().nullable();
const ratio = z.number().nonnegative().nullable();

const use = {
  cpuSeconds: amount,
  peakWorkingSetBytes: amount.describe('Sampled; without page cache that the kernel would give up first.'),
  peakMemoryBytes: amount.describe("The kernel's own peak, with page cache."),
  networkReceivedBytes: amount,
  networkSentBytes: amount,
  blockReadBytes: amount,
  blockWrittenBytes: amount,
  peakPids: amount,
  refusedPids: amount.describe('Processes and threads that a limit of them refused.'),
  throttledSeconds: amount.describe('Held back by a CPU limit.'),
  oomKills: amount.describe('Processes killed for memory.'),
};

const trialResources = z.strictObject({
  source: z
    .enum(['cgroup-parent', 'cgroup', 'stats'])
    .describe("The trial's own control group, those of its containers, or the engine's stats stream."),
  fallback: z.string().nullable().describe('Why it is not the first of these.'),
  total: z.strictObject(use),
  cpuPressureRatio: ratio.describe('Share of the time in which a process of the trial waited for a CPU.'),
  ioPressureRatio: ratio,
  memoryPressureRatio: ratio,
  laneRatio: ratio.describe("Share of the lane's CPUs that was used; null where nothing is pinned."),
  containers: z.array(z.strictObject({ service: z.string(), container: z.string(), ...use })),
});

const hostProfile = z
  .strictObject({
    samples: count,
    seconds: z.number().nonnegative(),
    cpuPressureRatio: ratio.describe('Share of the time in which some task of the host waited for a CPU.'),
    ioPressureRatio: ratio,
    memoryPressureRatio: ratio,
    busyRatio: ratio,
    stealRatio: ratio.describe('What the hypervisor gave to others.'),
    loadAverageMax: amount,
    diskReadBytes: amount,
    diskWrittenBytes: amount,
    engineCpuSeconds: amount.describe('Of dockerd, containerd and their helpers.'),
  })
  .describe('While the tests ran, of all CPUs together.');

export const resources = z.strictObject({
  scenario: z.string(),
  trial: z.number().int().positive(),
  ofFailedTrial,
  resources: trialResources.nullable(),
  host: hostProfile.nullable(),
});
