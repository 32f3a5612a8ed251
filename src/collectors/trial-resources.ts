/** Memory and CPU of a trial's containers, sampled while the tests run. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resourceMeasurements, summarize } from './resource-samples.ts';
import { parseSamples, startSampling } from './resources.ts';
import type { TrialCollector } from './trial-collector.ts';

const FILE = 'samples.jsonl';

export const resources: TrialCollector = {
  id: 'resources',
  metrics: ['memory.workingSet.peak', 'trial.cpu.time', 'cpu.host.utilization', 'cpu.lane.utilization'],
  observe: async ({ engine, name, folder, endpoint }) => {
    const sampling = await startSampling({ engine, project: name, file: join(folder, FILE), local: endpoint.local });
    return {
      stop: async () => {
        await sampling.stop();
      },
    };
  },
  collect: async ({ folder, container, lane, hostCores }) => {
    const records = parseSamples(await readFile(join(folder, FILE), 'utf8'));
    const summary = summarize(records, container.id);
    const laneCpus = lane.cpus.length === 0 ? null : lane.cpus.length;
    return {
      measurements: resourceMeasurements(summary, {}, { host: hostCores, lane: laneCpus }),
      profile: { notes: summary.gaps },
    };
  },
};
