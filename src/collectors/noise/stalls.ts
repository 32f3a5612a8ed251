/** How long tasks of this host were held up: https://docs.kernel.org/accounting/psi.html */
import { readText } from '../cgroup/reading.ts';

/** µs since boot in which some task waited; null if this kernel does not tell. */
export interface Stalls {
  readonly cpu: number | null;
  readonly io: number | null;
  readonly memory: number | null;
}

export async function readHostStalls(): Promise<Stalls> {
  const [cpu, io, memory] = await Promise.all(['cpu', 'io', 'memory'].map(stalledUs));
  return { cpu: cpu ?? null, io: io ?? null, memory: memory ?? null };
}

async function stalledUs(kind: string): Promise<number | null> {
  const text = await readText(`/proc/pressure/${kind}`);
  const total = /^some .*total=(\d+)/m.exec(text ?? '')?.[1];
  return total === undefined ? null : Number(total);
}
