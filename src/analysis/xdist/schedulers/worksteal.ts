/** `--dist worksteal`, as in xdist/scheduler/worksteal.py of 3.8.0: an even share each, and half of the longest queue for who runs dry. */
import { type Scheduler, Told, type Workers } from './scheduler.ts';

/** The test that runs and the next one. */
const LEAST = 2;

export function workStealScheduler(
  { tests, workers }: { readonly tests: number; readonly workers: number },
  controls: Workers,
): Scheduler {
  const told = new Told(controls);
  const all = Array.from({ length: workers }, (_, worker) => worker);
  const pending = Array.from({ length: tests }, (_, test) => test);
  const queues = all.map((): number[] => []);
  /** One request at a time. */
  let askedOf: number | null = null;

  const send = (worker: number, count: number) => {
    const given = pending.splice(0, count);
    if (given.length === 0) return;
    queues[worker]!.push(...given);
    controls.send(worker, given);
  };
  const check = () => {
    const up = all.filter((worker) => !told.isEnding(worker));
    const idle = () => up.filter((worker) => queues[worker]!.length < LEAST);
    const before = idle();
    if (before.length === 0) return;
    if (pending.length > 0)
      for (const [index, worker] of before.entries())
        send(worker, Math.floor(pending.length / (before.length - index)));
    const hungry = idle();
    if (hungry.length === 0 || askedOf !== null) return;
    // Of equals the first, as Python's max().
    const longest = up.reduce(
      (best, worker) => (queues[worker]!.length > queues[best]!.length ? worker : best),
      up[0]!,
    );
    const queue = queues[longest]!;
    const count = Math.min(Math.floor(queue.length / 2), Math.max(0, queue.length - LEAST));
    if (count === 0) {
      for (const worker of hungry) told.shutDown(worker);
      return;
    }
    askedOf = longest;
    controls.steal(longest, queue.slice(-count));
  };
  return {
    begin: () => {
      if (tests > 0) check();
    },
    completed: (worker, test) => {
      const queue = queues[worker]!;
      queue.splice(queue.indexOf(test), 1);
      check();
    },
    returned: (worker, given) => {
      askedOf = null;
      const gone = new Set(given);
      queues[worker] = queues[worker]!.filter((test) => !gone.has(test));
      pending.push(...given);
      check();
    },
    isFinished: () => pending.length === 0 && askedOf === null && queues.every(({ length }) => length < LEAST),
  };
}
