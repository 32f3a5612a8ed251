/** Tasks that run at the same time on some CPUs, from event to event. */
import { stretches, type Work } from './sharing.ts';

interface Task extends Work {
  /** Of its work, what is still to be done: 1 at its start. */
  left: number;
  readonly done: () => void;
}

/** Shares are rounded to this precision: stretches are kept for each mix of tasks, in whatever order they are. */
const PRECISION = 50;

export class Tasks {
  readonly #cpus: number;
  readonly #running = new Map<string, Task>();
  readonly #known = new Map<string, ReadonlyMap<number, number>>();
  seconds = 0;

  constructor(cpus: number) {
    this.#cpus = cpus;
  }

  start(name: string, { busy, wait }: Work, done: () => void): void {
    this.#running.set(name, { busy, wait, left: 1, done });
  }

  /** Until nothing runs any more; what is done may start the next. */
  run(): void {
    while (this.#running.size > 0) this.#next();
  }

  #next(): void {
    const tasks = [...this.#running];
    const lengths = this.#lengths(tasks.map(([, task]) => task));
    const rest = tasks.map(([, { left }], index) => left * lengths[index]!);
    const step = Math.min(...rest);
    this.seconds += step;
    const ended: Task[] = [];
    for (const [index, [name, task]] of tasks.entries()) {
      // What the step was chosen by ends with it, even where the numbers are too small to be divided.
      task.left = rest[index]! <= step ? 0 : task.left - step / lengths[index]!;
      if (task.left > 1e-9) continue;
      this.#running.delete(name);
      ended.push(task);
    }
    for (const { done } of ended) done();
  }

  /** Of each task as a whole, were everything to stay as it is. */
  #lengths(tasks: readonly Task[]): number[] {
    const shares = tasks.map(({ busy, wait }) =>
      busy + wait === 0 ? 0 : Math.round((busy / (busy + wait)) * PRECISION) / PRECISION,
    );
    const found = this.#stretches(shares);
    return tasks.map(({ busy, wait }, index) => busy * found.get(shares[index]!)! + wait);
  }

  /** By share. */
  #stretches(shares: readonly number[]): ReadonlyMap<number, number> {
    const sorted = shares.toSorted((a, b) => a - b);
    const key = sorted.join();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = stretches(sorted, this.#cpus);
    const byShare = new Map(sorted.map((share, index) => [share, found[index]!]));
    this.#known.set(key, byShare);
    return byShare;
  }
}
