/** The first words of every report: the verdict, what was measured, and on what. */
import type { RunResult, Verdict } from '../model/result.ts';
import type { Mark } from './rows.ts';

export const VERDICT_MARKS: Readonly<Record<Verdict, Mark>> = {
  pass: 'good',
  inconclusive: 'warning',
  missed: 'bad',
  regressed: 'bad',
  failed: 'bad',
  error: 'bad',
  cancelled: 'none',
};

/** "1a2b3c4 (main), with uncommitted changes", or null outside git. */
export function revision({ source: { commit, branch, dirty } }: Pick<RunResult, 'source'>): string | null {
  if (commit === null) return null;
  const on = branch === null ? '' : ` (${branch})`;
  return `${commit.slice(0, 7)}${on}${dirty === true ? ', with uncommitted changes' : ''}`;
}

/** One line a host: what it is, as far as baselines are parted by it. */
export function hostLines({ hosts }: Pick<RunResult, 'hosts'>): string[] {
  return hosts.map(({ id, fingerprint: { key } }) => {
    const cores = key.cores === 1 ? '1 core' : `${key.cores} cores`;
    return `${id}: ${key.cpuModel}, ${cores}, ${key.memoryGib} GiB, Docker ${key.engineMajor}`;
  });
}

/** One line a stand-in: figures taken with one are not those of the real image. */
export function standInLines({ hosts }: Pick<RunResult, 'hosts'>): string[] {
  const pairs = hosts.flatMap(({ standIns }) =>
    standIns.map(({ image, standIn }) => `${standIn} stood in for ${image}`),
  );
  return [...new Set(pairs)];
}
