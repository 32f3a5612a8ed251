/** How busy the host was while the tests ran: `host.jsonl` in the trial's folder, one sample a second. */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openForeign } from '../../docker/files/foreign-file.ts';
import { createLineSplitter } from '../../docker/files/line-splitter.ts';
import { enginePids, hostProfile, type HostSample, readHostSample } from './host-samples.ts';
import type { Observation, TrialCollector } from '../trial-collector.ts';

const FILE = 'host.jsonl';
const SAMPLE_MS = 1_000;
/** The engine starts helpers for containers; a look for them (14 ms) costs as much as a dozen samples (1 ms each). */
const LOOK_AGAIN = 30;

export const host: TrialCollector = {
  id: 'host',
  metrics: [],
  observe: async ({ folder, endpoint }) =>
    endpoint.local && process.platform === 'linux' ? await sampleHost(join(folder, FILE)) : { stop: async () => {} },
  collect: async ({ folder, endpoint }) => {
    if (!endpoint.local || process.platform !== 'linux') return { measurements: [] };
    const profile = hostProfile(await readHostSamples(join(folder, FILE)));
    return { measurements: [], ...(profile === null ? {} : { profile: { host: profile } }) };
  },
};

/** One sample at once, one a second, and one at the end; continues with a file that is there already. */
export async function sampleHost(file: string): Promise<Observation> {
  let pids = await enginePids();
  let taken = 0;
  let writing = Promise.resolve();
  const sample = () => {
    writing = writing
      .then(async () => {
        if (taken > 0 && taken % LOOK_AGAIN === 0) pids = await enginePids();
        taken += 1;
        await appendFile(file, `${JSON.stringify(await readHostSample(pids))}\n`);
      })
      // If a sample cannot be written, only that sample is missing: the counters continue.
      .catch(() => {});
  };
  sample();
  const timer = setInterval(sample, SAMPLE_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      sample();
      await writing;
    },
  };
}

const LONGEST_SAMPLE = 65_536;

/** A line that a kill cut off is left out. */
export async function readHostSamples(file: string): Promise<readonly HostSample[]> {
  const opened = await openForeign(file);
  if (opened === null) return [];
  const samples: HostSample[] = [];
  const lines = createLineSplitter(LONGEST_SAMPLE);
  const add = (line: string) => {
    const sample = sampleOf(line);
    if (sample !== null) samples.push(sample);
  };
  for await (const chunk of opened.chunks) lines.add(chunk).forEach(add);
  lines.end().forEach(add);
  return samples;
}

function sampleOf(line: string): HostSample | null {
  try {
    const record = JSON.parse(line) as HostSample | null;
    return typeof record === 'object' ? record : null;
  } catch {
    return null;
  }
}
