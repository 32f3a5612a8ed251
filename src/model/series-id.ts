import { hashOf } from './hash.ts';
import type { SeriesKey } from './regression.ts';

/**
 * The same for the same series forever, whatever the order of its key's parts: 16 hexadecimal digits. Ids of alerts and rows of the store
 * are made of it.
 */
export function seriesId({ project, metric, scenario, lane, fingerprint, source }: SeriesKey): string {
  const { cpuModel, cores, memoryGib, engineMajor } = fingerprint;
  const shape = lane === null ? null : [lane.cpus, lane.memoryBytes];
  return hashOf(JSON.stringify([project, metric, scenario, shape, [cpuModel, cores, memoryGib, engineMajor], source]));
}
