/**
 * Which lane has which CPUs of the host. There is one table, in the worker process, which is the only one that serves
 * its engine. It is bookkeeping without Docker: containers get the lane as cpuset and memory limit, and their labels
 * restore it after a restart.
 */
import { wrongUsage } from '../model/failure.ts';
import type { Lane } from '../model/run.ts';

export interface LaneRequest {
  /** How many CPUs, or the whole host, alone. */
  readonly cpus: number | 'host';
  /** null: no limit, and nothing is set aside. */
  readonly memoryBytes: number | null;
  /** Who asks, e.g. the trial's name. A key has at most one lane. */
  readonly key: string;
  /** The run that it is for: Temporal's run id. */
  readonly run: string;
  readonly signal?: AbortSignal;
}

export interface Lease {
  readonly lane: Lane;
  /**
   * Gives the lane back; calling it twice is harmless. An attempt that stops without removing its containers must not
   * release it. The lane then stays with the key, until the next attempt acquires it or `free` is called.
   */
  readonly release: () => void;
}

export interface Lanes {
  /**
   * First come, first served. No request overtakes another, so a request for the whole host is served when those before
   * it have ended. CPUs are never shared, and memory stays within the host's.
   *
   * A key that already has a lane (of an earlier attempt, or adopted) gets that same lane at once, whatever it asks for
   * now: its containers are pinned to it. The newest lease then owns the lane, and releasing an older one does nothing.
   *
   * @throws the signal's reason when aborted while waiting; PacelineError WrongUsage for more than the host has
   */
  acquire(request: LaneRequest): Promise<Lease>;
  /** Adds the lanes of running containers, before anything is acquired. Overlaps are accepted. */
  adopt(key: string, run: string, lane: Lane): void;
  /** Gives back the lane of `key`: its containers are gone. */
  free(key: string): void;
  /** Gives back all lanes of the run: it has ended, and everything of it is removed. */
  freeRun(run: string): void;
  /** The lane of each key, for messages. */
  held(): ReadonlyMap<string, Lane>;
  /** The keys that wait, in their order. */
  waiting(): readonly string[];
}

interface Waiter {
  readonly request: LaneRequest;
  readonly grant: (lease: Lease) => void;
}

/**
 * @param host.cpus the numbers of the CPUs that may be handed out; none if CPUs cannot be pinned, which makes every
 *   request a request for the whole host
 */
export function createLanes(host: { readonly cpus: readonly number[]; readonly memoryBytes: number }): Lanes {
  const table = new Map<string, Lane>();
  const runs = new Map<string, string>();
  const owners = new Map<string, symbol>();
  let queue: readonly Waiter[] = [];

  function serve(): void {
    for (let head = queue[0]; head !== undefined; head = queue[0]) {
      const lane = table.get(head.request.key) ?? place(head.request, host, [...table.values()]);
      if (lane === null) return;
      const { key } = head.request;
      // Two attempts of one key may both be waiting: the later one comes to own the lane, at once.
      const served = queue.filter((waiter) => waiter.request.key === key);
      queue = queue.filter((waiter) => waiter.request.key !== key);
      for (const waiter of served) waiter.grant(lease(waiter.request, lane));
    }
  }

  function lease({ key, run }: LaneRequest, lane: Lane): Lease {
    const owner = Symbol(key);
    table.set(key, lane);
    runs.set(key, run);
    owners.set(key, owner);
    return {
      lane,
      release: () => {
        if (owners.get(key) === owner) free(key);
      },
    };
  }

  function free(...keys: readonly string[]): void {
    for (const key of keys) for (const map of [table, runs, owners]) map.delete(key);
    serve();
  }

  function wait(request: LaneRequest): Promise<Lease> {
    return new Promise((resolve, reject) => {
      const { signal } = request;
      const leave = () => {
        queue = queue.filter((other) => other !== waiter);
        reject(signal?.reason as Error);
        serve();
      };
      const waiter: Waiter = {
        request,
        grant: (granted) => {
          signal?.removeEventListener('abort', leave);
          resolve(granted);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      queue = [...queue, waiter];
      serve();
    });
  }

  return {
    acquire: async (request) => {
      request.signal?.throwIfAborted();
      refuseTooLarge(request, host);
      const already = table.get(request.key);
      return already === undefined ? await wait(request) : lease(request, already);
    },
    adopt: (key, run, lane) => {
      table.set(key, lane);
      runs.set(key, run);
    },
    free: (key) => free(key),
    freeRun: (run) => free(...[...runs].filter(([, of]) => of === run).map(([key]) => key)),
    held: () => new Map(table),
    waiting: () => queue.map((waiter) => waiter.request.key),
  };
}

type Host = { readonly cpus: readonly number[]; readonly memoryBytes: number };

/** @returns the lane for `request` that does not overlap `taken`; null when it does not fit yet */
function place(request: LaneRequest, host: Host, taken: readonly Lane[]): Lane | null {
  if (request.cpus === 'host' || host.cpus.length === 0)
    return taken.length === 0 ? { cpus: host.cpus, memoryBytes: request.memoryBytes } : null;

  // A lane without CPUs was given out when CPUs could not be pinned: it may run on any CPU.
  if (taken.some((lane) => lane.cpus.length === 0)) return null;
  const busy = new Set(taken.flatMap((lane) => lane.cpus));
  const free = host.cpus.filter((cpu) => !busy.has(cpu));
  const reserved = taken.reduce((sum, lane) => sum + (lane.memoryBytes ?? 0), 0);
  const fits = request.cpus <= free.length && reserved + (request.memoryBytes ?? 0) <= host.memoryBytes;
  return fits ? { cpus: free.slice(0, request.cpus), memoryBytes: request.memoryBytes } : null;
}

function refuseTooLarge(request: LaneRequest, host: Host): void {
  const { cpus, memoryBytes } = request;
  if (cpus !== 'host' && !(Number.isInteger(cpus) && cpus >= 1)) throw new RangeError(`a lane of ${cpus} CPUs`);
  if (cpus !== 'host' && host.cpus.length > 0 && cpus > host.cpus.length) {
    throw wrongUsage(
      `A lane of ${cpus} CPUs was asked for, and this host has ${host.cpus.length}.`,
      `Set lanes.cpus to at most ${host.cpus.length}.`,
    );
  }
  if (memoryBytes !== null && memoryBytes > host.memoryBytes) {
    throw wrongUsage(
      `A lane of ${memoryBytes} bytes was asked for, and this host has ${host.memoryBytes}.`,
      'Set lanes.memory to less than that.',
    );
  }
}
