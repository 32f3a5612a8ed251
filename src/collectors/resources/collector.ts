/** Memory, CPU, network and IO of a trial's containers, sampled while the tests run. */
import { join } from 'node:path';
import { resourceProfile } from './resource-profile.ts';
import { resourceMeasurements, summarize } from './resource-samples.ts';
import { recordBegin, SAMPLES_FILE, startSampling } from './sampling.ts';
import type { EndedTrial, TrialCollector } from '../trial-collector.ts';

export const resources: TrialCollector = {
  id: 'resources',
  metrics: ['memory.workingSet.peak', 'trial.cpu.time', 'cpu.host.utilization', 'cpu.lane.utilization'],
  prepare: async ({ cgroup, folder }) => {
    if ('place' in cgroup) await recordBegin(cgroup.place, join(folder, SAMPLES_FILE));
  },
  observe: async ({ engine, name, folder, endpoint, cgroup }) => {
    const parent = 'place' in cgroup ? cgroup.place : null;
    const file = join(folder, SAMPLES_FILE);
    return await startSampling({ engine, project: name, file, local: endpoint.local, parent });
  },
  collect: async (ended) => {
    const { container, lane, hostCores, cgroup } = ended;
    const records = await ended.samples();
    const summary = summarize(records, container.id);
    const laneCpus = lane.cpus.length === 0 ? null : lane.cpus.length;
    const options = {
      testContainerId: container.id,
      testsStartedAt: container.state.startedAt,
      containers: await known(ended),
      laneCpus,
      noParent: 'notAvailable' in cgroup ? cgroup.notAvailable : null,
    };
    const profile = resourceProfile(records, options, summary);
    return {
      measurements: resourceMeasurements(summary, {}, { host: hostCores, lane: laneCpus }),
      profile: { notes: summary.gaps, ...(profile === null ? {} : { resources: profile }) },
    };
  },
};

async function known(ended: EndedTrial) {
  const containers = [...(await ended.services()), { service: ended.project.service, container: ended.container }];
  return new Map(
    containers.map(
      ({ service, container }) => [container.id, { service, oomKilled: container.state.oomKilled }] as const,
    ),
  );
}
