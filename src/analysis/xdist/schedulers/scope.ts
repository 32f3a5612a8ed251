/** `--dist loadscope`, `loadfile` and `loadgroup`, as in xdist/scheduler/loadscope.py of 3.8.0: whole units of tests. */
import { type Scheduler, Told, type Workers } from './scheduler.ts';

/** A worker with more than this to do is given no further unit. */
const ENOUGH = 2;

export interface ScopeOptions {
  /** The unit of each test, in the order of the collection. */
  readonly units: readonly string[];
  readonly workers: number;
  /** `--no-loadscope-reorder` keeps the collection's order. @default true: the units with most tests first */
  readonly largestFirst?: boolean;
}

export function scopeScheduler({ units, workers, largestFirst = true }: ScopeOptions, controls: Workers): Scheduler {
  const told = new Told(controls);
  const waiting = grouped(units);
  if (largestFirst) waiting.sort((a, b) => b.length - a.length);
  // Workers for which there is no unit get none, the last ones first.
  const left = Array.from({ length: Math.min(workers, waiting.length) }, () => 0);
  const all = left.map((_, worker) => worker);

  const assign = (worker: number) => {
    const unit = waiting.shift();
    if (unit === undefined) return;
    left[worker]! += unit.length;
    controls.send(worker, unit);
  };
  const reschedule = (worker: number) => {
    if (told.isEnding(worker)) return;
    if (waiting.length === 0) told.shutDown(worker);
    else if (left[worker]! <= ENOUGH) assign(worker);
  };
  return {
    begin: () => {
      if (units.length === 0) return;
      for (let worker = workers - 1; worker >= all.length; worker -= 1) told.shutDown(worker);
      for (const worker of all) assign(worker);
      for (const worker of all) reschedule(worker);
      if (waiting.length === 0) for (const worker of all) told.shutDown(worker);
    },
    completed: (worker) => {
      left[worker]! -= 1;
      reschedule(worker);
    },
    returned: () => undefined,
    isFinished: () => waiting.length === 0 && left.every((tests) => tests < 2),
  };
}

function grouped(units: readonly string[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const [test, unit] of units.entries()) {
    const group = groups.get(unit);
    if (group === undefined) groups.set(unit, [test]);
    else group.push(test);
  }
  return [...groups.values()];
}
