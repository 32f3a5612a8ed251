/** On which hosts the run took place, and from which source. */
import type { RunResult } from '../../model/result.ts';
import { code, type Inline, item, list } from '../blocks.ts';
import type { SectionMaker } from './section.ts';

export const where: SectionMaker = {
  id: 'where',
  title: 'Where',
  folded: true,
  make: (result) => ({
    summary: list(result.hosts.map((host) => item(hostLine(host)))),
    details: list([...sourceLines(result), ...hostDetails(result)].map((line) => item(line))),
  }),
};

/** The parts of a host by which baselines are kept apart. */
function hostLine({ id, fingerprint: { key } }: RunResult['hosts'][number]): string {
  const cores = key.cores === 1 ? '1 core' : `${key.cores} cores`;
  return `${id}: ${key.cpuModel}, ${cores}, ${key.memoryGib} GiB, Docker ${key.engineMajor}`;
}

function sourceLines({ source, workflowId, runId, startedAt }: RunResult): readonly Inline[] {
  return [
    ...(source.origin === null ? [] : [['Source: ', code(source.origin)]]),
    ...(source.commit === null ? [] : [['Commit: ', code(source.commit)]]),
    ['Run: ', code(runId), ' of workflow ', code(workflowId), `, started ${startedAt}`],
  ];
}

function hostDetails({ hosts }: RunResult): readonly Inline[] {
  return hosts.map(({ id, fingerprint: { detail } }) => {
    const parts = Object.entries(detail).map(([name, value]) => `${name} ${value}`);
    return `Host ${id}: ${parts.join(', ')}`;
  });
}
