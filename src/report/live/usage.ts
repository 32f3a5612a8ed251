/** What the containers of a running trial use, as `docker stats` shows it: from their samples, a line each. */
import { figure } from '../../format/figure.ts';
import { layOut } from '../text/columns.ts';
import { oneLine } from '../text/foreign.ts';

/** One sample of a container, as src/collectors/resources/resource-samples.ts has them. */
export interface UsageSample {
  readonly readAt: string;
  readonly cpuTotalNs: number;
  readonly workingSetBytes: number;
  readonly networkReceivedBytes: number;
  readonly networkSentBytes: number;
}

export interface ContainerUsage {
  readonly name: string;
  readonly previous: UsageSample | null;
  readonly latest: UsageSample;
}

/** "tests   98 %  412 MB  ↓1.2 MB  ↑80 kB" for each, the busiest first, their columns in line. 100 % is one CPU. */
export function usageLines(containers: readonly ContainerUsage[]): readonly string[] {
  const rows = busiestFirst(containers).map(({ name, latest, cpus }) => [
    oneLine(name),
    cpus === null ? '–' : figure(cpus, 'ratio'),
    figure(latest.workingSetBytes, 'byte'),
    `↓${figure(latest.networkReceivedBytes, 'byte')}`,
    `↑${figure(latest.networkSentBytes, 'byte')}`,
  ]);
  const layout = layOut(rows, [{}, ...(rows[0] ?? []).slice(1).map(() => ({ align: 'right' }) as const)]);
  return rows.map((row) => layout.row(row));
}

/** @returns each with the CPUs that it used between its last two samples; null until there are two */
export function busiestFirst(
  containers: readonly ContainerUsage[],
): readonly (ContainerUsage & { readonly cpus: number | null })[] {
  return containers
    .map((container) => ({ ...container, cpus: cpusOf(container) }))
    .sort((a, b) => (b.cpus ?? 0) - (a.cpus ?? 0) || a.name.localeCompare(b.name));
}

/** CPUs used between the last two samples; null until there are two. */
function cpusOf({ previous, latest }: ContainerUsage): number | null {
  if (previous === null) return null;
  const ms = Date.parse(latest.readAt) - Date.parse(previous.readAt);
  const usedNs = latest.cpuTotalNs - previous.cpuTotalNs;
  return ms > 0 && usedNs >= 0 ? usedNs / 1e6 / ms : null;
}
