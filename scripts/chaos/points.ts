/** Kill points: a moment of a run and a fault, drawn from a seed. Pure. */
import { createRandom, shuffled } from '../../src/plan/random.ts';

/** The first time that this can be observed. */
export type Moment =
  | { readonly kind: 'scheduled' | 'completed'; readonly activity: string }
  | { readonly kind: 'phase'; readonly activity: string; readonly phase: string }
  /** In the run's directory. `*` matches anything within one name. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'rows'; readonly table: 'stage' | 'trial_intent' | 'trial'; readonly count: number }
  | {
      readonly kind: 'event';
      readonly action: 'create' | 'start' | 'die' | 'destroy';
      readonly of: 'service' | 'tests';
    }
  /** A share of the undisturbed run's time. */
  | { readonly kind: 'time'; readonly share: number };

export const FAULTS = {
  workerKilled: 'kill -9 of the worker, another one after a while',
  workerStopped: 'SIGTERM to the worker, another one after a while',
  workerStalled: 'the worker stands still for longer than a heartbeat may take, and then goes on',
  serverKilled: "kill -9 of Temporal's server, started again after a while",
  clientKilled: 'kill -9 of a running docker or compose client',
  commandKilled: 'kill -9 of such a client and of the shell around it',
  testsKilled: 'docker kill of the test container',
  activityPaused: 'an activity is paused, and unpaused after a while',
  activityReset: 'an activity is reset',
  cancelled: 'the run is cancelled',
  terminated: 'the run is terminated',
  engineRestarted: 'the engine is restarted',
} as const;

export type Fault = keyof typeof FAULTS;

export interface Point {
  /** From 1 up. With the seed it identifies the point. */
  readonly number: number;
  readonly moment: Moment;
  readonly delayMs: number;
  readonly fault: Fault;
  /** How long the killed part stays down. */
  readonly awayMs: number;
  /** A second fault while the run recovers from the first. */
  readonly second: { readonly fault: Fault; readonly afterMs: number } | null;
}

const ACTIVITIES = [
  'claimHost',
  'openRun',
  'reap',
  'preflight',
  'prepareSource',
  'resolvePlan',
  'buildImages',
  'startServices',
  'runTrial',
  'nextTrials',
  'cleanUpRun',
  'analyze',
  'publish',
];

const PHASES = [
  ['buildImages', 'building'],
  ['startServices', 'starting'],
  ['runTrial', 'starting'],
  ['runTrial', 'testing'],
] as const;

/** Where clients of the engine run: claimed, started, ended. */
const COMMANDS = ['build-cold-*', 'startup', 'up-*', 'run-*'];

const FILES = [
  'project.json',
  ...COMMANDS.flatMap((command) => ['', '/pid', '/exit'].map((file) => `commands/${command}${file}`)),
  'trials/*/compose.json',
  'trials/*/output.log',
  'result.json',
  'report.md',
];

const EVENTS = [
  ['create', 'service'],
  ['start', 'service'],
  ['destroy', 'service'],
  ['create', 'tests'],
  ['start', 'tests'],
  ['die', 'tests'],
  ['destroy', 'tests'],
] as const;

const PHASE_MOMENTS: readonly Moment[] = PHASES.map(([activity, phase]) => ({ kind: 'phase', activity, phase }));
const BEGUN_COMMANDS: readonly Moment[] = COMMANDS.map((command) => ({
  kind: 'file',
  path: `commands/${command}/pid`,
}));
const aroundOf = (activity: string): Moment[] => [
  { kind: 'scheduled', activity },
  { kind: 'completed', activity },
];
/** Only where the plan names no scenarios. */
const FITTING: readonly Moment[] = [
  ...aroundOf('fitScenarios'),
  { kind: 'phase', activity: 'fitScenarios', phase: 'preparing' },
];
const MOMENTS: readonly Moment[] = [
  ...ACTIVITIES.flatMap(aroundOf),
  ...PHASE_MOMENTS,
  ...FILES.map((path): Moment => ({ kind: 'file', path })),
  ...[1, 2].map((count): Moment => ({ kind: 'rows', table: 'stage', count })),
  ...[1, 2].map((count): Moment => ({ kind: 'rows', table: 'trial_intent', count })),
  ...[1, 2].map((count): Moment => ({ kind: 'rows', table: 'trial', count })),
  ...EVENTS.map(([action, of]): Moment => ({ kind: 'event', action, of })),
  ...[0.1, 0.3, 0.5, 0.7, 0.9].map((share): Moment => ({ kind: 'time', share })),
];

/** Moments at which a fault has a target. */
const MOMENTS_OF: Readonly<Partial<Record<Fault, readonly Moment[]>>> = {
  workerStalled: [...PHASE_MOMENTS, ...BEGUN_COMMANDS],
  clientKilled: BEGUN_COMMANDS,
  commandKilled: BEGUN_COMMANDS,
  testsKilled: [
    { kind: 'event', action: 'start', of: 'tests' },
    { kind: 'phase', activity: 'runTrial', phase: 'testing' },
  ],
  activityPaused: [...PHASE_MOMENTS, ...BEGUN_COMMANDS],
  activityReset: [...PHASE_MOMENTS, ...BEGUN_COMMANDS],
  engineRestarted: PHASE_MOMENTS,
};

const SECONDS: readonly Fault[] = ['workerKilled', 'serverKilled', 'workerStopped'];

/**
 * Every fault equally often, each at different moments in random order. No moment repeats before all were used.
 * @param options.engineRestart whether the engine may be restarted
 * @param options.defaultScenarios whether the plan names none, so that those that the image cannot run are left out
 */
export function drawPoints(
  seed: number,
  count: number,
  { engineRestart, defaultScenarios = false }: { readonly engineRestart: boolean; readonly defaultScenarios?: boolean },
): readonly Point[] {
  const random = createRandom(seed);
  const faults = (Object.keys(FAULTS) as Fault[]).filter((fault) => engineRestart || fault !== 'engineRestarted');
  const order = shuffled(faults, random);
  const any = defaultScenarios ? [...MOMENTS, ...FITTING] : MOMENTS;
  const decks = new Map(faults.map((fault) => [fault, shuffled(MOMENTS_OF[fault] ?? any, random)]));
  return Array.from({ length: count }, (_, index) => {
    const fault = order.at(index % order.length)!;
    const deck = decks.get(fault)!;
    const moment = deck.at(Math.floor(index / order.length) % deck.length)!;
    const [delayMs, awayMs, again, which, afterMs] = [600, 5_000, 1, SECONDS.length, 20_000].map(
      (below) => random() * below,
    ) as [number, number, number, number, number];
    const twice = again < 0.25 && SECONDS.includes(fault);
    return {
      number: index + 1,
      moment,
      // Most clients end within half a second.
      delayMs: Math.round(MOMENTS_OF[fault] === BEGUN_COMMANDS ? delayMs / 3 : delayMs),
      fault,
      awayMs: Math.round(awayMs),
      second: twice ? { fault: SECONDS.at(Math.floor(which))!, afterMs: Math.round(afterMs) } : null,
    };
  });
}

export function describeMoment(moment: Moment): string {
  switch (moment.kind) {
    case 'scheduled':
    case 'completed':
      return `${moment.activity} ${moment.kind}`;
    case 'phase':
      return `${moment.activity}: ${moment.phase}`;
    case 'file':
      return moment.path;
    case 'rows':
      return `${moment.count}. row of ${moment.table}`;
    case 'event':
      return `${moment.action} of ${moment.of}`;
    case 'time':
      return `${moment.share * 100} % of the time`;
  }
}

export function describePoint({ moment, delayMs, fault, second }: Point): string {
  const again = second === null ? '' : `, ${second.fault} ${(second.afterMs / 1000).toFixed(1)} s later`;
  return `${fault} at ${describeMoment(moment)} + ${delayMs} ms${again}`;
}
