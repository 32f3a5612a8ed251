/** Facts of a side in which only the subject of a test differs: its build steps, its services, its tests. */
import type { BuildInputs, BuildProfile } from '../../../src/model/profile/build-profile.ts';
import type { FixtureCost, PytestProfile } from '../../../src/model/profile/pytest-profile.ts';
import type { TestTable } from '../../../src/model/profile/test-table.ts';
import type { BuildMode } from '../../../src/model/plan.ts';
import type { ComposeKey, ProjectFiles } from '../../../src/model/project-files.ts';
import type { BuildFacts, RunFacts, ServiceStartup, StartupTimeline, TrialRecord } from '../../../src/model/run.ts';
import { factsOf, FULL, trialOf } from '../facts.ts';
import { profileOf } from '../pytest-profiles.ts';

/** `cached` steps take no time; `aside` ones are not on the critical path. */
export type StepSeen = readonly [name: string, seconds: number | 'cached', aside?: 'aside'];

export function built(
  steps: readonly StepSeen[],
  more: {
    readonly mode?: BuildMode;
    readonly inputs?: BuildInputs;
    readonly firstMiss?: string;
    readonly change?: BuildFacts['change'];
    readonly imageBytes?: number;
    readonly projectFiles?: ProjectFiles;
    /** As older versions stored it. */
    readonly older?: boolean;
    readonly profile?: Partial<BuildProfile>;
  } = {},
): RunFacts {
  const seconds = (step: StepSeen) => (step[1] === 'cached' ? 0 : step[1]);
  const profile: BuildProfile = {
    steps: steps
      .filter(([, own]) => own !== 'cached')
      .map((step) => ({
        name: step[0],
        seconds: seconds(step),
        ofDockerfile: true,
        onCriticalPath: step[2] === undefined,
      })),
    stepsLeftOut: 0,
    firstMiss: more.firstMiss ?? null,
    criticalPathSeconds: null,
    contextBytes: null,
    contextSeconds: null,
    exportSeconds: null,
    context: null,
    layers: [],
    ...(more.older === true
      ? {}
      : {
          allSteps: steps.map((step, index) => ({
            name: step[0],
            cached: step[1] === 'cached',
            seconds: step[1] === 'cached' ? null : step[1],
            startSeconds: 0,
            after: stepsBefore(steps, index),
            onCriticalPath: step[2] === undefined,
          })),
        }),
    ...(more.inputs === undefined ? {} : { inputs: more.inputs }),
    ...more.profile,
  };
  const image = {
    services: ['test'],
    tag: 't',
    seconds: steps.filter((step) => step[2] === undefined).reduce((sum, step) => sum + seconds(step), 0),
    steps: { total: steps.length, cached: 0 },
    imageBytes: more.imageBytes ?? null,
    profile,
  };
  return factsOf({
    builds: [{ mode: more.mode ?? 'cold', images: [image], change: more.change ?? null }],
    ...(more.projectFiles === undefined ? {} : { projectFiles: more.projectFiles }),
  });
}

/** The one before it in its stage. */
function stepsBefore(steps: readonly StepSeen[], index: number): readonly number[] {
  const stageOf = ([name]: StepSeen) => /^\[(.*?) ?\d+\/\d+\]/.exec(name)?.[1] ?? null;
  const stage = stageOf(steps[index]!);
  const before = steps.slice(0, index).findLastIndex((step) => stage !== null && stageOf(step) === stage);
  return before === -1 ? [] : [before];
}

export const NO_INPUTS: BuildInputs = { files: [], filesLeftOut: 0, args: [], images: [], instructions: [] };

/** One Dockerfile of one stage, an instruction a line. */
export function dockerfile(...lines: readonly string[]): ProjectFiles {
  return {
    dockerfiles: [
      {
        file: 'Dockerfile',
        services: ['test'],
        target: null,
        stages: [{ name: null, line: 1 }],
        instructions: lines.map((text, index) => {
          const [keyword = '', ...rest] = text.split(' ');
          return { line: index + 1, endLine: index + 1, keyword, flags: [], arguments: rest.join(' '), stage: 0 };
        }),
        leftOut: 0,
      },
    ],
    dockerignores: [],
    composeFiles: [],
    pytest: null,
    unread: [],
  };
}

/** A compose file with these keys, one a line from line 1. */
export function compose(
  keys: Readonly<Record<string, ComposeKey['value']>>,
  addopts: string | null = null,
): ProjectFiles {
  return {
    dockerfiles: [],
    dockerignores: [],
    composeFiles: [
      {
        file: 'compose.yml',
        keys: Object.entries(keys).map(([path, value], index) => ({ path: path.split('.'), line: index + 1, value })),
        leftOut: 0,
      },
    ],
    pytest:
      addopts === null
        ? null
        : { file: 'pytest.ini', options: [{ name: 'addopts', line: 2, value: addopts }], leftOut: 0 },
    unread: [],
  };
}

/** A service that is started, ready and healthy at these seconds. */
export function service(
  name: string,
  [startedSeconds, readySeconds, healthySeconds]: readonly [number, number, number],
  { waitedFor = null, healthcheck = {} }: { readonly waitedFor?: string | null; readonly healthcheck?: object } = {},
): ServiceStartup {
  const timeline: StartupTimeline = {
    createdSeconds: 0,
    startedSeconds,
    readySeconds,
    ready: '',
    healthySeconds,
    healthcheck: { intervalSeconds: 1, startPeriodSeconds: 0, startIntervalSeconds: 5, ...healthcheck },
    waitedFor: waitedFor === null ? null : { service: waitedFor, condition: 'service_healthy', seconds: 0.1 },
  };
  return { service: name, seconds: healthySeconds, state: 'healthy', timeline };
}

export function started(services: readonly ServiceStartup[], projectFiles: ProjectFiles | null = null): RunFacts {
  const seconds = Math.max(0, ...services.map((each) => each.seconds ?? 0));
  return factsOf({ startup: { seconds, services }, projectFiles });
}

export interface TestSeen {
  readonly call: number;
  readonly setup?: number;
  readonly teardown?: number;
  readonly worker?: string;
  readonly uses?: readonly string[];
  /** CPU seconds; known of all tests or of none. */
  readonly cpu?: number;
}

export interface SuiteSeen {
  readonly tests: Readonly<Record<string, TestSeen>>;
  readonly fixtures?: readonly (Partial<FixtureCost> & { readonly name: string })[];
  readonly path?: Partial<NonNullable<PytestProfile['path']>>;
  readonly workers?: number;
  readonly profile?: Partial<Omit<PytestProfile, 'configuration'>> & { readonly configuration?: object };
  readonly throttledSeconds?: number;
  readonly record?: Partial<TrialRecord>;
  readonly projectFiles?: ProjectFiles;
  /** As older versions stored it: the slowest tests only, up to this number. */
  readonly listed?: number;
}

/** The run with an image that was built from these files, by path and digest. */
export function madeOf(facts: RunFacts, files: Readonly<Record<string, string>>): RunFacts {
  return { ...facts, builds: built([], { inputs: { ...NO_INPUTS, files: Object.entries(files) } }).builds };
}

const PATH = { start: 1, collection: 0.5, report: 0.1, outside: 0.4 };

/** One trial. With workers, the phase of the tests lasts as long as the busiest of them. */
export function tested(suite: SuiteSeen): RunFacts {
  const entries = Object.entries(suite.tests).map(([id, test]) => ({
    id,
    setup: 0,
    teardown: 0,
    worker: 'main',
    ...test,
    seconds: (test.setup ?? 0) + test.call + (test.teardown ?? 0),
  }));
  const workers = [...new Set(entries.map(({ worker }) => worker))];
  const loads = workers.map((worker) => {
    const own = entries.filter((entry) => entry.worker === worker);
    return { worker, tests: own.length, busySeconds: own.reduce((sum, { seconds }) => sum + seconds, 0) };
  });
  const path = { ...PATH, tests: Math.max(0, ...loads.map(({ busySeconds }) => busySeconds)), ...suite.path };
  const slowest = entries
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, suite.listed ?? 20)
    .map(({ id, seconds, setup, call, teardown, worker }) => {
      return { id, seconds, setup, call, teardown, outcome: 'passed' as const, worker };
    });
  const { configuration = {}, ...more } = suite.profile ?? {};
  const profile = profileOf({
    configuration: {
      workers: suite.workers ?? 0,
      distribution: suite.workers === undefined ? null : 'load',
      ...configuration,
    },
    path,
    workers: loads,
    testSet: {
      count: entries.length,
      digest: entries
        .map(({ id }) => id)
        .sort()
        .join(' '),
    },
    slowestTests: slowest,
    fixtures: (suite.fixtures ?? []).map((fixture) => ({
      scope: 'function',
      where: 'tests/conftest.py',
      count: 1,
      seconds: 0,
      slowest: 0,
      teardown: 0,
      ...fixture,
    })),
    ...(suite.listed === undefined ? { table: tableOf(entries, workers) } : {}),
    ...more,
  });
  const seconds = Object.values(path).reduce((sum, part) => sum + part, 0);
  const resources =
    suite.throttledSeconds === undefined
      ? {}
      : { resources: { containers: [{ service: 'test', throttledSeconds: suite.throttledSeconds }], total: {} } };
  const record = trialOf(FULL, { seconds, ...suite.record, profile: { ...profile, ...(resources as object) } });
  return factsOf({
    trials: [record],
    ...(suite.projectFiles === undefined ? {} : { projectFiles: suite.projectFiles }),
  });
}

function tableOf(
  entries: readonly (Required<Omit<TestSeen, 'uses' | 'cpu'>> & {
    readonly cpu?: number;
    readonly id: string;
    readonly seconds: number;
    readonly uses?: readonly string[];
  })[],
  workers: readonly string[],
): TestTable {
  const files = [...new Set(entries.map(({ id }) => id.split('::')[0]!))];
  const fixtures = [...new Set(entries.flatMap(({ uses = [] }) => uses))];
  const ends = new Map<string, number>();
  const at = entries.map(({ worker, seconds }) => {
    const begun = ends.get(worker) ?? 0;
    ends.set(worker, begun + seconds);
    return begun;
  });
  return {
    files,
    file: entries.map(({ id }) => files.indexOf(id.split('::')[0]!)),
    name: entries.map(({ id }) => id.slice(id.indexOf('::') + 2)),
    worker: entries.map(({ worker }) => workers.indexOf(worker)),
    workers,
    at,
    seconds: entries.map(({ seconds }) => seconds),
    setup: entries.map(({ setup }) => setup),
    call: entries.map(({ call }) => call),
    teardown: entries.map(({ teardown }) => teardown),
    cpu: entries.some(({ cpu }) => cpu === undefined) ? null : entries.map(({ cpu }) => cpu ?? 0),
    fixtures: fixtures.map((name) => `${name}|function|tests`),
    uses: entries.map(({ uses = [] }) => uses.map((name) => fixtures.indexOf(name))),
    leftOut: 0,
  };
}

/** Tests named `prefix[0]`, `prefix[1]` …, all alike. */
export function many(
  prefix: string,
  count: number,
  test: TestSeen | ((index: number) => TestSeen),
): SuiteSeen['tests'] {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `${prefix}[${index}]`,
      typeof test === 'function' ? test(index) : test,
    ]),
  );
}

export { FULL };
