/** The time of a suite under any number of xdist's workers and any distribution, from what its parts cost alone. Pure. */
import { loadScheduler } from './schedulers/load.ts';
import type { Distribution, Scheduler, Workers } from './schedulers/scheduler.ts';
import { scopeScheduler } from './schedulers/scope.ts';
import { workStealScheduler } from './schedulers/worksteal.ts';
import type { Work } from './sharing.ts';
import { fixturesDue, type Suite, type SuiteTest } from './suite.ts';
import { Tasks } from './tasks.ts';

export interface SimulateOptions {
  /** 0: within pytest's own process. */
  readonly workers: number;
  /** Without effect for no workers. */
  readonly distribution: Distribution;
  readonly cpus: number;
  /** `--maxschedchunk` of `load`. */
  readonly mostAtOnce?: number | null;
  /** `--no-loadscope-reorder` makes it false. */
  readonly largestFirst?: boolean;
}

export interface Simulated {
  /** Of the test container. */
  readonly seconds: number;
  /** From the first test's start to the last one's end. */
  readonly testsSeconds: number;
  readonly perWorker: readonly SimulatedWorker[];
}

export interface SimulatedWorker {
  readonly worker: string;
  /** Indexes into the suite's tests, in their order. */
  readonly tests: readonly number[];
  /** Running tests. */
  readonly busySeconds: number;
  /** Since the first test of the run began; 0 for a worker without tests. */
  readonly endsAt: number;
}

/**
 * What xdist adds, as measured with xdist 3.8.0 and 2,000 empty tests: CPU seconds of the controller and of the workers, in units of
 * what pytest itself needs for a test without workers.
 */
const CONTROLLER_PER_TEST = 0.7;
export const WORKER_PER_TEST = 1.35;
/** Of a worker's start, the part that the controller waits for before it starts the next: the interpreter and execnet. */
const SPAWNING = 0.12;
/** Of a worker's start, what its end costs. */
const ENDING = 0.2;

/** What workers that end at the same time take. */
export function endingSeconds({
  workers,
  cpus,
  workerSeconds,
}: {
  readonly workers: number;
  readonly cpus: number;
  readonly workerSeconds: number;
}): number {
  return ENDING * workerSeconds * Math.max(1, workers / cpus);
}

export function simulate(suite: Suite, options: SimulateOptions): Simulated {
  return options.workers === 0 ? alone(suite) : new Simulation(suite, options).run();
}

/** From the first worker's start until the last one is ready. */
export function readySeconds({
  workers,
  cpus,
  workerSeconds,
}: {
  readonly workers: number;
  readonly cpus: number;
  readonly workerSeconds: number;
}): number {
  const tasks = new Tasks(cpus);
  spawn(tasks, { workers, workerSeconds }, () => undefined);
  tasks.run();
  return tasks.seconds;
}

/** One worker after another, while those before collect already. */
function spawn(
  tasks: Tasks,
  { workers, workerSeconds }: { readonly workers: number; readonly workerSeconds: number },
  isReady: () => void,
  index = 0,
): void {
  if (index === workers) return;
  tasks.start('controller', { busy: workerSeconds * SPAWNING, wait: 0 }, () => {
    tasks.start(`gw${index}`, { busy: workerSeconds * (1 - SPAWNING), wait: 0 }, isReady);
    spawn(tasks, { workers, workerSeconds }, isReady, index + 1);
  });
}

function alone(suite: Suite): Simulated {
  const alive = new Map<number, string>();
  let seconds = 0;
  for (const [index, test] of suite.tests.entries()) {
    const { busy, wait } = workOf(suite, test, suite.tests[index + 1] ?? null, alive);
    seconds += busy + wait + suite.overheadSeconds;
  }
  const before = suite.startSeconds + suite.collectSeconds;
  const tests = suite.tests.map((_, index) => index);
  return {
    seconds: before + seconds + suite.reportSeconds + suite.outsideSeconds,
    testsSeconds: seconds,
    perWorker: [{ worker: 'main', tests, busySeconds: seconds, endsAt: seconds }],
  };
}

/** A test with the fixtures that it is the first or the last to need. */
function workOf(suite: Suite, test: SuiteTest, next: SuiteTest | null, alive: Map<number, string>): Work {
  const { setups, teardowns } = fixturesDue(suite, test, next, alive);
  const works = [
    test,
    ...setups.map((each) => suite.fixtures[each]!.setup),
    ...teardowns.map((each) => suite.fixtures[each]!.teardown),
  ];
  return {
    busy: works.reduce((sum, { busy }) => sum + busy, 0),
    wait: works.reduce((sum, { wait }) => sum + wait, 0),
  };
}

const SHUT_DOWN = 'shut down';

interface Worker {
  readonly name: string;
  readonly queue: (number | typeof SHUT_DOWN)[];
  /** It takes a test from its queue as soon as the one before begins, and begins it when it knows the next. */
  held: number | null;
  isRunning: boolean;
  isTold: boolean;
  readonly alive: Map<number, string>;
  readonly ran: number[];
  busySeconds: number;
  endsAt: number;
}

class Simulation {
  readonly #suite: Suite;
  readonly #tasks: Tasks;
  readonly #workers: readonly Worker[];
  readonly #scheduler: Scheduler;
  /** What the controller has heard and not yet worked on. */
  readonly #heard: (() => void)[] = [];
  #isControllerBusy = false;
  #ready = 0;
  #testsFrom = 0;
  #testsTo = 0;

  constructor(suite: Suite, options: SimulateOptions) {
    this.#suite = suite;
    this.#tasks = new Tasks(options.cpus);
    this.#workers = Array.from({ length: options.workers }, (_, index) => ({
      name: `gw${index}`,
      queue: [],
      held: null,
      isRunning: false,
      isTold: false,
      alive: new Map(),
      ran: [],
      busySeconds: 0,
      endsAt: 0,
    }));
    this.#scheduler = schedulerOf(suite, options, {
      send: (worker, tests) => this.#give(worker, tests),
      shutDown: (worker) => this.#shutDown(worker),
      steal: (worker, tests) => this.#steal(worker, tests),
    });
  }

  run(): Simulated {
    const { startSeconds, workerSeconds, reportSeconds, outsideSeconds } = this.#suite;
    spawn(this.#tasks, { workers: this.#workers.length, workerSeconds }, () => this.#isReady());
    this.#tasks.run();
    return {
      seconds: startSeconds + this.#tasks.seconds + reportSeconds + outsideSeconds,
      testsSeconds: this.#testsTo - this.#testsFrom,
      perWorker: this.#workers.map(({ name, ran, busySeconds, endsAt }) => ({
        worker: name,
        tests: ran,
        busySeconds,
        endsAt: ran.length === 0 ? 0 : endsAt - this.#testsFrom,
      })),
    };
  }

  #isReady(): void {
    this.#ready += 1;
    if (this.#ready < this.#workers.length) return;
    this.#testsFrom = this.#tasks.seconds;
    this.#scheduler.begin();
    // Without a single test the scheduler ends no worker.
    if (this.#suite.tests.length === 0) for (const worker of this.#workers.keys()) this.#shutDown(worker);
  }

  #give(index: number, items: readonly (number | typeof SHUT_DOWN)[]): void {
    this.#workers[index]!.queue.push(...items);
    this.#continue(index);
  }

  #shutDown(index: number): void {
    const worker = this.#workers[index]!;
    if (worker.isTold) return;
    worker.isTold = true;
    this.#give(index, [SHUT_DOWN]);
  }

  #continue(index: number): void {
    const worker = this.#workers[index]!;
    if (worker.isRunning) return;
    if (worker.held === null) {
      const first = worker.queue.shift();
      if (first === undefined) return;
      if (first === SHUT_DOWN) this.#end(worker);
      else {
        worker.held = first;
        this.#continue(index);
      }
      return;
    }
    const next = worker.queue.shift();
    if (next === undefined) return;
    this.#runTest(index, worker, worker.held, next);
  }

  #runTest(index: number, worker: Worker, test: number, next: number | typeof SHUT_DOWN): void {
    const { tests, overheadSeconds } = this.#suite;
    worker.isRunning = true;
    worker.held = next === SHUT_DOWN ? null : next;
    worker.ran.push(test);
    const work = workOf(this.#suite, tests[test]!, next === SHUT_DOWN ? null : tests[next]!, worker.alive);
    const began = this.#tasks.seconds;
    const busy = work.busy + overheadSeconds * WORKER_PER_TEST;
    this.#tasks.start(worker.name, { busy, wait: work.wait }, () => {
      const seconds = this.#tasks.seconds - began;
      worker.isRunning = false;
      worker.busySeconds += seconds;
      worker.endsAt = this.#tasks.seconds;
      this.#testsTo = this.#tasks.seconds;
      this.#hear(() => this.#scheduler.completed(index, test, seconds));
      if (next === SHUT_DOWN) this.#end(worker);
      else this.#continue(index);
    });
  }

  #end(worker: Worker): void {
    this.#tasks.start(worker.name, { busy: this.#suite.workerSeconds * ENDING, wait: 0 }, () => undefined);
  }

  /** All of them or none: those that the worker holds already cannot be given back. */
  #steal(index: number, wanted: readonly number[]): void {
    const { queue } = this.#workers[index]!;
    const set = new Set<number | typeof SHUT_DOWN>(wanted);
    const isWhole = queue.filter((item) => set.has(item)).length === set.size;
    if (isWhole) queue.splice(0, queue.length, ...queue.filter((item) => !set.has(item)));
    this.#hear(() => this.#scheduler.returned(index, isWhole ? wanted : []), 0);
  }

  /** One event after another, each for the controller's CPU seconds. */
  #hear(event: () => void, share = CONTROLLER_PER_TEST): void {
    this.#heard.push(() =>
      this.#tasks.start('controller', { busy: this.#suite.overheadSeconds * share, wait: 0 }, () => {
        event();
        // The controller's own shut-down, once the scheduler has nothing left.
        if (this.#scheduler.isFinished()) for (const worker of this.#workers.keys()) this.#shutDown(worker);
        this.#isControllerBusy = false;
        this.#listen();
      }),
    );
    this.#listen();
  }

  #listen(): void {
    if (this.#isControllerBusy) return;
    const next = this.#heard.shift();
    if (next === undefined) return;
    this.#isControllerBusy = true;
    next();
  }
}

function schedulerOf(suite: Suite, options: SimulateOptions, controls: Workers): Scheduler {
  const { workers, distribution, mostAtOnce = null, largestFirst = true } = options;
  const tests = suite.tests.length;
  if (distribution === 'load') return loadScheduler({ tests, workers, mostAtOnce }, controls);
  if (distribution === 'worksteal') return workStealScheduler({ tests, workers }, controls);
  const units = suite.tests.map((test, index) => unitOf(distribution, test, index));
  return scopeScheduler({ units, workers, largestFirst }, controls);
}

function unitOf(distribution: 'loadscope' | 'loadfile' | 'loadgroup', test: SuiteTest, index: number): string {
  if (distribution === 'loadscope') return test.scope;
  return distribution === 'loadfile' ? test.file : (test.group ?? `test ${index}`);
}
