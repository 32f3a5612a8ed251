/**
 * paceline.yml as people write it: the one definition of the plan, of which types, validation, messages and the published
 * JSON Schema are made. Defaults stand here in the words in which people would write them.
 */
import { z } from 'zod';
import { BUILD_MODES, type SecondaryTarget } from '../model/plan.ts';
import {
  automaticCount,
  automaticDuration,
  automaticSize,
  command,
  composeFiles,
  count,
  durationLimit,
  durationOrZero,
  increase,
  name,
  projectFile,
  setOf,
  shareLimit,
  sizeLimit,
} from './fields.ts';
import { message } from './message.ts';
import { planReceiver, uniqueReceivers } from './notify.ts';
import { shown } from './quantities.ts';

const SECONDARY = ['memory', 'cpu', 'latency', 'coverageReport'] as const satisfies readonly SecondaryTarget[];

const EMPTY_MATRIX = message(
  'is an empty list',
  'Name at least one scenario, or leave the key out for the four that Paceline starts with.',
);

/** The automatic time-out in words; src/plan/timeouts.ts computes it. */
const AUTOMATIC_TIMEOUT = 'max(15 min, 3 × target)';

/** The matrix of the plan that Paceline grew from, which applies where a project names no scenarios. */
export const DEFAULT_SCENARIOS: readonly z.input<typeof scenario>[] = [
  { name: 'Full Test Suite', command: 'python -m pytest -v -n 2 --cov=.', target: '< 180 seconds' },
  { name: 'Quick Tests Only', command: "python -m pytest -v -n 2 -m 'not slow'", target: '< 120 seconds' },
  { name: 'Single Worker', command: 'python -m pytest -v --cov=.', target: '< 300 seconds' },
  { name: 'Parallel Workers', command: 'python -m pytest -v -n 4 --cov=.', target: '< 150 seconds' },
];

/** Used if a default scenario cannot run, and by scripts/benchmark_ci.sh. */
export const OWN_COMMAND = { name: "The test service's own command" } as const satisfies z.input<typeof scenario>;

const scenario = z.strictObject({
  name: name().describe('The name in reports; unique in the plan.'),
  command: command()
    .optional()
    .describe("What runs in the test service. Without it, or null: the service's own command."),
  target: durationLimit().optional().describe('A limit on its time; none where it is left out.'),
  primary: z
    .boolean()
    .optional()
    .describe('Its trials are the test phase. At most one scenario may be true; without one, it is the first.'),
});

/** As far as it could be read: these checks also run if something else is wrong. */
type Checked = Partial<z.output<typeof scenario>> | undefined;
type Context = z.core.$RefinementCtx;

const build = section({
  modes: setOf(BUILD_MODES, 1)
    .prefault(['cold', 'warm'])
    .describe(
      'Which builds are timed. source-change is a build after one line was added to a source file, dependency-change one after a line was added to a file that lists dependencies, base-change one on a changed base image.',
    ),
  target: durationLimit().prefault('< 120 s').describe('A limit on the cold build of all images.'),
});

const startup = section({
  target: durationLimit().prefault('< 60 s').describe('A limit on the time until every service is ready.'),
});

const targets = section({
  total: durationLimit().prefault('< 300 s').describe('A limit on build, start-up and tests together.'),
  test: durationLimit().prefault('< 180 s').describe("A limit on the primary scenario's median time."),
  memory: sizeLimit().prefault('< 2 GB').describe('A limit on the peak working set during the tests.'),
  cpu: shareLimit().prefault('< 80 %').describe("A limit on the share of the host's CPUs used during the tests."),
  latency: durationLimit().prefault('< 10 ms').describe('A limit on the latency between services.'),
  coverageReport: durationLimit().prefault('< 30 s').describe('A limit on making the coverage report.'),
  gate: setOf(SECONDARY, 0)
    .prefault([])
    .describe('Which of the secondary targets (memory, cpu, latency, coverageReport) decide the verdict too.'),
});

const alerts = section({
  regression: increase()
    .prefault('20 %')
    .describe('How much slower than its baseline something must be to be suspected.'),
  floor: durationOrZero().prefault('2 s').describe('The minimum slowdown in seconds, in addition to the ratio.'),
});

const trials = section({
  repeat: count(1, 100).prefault(1).describe('How often each scenario is measured.'),
  warmup: count(0, 100)
    .prefault(0)
    .describe('How often each scenario runs before that. These warm-ups are recorded but not judged.'),
  max: count(1, 100)
    .optional()
    .describe(
      'Maximum number of trials of a scenario, if repeats are added. By default 5, or `repeat` if that is more.',
    ),
  timeout: automaticDuration([AUTOMATIC_TIMEOUT])
    .prefault('auto')
    .describe(`When a trial is stopped. auto is ${AUTOMATIC_TIMEOUT}.`),
  seed: count(0, 2 ** 32 - 1)
    .prefault(1)
    .describe('Fixes the random order of repeated trials.'),
}).superRefine(({ repeat, max }, context) => {
  if (max === undefined || max >= repeat) return;
  const next = 'Raise max, or leave it out.';
  context.addIssue({
    code: 'custom',
    path: ['max'],
    message: message(`is ${max}, fewer than the ${repeat} of repeat`, next),
  });
});

const lanes = section({
  cpus: automaticCount(1024)
    .prefault('auto')
    .describe('CPUs of one trial, its services included. auto is what the widest scenario asks for.'),
  memory: automaticSize().prefault('auto').describe("A limit on each of a trial's containers. auto is none."),
  max: automaticCount(1024)
    .prefault('auto')
    .describe('Maximum number of trials that run at the same time. auto is as many as fit.'),
});

export const planSchema = z.strictObject({
  project: name()
    .optional()
    .describe("The project's name in results. By default its repository's, with the folder in it."),
  compose: composeFiles()
    .prefault('docker-compose.test.yml')
    .describe('The compose file, or a list of files that compose merges in this order.'),
  dockerfile: projectFile()
    .prefault('Dockerfile.test')
    .describe('Used only where the test service has no build of its own.'),
  service: name()
    .nullable()
    .prefault(null)
    .describe('The service that runs the tests. By default the one called test.'),
  build: build.describe('The image build.'),
  startup: startup.describe('Starting the services.'),
  targets: targets.describe('Limits on the whole run; none disables one.'),
  alerts: alerts.describe('What counts as slower.'),
  trials: trials.describe('How often scenarios run.'),
  lanes: lanes.describe('The CPUs and memory of one trial.'),
  runsPerDay: count(1, 100_000)
    .optional()
    .describe('How often the pipeline runs a day. It turns the seconds that advice saves into hours a month.'),
  notify: z
    .array(planReceiver)
    .max(20)
    .superRefine(uniqueReceivers)
    .optional()
    .describe('Who is notified of what a run found.'),
  scenarios: z
    .array(scenario, { error: ({ input }) => (input === null ? EMPTY_MATRIX : undefined) })
    .min(1, { error: EMPTY_MATRIX })
    .max(100)
    // Also if a scenario has another error, so that all errors are reported at once.
    .superRefine(uniqueNames, { when: ({ value }) => Array.isArray(value) })
    .superRefine(onePrimary, { when: ({ value }) => Array.isArray(value) })
    .prefault([...DEFAULT_SCENARIOS])
    .describe('The test matrix.'),
});

/** A paceline.yml as it is written, every key optional. */
export type PlanInput = z.input<typeof planSchema>;
/** The same with its defaults and in base units, but not yet a Plan: see resolve.ts. */
export type CheckedPlan = z.output<typeof planSchema>;

/** An empty section, all its keys commented out say, is its defaults. */
function section<T extends z.ZodRawShape>(shape: T) {
  const whole = z.strictObject(shape);
  return whole
    .nullable()
    .transform((value) => value ?? whole.parse({}))
    .prefault({} as z.input<typeof whole>);
}

function uniqueNames(scenarios: readonly Checked[], context: Context): void {
  const firsts = new Map<string, number>();
  for (const [index, scenario] of scenarios.entries()) {
    const name = scenario?.name;
    if (name === undefined) continue;
    const first = firsts.get(name);
    if (first === undefined) {
      firsts.set(name, index);
      continue;
    }
    const text = message(`is ${shown(name)}, as in scenarios[${first}]`, 'Give each scenario a name of its own.');
    context.addIssue({ code: 'custom', path: [index, 'name'], message: text });
  }
}

function onePrimary(scenarios: readonly Checked[], context: Context): void {
  const primaries = scenarios.flatMap((scenario, index) => (scenario?.primary === true ? [index] : []));
  for (const index of primaries.slice(1)) {
    const text = message(`is true, as in scenarios[${primaries[0]}]`, 'Mark one scenario as the primary one.');
    context.addIssue({ code: 'custom', path: [index, 'primary'], message: text });
  }
}
