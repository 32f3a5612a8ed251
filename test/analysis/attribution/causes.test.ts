import { array, assert, double, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { causesOf, type Figure } from '../../../src/analysis/attribution/causes.ts';
import { buildSeconds } from '../../../src/analysis/judge/phases.ts';
import type { MissInput } from '../../../src/model/cause.ts';
import type { BuildMode } from '../../../src/model/plan.ts';
import type { BuildInputs } from '../../../src/model/profile/build-profile.ts';
import type { RunFacts } from '../../../src/model/run.ts';
import { factsOf, FULL, trialOf } from '../facts.ts';
import { built, compose, dockerfile, madeOf, many, NO_INPUTS, service, started, tested } from './sides.ts';

const COLD: Figure = { phase: 'build', mode: 'cold' };
const WARM: Figure = { phase: 'build', mode: 'warm' };
const CHANGE: Figure = { phase: 'build', mode: 'source-change' };
const STARTUP: Figure = { phase: 'startup' };
const TESTS: Figure = { phase: 'test', scenario: FULL.id };

function difference(base: RunFacts, head: RunFacts, figure: Figure): number {
  return secondsOf(head, figure) - secondsOf(base, figure);
}

function secondsOf(facts: RunFacts, figure: Figure): number {
  if (figure.phase === 'build') return buildSeconds(facts.builds.find(({ mode }) => mode === figure.mode)!);
  if (figure.phase === 'startup') return facts.startup!.seconds!;
  if (figure.phase === 'teardown') return facts.startup!.tearDown!.seconds;
  return facts.trials[0]!.seconds!;
}

function causes(base: RunFacts, head: RunFacts, figure: Figure) {
  return causesOf(base, head, figure, difference(base, head, figure));
}

/** The run, with the line on which this one of its tests begins. */
function withLines(facts: RunFacts, test: string, begins: number): RunFacts {
  const [trial] = facts.trials;
  const { profile } = trial!;
  const { pytest } = profile!;
  const table = { ...pytest!.table!, line: pytest!.table!.name.map((name) => (name === test ? begins : null)) };
  return { ...facts, trials: [{ ...trial!, profile: { ...profile!, pytest: { ...pytest!, table } } }] };
}

/** Class, name and share in percent. */
function told(base: RunFacts, head: RunFacts, figure: Figure) {
  return causes(base, head, figure).map((cause) => [cause.class, cause.name, Math.round(cause.share * 100)]);
}

const STEPS = [
  ['[internal] load build context', 0.2],
  ['[1/4] FROM docker.io/library/python:3.11', 0.1],
  ['[2/4] COPY requirements.txt .', 0.1],
  ['[3/4] RUN pip install -r requirements.txt', 10],
  ['[4/4] COPY . .', 0.2],
  ['exporting to image', 1],
] as const;
const FILE = dockerfile(
  'FROM python:3.11',
  'COPY requirements.txt .',
  'RUN pip install -r requirements.txt',
  'COPY . .',
);

function withStep(name: string, seconds: number | 'cached') {
  return STEPS.map((step) => (step[0] === name ? ([name, seconds] as const) : step));
}

describe('a build', () => {
  test('a new step, though all later ones have other numbers', () => {
    const head = built([
      STEPS[0],
      ['[1/5] FROM docker.io/library/python:3.11', 0.1],
      ['[2/5] RUN apt-get install -y gcc', 8],
      ['[3/5] COPY requirements.txt .', 0.1],
      ['[4/5] RUN pip install -r requirements.txt', 10],
      ['[5/5] COPY . .', 0.2],
      STEPS[5],
    ]);
    expect(told(built(STEPS), head, COLD)).toEqual([['newStep', 'RUN apt-get install -y gcc', 100]]);
    expect(told(head, built(STEPS), COLD)).toEqual([['removedStep', 'RUN apt-get install -y gcc', 100]]);
  });

  test('an edited step is one step that is longer, with both texts and the line', () => {
    const edited = 'RUN pip install -r requirements.txt && python -m compileall .';
    const base = built(STEPS, { projectFiles: FILE });
    const head = built([...STEPS.slice(0, 3), [`[3/4] ${edited}`, 16], ...STEPS.slice(4)], {
      projectFiles: dockerfile('FROM python:3.11', 'COPY requirements.txt .', edited, 'COPY . .'),
    });
    expect(causes(base, head, COLD)).toMatchObject([
      {
        class: 'step',
        name: edited,
        baseSeconds: 10,
        headSeconds: 16,
        evidence: [
          {
            kind: 'changedInstruction',
            place: { file: 'Dockerfile', line: 3 },
            base: 'RUN pip install -r requirements.txt',
            head: edited,
          },
        ],
      },
    ]);
  });

  test('an install step with other requirements names the file', () => {
    const inputs = (digest: string) => ({
      ...NO_INPUTS,
      files: [['requirements.txt', digest] as const, ['.git/index', digest] as const],
    });
    const base = built(STEPS, { inputs: inputs('a') });
    const head = built(withStep('[3/4] RUN pip install -r requirements.txt', 15), { inputs: inputs('b') });
    expect(causes(base, head, COLD)[0]).toMatchObject({
      class: 'step',
      evidence: [{ kind: 'changedFiles', files: ['requirements.txt'], more: 0 }],
    });
  });

  test('a heavier base image is blamed, not the steps on top of it', () => {
    const base = built(STEPS, { projectFiles: FILE, imageBytes: 200e6 });
    const head = built(
      [
        STEPS[0],
        ['[1/4] FROM docker.io/library/python:3.11-full', 6],
        STEPS[2],
        ['[3/4] RUN pip install -r requirements.txt', 13],
        STEPS[4],
        ['exporting to image', 3],
      ],
      {
        projectFiles: dockerfile(
          'FROM python:3.11-full',
          'COPY requirements.txt .',
          'RUN pip install -r requirements.txt',
          'COPY . .',
        ),
        imageBytes: 900e6,
      },
    );
    const [cause, ...others] = causes(base, head, COLD);
    expect(others).toEqual([]);
    expect(cause).toMatchObject({
      class: 'baseImage',
      name: 'python:3.11-full',
      evidence: [
        { kind: 'changedInstruction', place: { file: 'Dockerfile', line: 1 }, base: 'FROM python:3.11' },
        { kind: 'imageBytes', base: 200e6, head: 900e6 },
      ],
    });
  });

  test('a tag that stands for another image now is a changed base image', () => {
    const inputs = (digest: string) => ({ ...NO_INPUTS, images: [['python:3.11', digest] as const] });
    const base = built(STEPS, { projectFiles: FILE, inputs: inputs('aaaa') });
    const head = built(withStep('[1/4] FROM docker.io/library/python:3.11', 7), {
      projectFiles: FILE,
      inputs: inputs('bbbb'),
    });
    expect(causes(base, head, COLD)[0]).toMatchObject({
      class: 'baseImage',
      evidence: [{ base: 'FROM python:3.11 (aaaa)', head: 'FROM python:3.11 (bbbb)' }],
    });
  });

  test('a cache miss has the name of the first step that missed, not by the install after it', () => {
    const base = built(
      [
        ['[2/4] COPY requirements.txt .', 'cached'],
        ['[3/4] RUN pip install', 'cached'],
        ['[4/4] COPY . .', 0.2],
      ],
      { mode: 'source-change', firstMiss: '[4/4] COPY . .' },
    );
    const head = built(
      [
        ['[2/3] COPY . .', 0.2],
        ['[3/3] RUN pip install', 30],
      ],
      {
        mode: 'source-change',
        firstMiss: '[2/3] COPY . .',
        change: { kind: 'changed', file: 'shop/cart.py' },
      },
    );
    expect(causes(base, head, CHANGE)).toMatchObject([
      {
        class: 'cacheMiss',
        name: 'COPY . .',
        evidence: [{ kind: 'firstMiss', step: 'COPY . .', input: { kind: 'files', files: ['shop/cart.py'] } }],
      },
    ]);
  });

  test.each([
    ['COPY shop/ /app/shop', { kind: 'files', files: ['shop/cart.py'], more: 0 }],
    ['COPY --chown=me *.txt shop/*.py ./', { kind: 'files', files: ['shop/cart.py'], more: 0 }],
    ['COPY requirements.txt .', { kind: 'unknown' }],
    ['COPY --from=build . .', { kind: 'unknown' }],
    ['RUN pip install', { kind: 'unknown' }],
  ])('a changed file is the input of %s only if that copies it', (step, input) => {
    const base = built([[`[2/2] ${step}`, 'cached']], { mode: 'source-change' });
    const head = built([[`[2/2] ${step}`, 9]], {
      mode: 'source-change',
      firstMiss: `[2/2] ${step}`,
      change: { kind: 'changed', file: 'shop/cart.py' },
    });
    expect(causes(base, head, CHANGE)).toMatchObject([
      { class: 'cacheMiss', evidence: [{ kind: 'firstMiss', input }] },
    ]);
  });

  describe('a missed step of which the inputs are known', () => {
    const LINES = ['FROM python:3.11', 'RUN pip install', 'COPY . .'];
    const side = (install: number | 'cached', inputs: Partial<BuildInputs>, mode: BuildMode = 'warm') =>
      built(
        [
          ['[1/3] FROM python:3.11', 0],
          ['[2/3] RUN pip install', install],
          ['[3/3] COPY . .', 0.1],
        ],
        {
          mode,
          firstMiss: install === 'cached' ? '[3/3] COPY . .' : '[2/3] RUN pip install',
          projectFiles: dockerfile(...LINES),
          inputs: {
            ...NO_INPUTS,
            instructions: LINES.map((text, index) => [index + 1, text.split(' ')[0]!, text]),
            ...inputs,
          },
        },
      );
    const image = (digest: string) => ({ images: [['python:3.11', digest] as const] });

    test.each<readonly [string, RunFacts, MissInput]>([
      ['the base image', side(9, image('new')), { kind: 'baseImage', image: 'python:3.11', base: 'old', head: 'new' }],
      ['what the cache no longer had', side(9, image('old')), { kind: 'pruned' }],
    ])('has %s, where its run has no build before', (_, head, input) => {
      expect(causes(side('cached', image('old')), head, WARM)).toMatchObject([
        { class: 'cacheMiss', name: 'RUN pip install', evidence: [{ kind: 'firstMiss', input, place: { line: 2 } }] },
      ]);
    });

    test('is held against the build before it in its own run', () => {
      const base = side('cached', image('old'));
      const before = side(9, image('new'), 'cold');
      const head = side(9, image('new'));
      expect(causes(base, { ...head, builds: [...before.builds, ...head.builds] }, WARM)).toMatchObject([
        { class: 'cacheMiss', evidence: [{ kind: 'firstMiss', input: { kind: 'pruned' } }] },
      ]);
    });
  });

  test('a cache miss of one stage is not blamed on a step of another one that always misses', () => {
    const side = (install: number | 'cached') =>
      built(
        [
          ['[docs 2/2] COPY . .', 0.1, 'aside'],
          ['[app 2/3] COPY requirements.txt .', install === 'cached' ? 'cached' : 0.1],
          ['[app 3/3] RUN pip install', install],
        ],
        { mode: 'warm', firstMiss: '[docs 2/2] COPY . .' },
      );
    expect(told(side('cached'), side(9), WARM)).toEqual([['cacheMiss', 'COPY requirements.txt .', 100]]);
  });

  test('with facts of an older version, in which cached steps are in no list', () => {
    const base = built([['[4/4] COPY . .', 0.2]], { mode: 'source-change', older: true, firstMiss: '[4/4] COPY . .' });
    const head = built(
      [
        ['[2/4] COPY . .', 0.2],
        ['[3/4] RUN pip install', 30],
      ],
      {
        mode: 'source-change',
        older: true,
        firstMiss: '[2/4] COPY . .',
      },
    );
    expect(told(base, head, CHANGE)).toEqual([['cacheMiss', 'COPY . .', 100]]);
  });

  test('a large file in the context is the context, with the step that copies it', () => {
    const context = (bytes: number, path: string) => ({
      files: 1,
      bytes,
      largest: [{ path, bytes }],
      writtenByTools: [],
      changed: [],
    });
    const base = built(STEPS, { profile: { context: context(1e6, 'shop') } });
    const head = built([['[internal] load build context', 4], ...STEPS.slice(1, 4), ['[4/4] COPY . .', 2], STEPS[5]], {
      profile: { context: context(600e6, 'dump.sql') },
    });
    expect(causes(base, head, COLD)).toMatchObject([
      { class: 'context', name: 'build context', evidence: [{ kind: 'changedFiles', files: ['dump.sql'] }, {}] },
    ]);
  });

  test("BuildKit's own steps count, though the list of all steps has only those of the Dockerfile", () => {
    const exported = (seconds: number) => ({
      profile: { steps: [{ name: 'exporting to image', seconds, ofDockerfile: false, onCriticalPath: true }] },
    });
    const [base, head] = [built([STEPS[2]], exported(1)), built([STEPS[2]], exported(7))];
    expect(causesOf(base, head, COLD, 6)).toMatchObject([{ class: 'export', share: 1 }]);
  });

  test('a step in a parallel stage moves the build only as far as it is on the critical path', () => {
    const base = built([
      ['[docs 2/2] RUN make docs', 4, 'aside'],
      ['[app 2/2] RUN make', 10],
    ]);
    const head = built([
      ['[docs 2/2] RUN make docs', 9, 'aside'],
      ['[app 2/2] RUN make', 13],
    ]);
    expect(told(base, head, COLD)).toEqual([['step', '[app] RUN make', 100]]);
  });

  test('the stage that became the longest is blamed', () => {
    const base = built([
      ['[docs 2/2] RUN make docs', 4, 'aside'],
      ['[app 2/2] RUN make', 10],
    ]);
    const head = built([
      ['[docs 2/2] RUN make docs', 14],
      ['[app 2/2] RUN make', 10, 'aside'],
    ]);
    expect(causes(base, head, COLD)).toMatchObject([{ name: '[docs] RUN make docs', baseSeconds: 4, headSeconds: 14 }]);
  });

  test('what the steps do not show is unknown', () => {
    expect(causesOf(built(STEPS), built(withStep('exporting to image', 3)), COLD, 10)).toMatchObject([
      { class: 'unknown', share: 0.8 },
      { class: 'export', share: 0.2 },
    ]);
  });

  test('a side without a profile says nothing', () => {
    expect(causesOf(factsOf(), built(STEPS), COLD, 9)).toEqual([]);
  });
});

describe('a start-up', () => {
  const BASE = [service('db', [1, 3, 3.5]), service('cache', [1, 1.5, 2])];
  const KEYS = { 'services.db.healthcheck.interval': '1s', 'services.db.image': 'postgres:16' };

  test('an interval is named with both values and its line', () => {
    const head = [service('db', [1, 3, 7], { healthcheck: { intervalSeconds: 6 } }), BASE[1]!];
    const found = causes(
      started(BASE, compose(KEYS)),
      started(head, compose({ ...KEYS, 'services.db.healthcheck.interval': '6s' })),
      STARTUP,
    );
    expect(found).toMatchObject([
      {
        class: 'healthcheck',
        name: 'db',
        evidence: [
          {
            kind: 'changedKey',
            key: 'services.db.healthcheck.interval',
            base: '1s',
            head: '6s',
            place: { file: 'compose.yml', line: 1 },
          },
          { kind: 'readiness', baseReadySeconds: 2, headReadySeconds: 2 },
        ],
      },
    ]);
  });

  test("where the files were not read, the engine's own values tell it", () => {
    const head = [service('db', [1, 3, 7], { healthcheck: { intervalSeconds: 6 } }), BASE[1]!];
    expect(causes(started(BASE), started(head), STARTUP)[0]).toMatchObject({
      class: 'healthcheck',
      evidence: [{ key: 'services.db.healthcheck.interval', base: '1s', head: '6s', place: null }, {}],
    });
  });

  test('a start period without a start interval', () => {
    const head = [service('db', [1, 3, 6], { healthcheck: { startPeriodSeconds: 30 } }), BASE[1]!];
    const found = causes(
      started(BASE, compose(KEYS)),
      started(head, compose({ ...KEYS, 'services.db.healthcheck.start_period': '30s' })),
      STARTUP,
    );
    expect(found[0]).toMatchObject({
      class: 'healthcheck',
      evidence: [{ key: 'services.db.healthcheck.start_period', base: null, head: '30s' }, {}],
    });
  });

  test('a service that is ready later, with the key of it that changed; its healthcheck only follows', () => {
    const head = [service('db', [1, 8.2, 9]), BASE[1]!];
    const found = causes(
      started(BASE, compose(KEYS)),
      started(head, compose({ ...KEYS, 'services.db.image': 'postgres:17' })),
      STARTUP,
    );
    expect(found).toMatchObject([
      {
        class: 'readiness',
        name: 'db',
        share: 1,
        evidence: [
          { kind: 'changedKey', key: 'services.db.image', base: 'postgres:16', head: 'postgres:17' },
          { kind: 'readiness' },
        ],
      },
    ]);
  });

  test('a script that the service mounts is named, and other files are not', () => {
    const keys = compose({ 'services.db.volumes.0': './init:/docker-entrypoint-initdb.d:ro' });
    const path = keys.composeFiles[0]!.keys.map((key) => ({ ...key, path: ['services', 'db', 'volumes', 0] }));
    const files = { ...keys, composeFiles: [{ ...keys.composeFiles[0]!, keys: path }] };
    const head = [service('db', [1, 8.2, 9]), BASE[1]!];
    const found = causes(
      madeOf(started(BASE, files), { 'init/seed.sql': 'a', 'shop/cart.py': 'a' }),
      madeOf(started(head, files), { 'init/seed.sql': 'b', 'shop/cart.py': 'b' }),
      STARTUP,
    );
    expect(found).toMatchObject([
      { class: 'readiness', evidence: [{ kind: 'readiness' }, { kind: 'changedFiles', files: ['init/seed.sql'] }] },
    ]);
  });

  test('a dependency edge costs what the other took before; what that took longer is its own', () => {
    const head = [service('db', [1, 5, 5.5]), service('cache', [5.6, 6.1, 6.6], { waitedFor: 'db' })];
    expect(told(started(BASE), started(head), STARTUP)).toEqual([
      ['dependencyEdge', 'cache waits for db', 56],
      ['readiness', 'db', 44],
    ]);
  });

  test('a new service, also where another now waits for it', () => {
    const head = [...BASE, service('search', [1, 9, 9.5])];
    expect(told(started(BASE), started(head), STARTUP)).toEqual([['newService', 'search', 100]]);
    expect(told(started(head), started(BASE), STARTUP)).toEqual([['removedService', 'search', 100]]);
    const waits = [service('db', [9.6, 11.6, 12.1], { waitedFor: 'search' }), service('search', [1, 9, 9.5])];
    expect(told(started(BASE), started(waits), STARTUP)[0]).toEqual(['newService', 'search', 99]);
  });

  test('a one-shot between two services: its end is the start of what waits for it', () => {
    const migrated = (seconds: number) => {
      const end = 3.6 + seconds;
      const oneShot = service('migrate', [3.6, 3.6, 3.6], { waitedFor: 'db' });
      const ended = { ...oneShot, state: 'completed' as const, seconds: null };
      const web = service('web', [end, end + 0.5, end + 1], { waitedFor: 'db' });
      const waitedFor = { service: 'db', condition: 'service_healthy', seconds: seconds + 0.1 };
      return started([
        BASE[0]!,
        { ...ended, timeline: { ...oneShot.timeline!, readySeconds: null, healthySeconds: null } },
        { ...web, timeline: { ...web.timeline!, waitedFor } },
      ]);
    };
    expect(told(migrated(2), migrated(8), STARTUP)).toEqual([['readiness', 'migrate', 100]]);
  });

  test('a tear-down: the service that ignores its signal', () => {
    const stopped = (seconds: number, killed: boolean, files = compose(KEYS)) => {
      const one = { service: 'db', seconds, killed, exitCode: 0, signal: 'SIGTERM', graceSeconds: 10 };
      const facts = started(BASE, files);
      return { ...facts, startup: { ...facts.startup!, tearDown: { seconds, services: [one] } } };
    };
    const head = stopped(10.3, true, compose({ ...KEYS, 'services.db.command': 'sh -c postgres' }));
    expect(causes(stopped(0.3, false), head, { phase: 'teardown' })).toMatchObject([
      {
        class: 'stopSignal',
        name: 'db',
        evidence: [
          { key: 'services.db.command', head: 'sh -c postgres' },
          { kind: 'option', base: 'stopped on SIGTERM', head: 'killed 10 s after SIGTERM' },
        ],
      },
    ]);
  });
});

describe('tests', () => {
  const A = 'tests/test_a.py';
  const SUITE = many(`${A}::test_x`, 30, { call: 0.1, uses: ['client'] });
  const base = tested({ tests: SUITE });

  test('a slow test, not the phase that it runs in', () => {
    const head = tested({ tests: { ...SUITE, [`${A}::test_x[3]`]: { call: 4.1 } } });
    expect(told(base, head, TESTS)).toEqual([['test', `${A}::test_x[3]`, 100]]);
  });

  test('the files that changed are evidence: of a test its own, of many all code', () => {
    const before = madeOf(base, { 'tests/test_a.py': 'a', 'shop/cart.py': 'b', 'README.md': 'c' });
    const files = { 'tests/test_a.py': 'A', 'shop/cart.py': 'B', 'README.md': 'C' };
    const one = tested({ tests: { ...SUITE, [`${A}::test_x[3]`]: { call: 4.1 } } });
    expect(causes(before, madeOf(one, files), TESTS)[0]!.evidence).toMatchObject([
      { kind: 'tests' },
      { kind: 'changedFiles', files: ['tests/test_a.py'], more: 0 },
    ]);
    const all = tested({ tests: many(`${A}::test_x`, 30, { call: 0.3 }) });
    expect(causes(before, madeOf(all, files), TESTS)[0]!.evidence).toMatchObject([
      { kind: 'tests' },
      { kind: 'changedFiles', files: ['shop/cart.py', 'tests/test_a.py'], more: 0 },
    ]);
  });

  test('a session fixture, not the test that asks for it first', () => {
    const fixture = (seconds: number) => [{ name: 'db', scope: 'session', seconds }];
    const before = tested({ tests: { ...SUITE, [`${A}::first`]: { call: 0.1, setup: 0.5 } }, fixtures: fixture(0.5) });
    const head = tested({ tests: { ...SUITE, [`${A}::first`]: { call: 0.1, setup: 4.5 } }, fixtures: fixture(4.5) });
    expect(told(before, head, TESTS)).toEqual([['fixture', 'db (tests/conftest.py)', 100]]);
  });

  test('the tear-down of a fixture, not the last test', () => {
    const fixture = (teardown: number) => [{ name: 'db', scope: 'session', teardown }];
    const before = tested({ tests: { ...SUITE, [`${A}::last`]: { call: 0.1 } }, fixtures: fixture(0) });
    const head = tested({ tests: { ...SUITE, [`${A}::last`]: { call: 0.1, teardown: 3 } }, fixtures: fixture(3) });
    expect(told(before, head, TESTS)).toEqual([['fixture', 'db (tests/conftest.py)', 100]]);
  });

  test('a fixture that is set up for each test now tells both counts', () => {
    const fixture = (count: number) => [
      { name: 'db', scope: count === 1 ? 'session' : 'function', count, seconds: 0.2 * count },
    ];
    const before = tested({
      tests: { ...SUITE, [`${A}::test_x[0]`]: { call: 0.1, setup: 0.2 } },
      fixtures: fixture(1),
    });
    const head = tested({ tests: many(`${A}::test_x`, 30, { call: 0.1, setup: 0.2 }), fixtures: fixture(30) });
    expect(causes(before, head, TESTS)).toMatchObject([
      { class: 'fixture', evidence: [{ kind: 'fixture', baseCount: 1, headCount: 30 }] },
    ]);
  });

  test('many tests that are a little slower are one cause, with the fixture that they share', () => {
    const suite = (call: number) => ({
      ...many(`${A}::test_x`, 30, { call, uses: ['settings', 'client'] }),
      ...many('tests/test_b.py::test_y', 10, { call: 0.2, uses: ['settings'] }),
    });
    expect(causes(tested({ tests: suite(0.1) }), tested({ tests: suite(0.2) }), TESTS)).toMatchObject([
      {
        class: 'manyTests',
        name: expect.stringMatching(/^\d+ tests of tests\/test_a\.py::test_x$/) as string,
        evidence: [
          { kind: 'tests', secondsEach: expect.closeTo(0.1, 2) as number },
          { kind: 'allUseFixture', fixture: 'client' },
        ],
      },
    ]);
  });

  test('many tests are those of which most parameters grew, all of them, and none of which a few grew by chance', () => {
    const varying = (calls: readonly number[]) =>
      many('tests/test_b.py::test_y', calls.length, (index) => ({ call: calls[index]! }));
    const before = tested({ tests: { ...SUITE, ...varying([0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2]) } });
    const slower = many(`${A}::test_x`, 30, (index) => ({ call: index === 0 ? 0.11 : 0.2 }));
    const head = tested({ tests: { ...SUITE, ...slower, ...varying([0.3, 0.1, 0.3, 0.2, 0.1, 0.3, 0.1, 0.2]) } });
    expect(causes(before, head, TESTS)[0]).toMatchObject({ class: 'manyTests', name: `30 tests of ${A}::test_x` });
  });

  test('new and removed tests are causes of their own', () => {
    const fresh = many('tests/test_new.py::test_z', 25, { call: 0.2 });
    expect(told(base, tested({ tests: { ...SUITE, ...fresh } }), TESTS)).toEqual([
      ['newTests', '25 tests of tests/test_new.py::test_z', 100],
    ]);
    expect(told(tested({ tests: { ...SUITE, ...fresh } }), base, TESTS)).toEqual([
      ['removedTests', '25 tests of tests/test_new.py::test_z', 100],
    ]);
  });

  test('tests of a renamed file are the same tests', () => {
    const renamed = many('tests/test_renamed.py::test_x', 30, { call: 0.1 });
    const head = tested({ tests: { ...renamed, 'tests/test_renamed.py::test_x[7]': { call: 3 } } });
    expect(told(base, head, TESTS)).toEqual([['test', 'tests/test_renamed.py::test_x[7]', 100]]);
  });

  test('a test that was merely not among the slowest has no time before, and is not new', () => {
    const before = tested({ tests: SUITE, listed: 20 });
    const head = tested({ tests: { ...SUITE, [`${A}::test_x[25]`]: { call: 4.1 } }, listed: 20 });
    expect(causes(before, head, TESTS)[0]).toMatchObject({
      class: 'test',
      name: `${A}::test_x[25]`,
      baseSeconds: null,
      headSeconds: 4.1,
    });
  });

  test('tests that no list has are known by what their file took', () => {
    const file = (seconds: number) => ({ files: [{ name: A, tests: 30, seconds }] });
    const slow = many('tests/test_b.py::test_y', 20, { call: 0.5 });
    const suite = (call: number) =>
      tested({ tests: { ...slow, ...many(`${A}::test_x`, 30, { call }) }, listed: 20, profile: file(30 * call) });
    expect(causes(suite(0.1), suite(0.2), TESTS)).toMatchObject([
      { class: 'manyTests', name: `30 tests of ${A}`, evidence: [{ kind: 'tests', count: 30 }] },
    ]);
  });

  test('a new file whose tests no list has is new all the same', () => {
    const slow = many('tests/test_b.py::test_y', 20, { call: 0.5 });
    const files = [{ name: 'tests/test_b.py', tests: 20, seconds: 10 }];
    const before = tested({ tests: slow, listed: 20, profile: { files } });
    const fresh = many('tests/test_new.py::test_z', 30, { call: 0.1 });
    const head = tested({
      tests: { ...slow, ...fresh },
      listed: 20,
      profile: { files: [...files, { name: 'tests/test_new.py', tests: 30, seconds: 3 }] },
    });
    expect(told(before, head, TESTS)).toEqual([['newTests', '30 tests of tests/test_new.py', 100]]);
    expect(told(head, before, TESTS)).toEqual([['removedTests', '30 tests of tests/test_new.py', 100]]);
  });

  test('a test that slows all tests after it', () => {
    const slow = (call: number) => (index: number) => ({ call: index > 10 ? call : 0.1 });
    const after = (call: number) => many('tests/test_b.py::test_y', 12, { call });
    const before = tested({ tests: { ...SUITE, ...after(0.2) } });
    const head = tested({ tests: { ...many(`${A}::test_x`, 30, slow(0.2)), ...after(0.3) } });
    expect(causes(before, head, TESTS)).toMatchObject([
      {
        class: 'test',
        name: `${A}::test_x[10] or ${A}::test_x[11]`,
        evidence: [
          { kind: 'tests', count: 31 },
          { kind: 'oneOfTests', ids: [`${A}::test_x[10]`, `${A}::test_x[11]`] },
        ],
      },
    ]);
  });

  test('of a test that slows all tests after it, the new sleep in its body tells which one it is', () => {
    const after = (call: number) => many('tests/test_b.py::test_y', 12, { call });
    const early = (call: number) => many('tests/test_b.py::test_z', 12, { call });
    const leak = { 'tests/test_a.py::test_leak': { call: 0.1 } };
    const later = (call: number) => many('tests/test_c.py::test_z', 12, { call });
    const first = many('tests/test_b.py::test_y', 12, (index) => ({ call: index > 3 ? 0.3 : 0.2 }));
    const order = (slow: boolean) => {
      const [y, others] = [Object.entries(slow ? first : after(0.2)), slow ? later(0.3) : later(0.2)];
      return Object.fromEntries([
        ...Object.entries(early(0.2)),
        ...y.slice(0, 4),
        ...Object.entries(leak),
        ...y.slice(4),
        ...Object.entries(others),
      ]);
    };
    const site = { file: 'tests/test_a.py', line: 7, source: 'sleep(0.1)', calls: 20, seconds: 2, tests: [] };
    const head = withLines(tested({ tests: order(true), profile: { sleeps: [site] } }), 'test_leak', 5);
    expect(causes(tested({ tests: order(false) }), head, TESTS)[0]).toMatchObject({
      class: 'test',
      name: 'tests/test_a.py::test_leak',
      evidence: [{ kind: 'tests', count: 20 }],
    });
  });

  test('tests of one file alone are not the victims of a leak', () => {
    const head = tested({ tests: many(`${A}::test_x`, 30, (index) => ({ call: index > 10 ? 0.3 : 0.1 })) });
    expect(causes(base, head, TESTS)).toMatchObject([{ class: 'manyTests' }]);
  });

  test.each([
    [
      'the file that takes long to import',
      { collectedFiles: [{ path: 'tests/test_a.py', seconds: 3.1, tests: 30 }] },
      'collection of tests/test_a.py',
    ],
    ['the phase without it', {}, 'collection'],
  ])('collection: %s', (_, profile, name) => {
    const head = tested({ tests: SUITE, path: { collection: 3.5 }, profile });
    expect(told(base, head, TESTS)).toEqual([['collection', name, 100]]);
  });

  test('what a shell does before it becomes pytest is the command, though it is in the start of the process', () => {
    const run = (command: string, start: number) =>
      tested({ tests: SUITE, path: { start }, record: { command: ['sh', '-c', command] } });
    const before = run('exec pytest', 1);
    expect(told(before, run('sleep 3; exec pytest', 4), TESTS)).toEqual([['step', 'command around pytest', 100]]);
    expect(told(before, run('exec pytest -p other', 4), TESTS)).toEqual([['collection', 'start of pytest', 100]]);
  });

  test('a command that does more around pytest', () => {
    const before = tested({ tests: SUITE, record: { command: ['pytest'] } });
    const head = tested({ tests: SUITE, path: { outside: 3.4 }, record: { command: ['sh', '-c', 'sleep 3; pytest'] } });
    expect(causes(before, head, TESTS)).toMatchObject([
      { class: 'step', name: 'command around pytest', evidence: [{ kind: 'option', base: 'pytest' }] },
    ]);
  });

  test('coverage that was turned on explains slower tests, start and report together', () => {
    const head = tested({
      tests: many(`${A}::test_x`, 30, { call: 0.2 }),
      path: { start: 1.4, report: 0.9 },
      profile: { configuration: { coverage: true } },
      projectFiles: compose({}, '--cov=shop'),
    });
    const found = causes({ ...base, projectFiles: compose({}, '-q') }, head, TESTS);
    expect(found).toMatchObject([
      {
        class: 'coverage',
        evidence: [
          { kind: 'option', name: '--cov', base: null, head: 'on' },
          {
            kind: 'changedKey',
            key: 'addopts',
            base: '-q',
            head: '--cov=shop',
            place: { file: 'pytest.ini', line: 2 },
          },
        ],
      },
    ]);
    expect(found[0]!.share).toBeCloseTo(1, 1);
  });

  test('a limit on CPUs, by the seconds that the kernel held the tests back', () => {
    const before = tested({ tests: SUITE, throttledSeconds: 0, projectFiles: compose({ 'services.test.image': 'a' }) });
    const head = tested({
      tests: many(`${A}::test_x`, 30, { call: 0.2 }),
      throttledSeconds: 3.2,
      projectFiles: compose({ 'services.test.image': 'a', 'services.test.cpus': 0.5 }),
    });
    expect(causes(before, head, TESTS)).toMatchObject([
      {
        class: 'limit',
        share: 1,
        evidence: [
          { key: 'services.test.cpus', base: null, head: '0.5' },
          { kind: 'throttled', headSeconds: 3.2 },
        ],
      },
    ]);
  });

  test('a limit on memory that changed, by how long the tests waited for memory', () => {
    const waited = (call: number, memoryPressureRatio: number, limit: string | null) => {
      const keys = { 'services.test.image': 'a', ...(limit === null ? {} : { 'services.test.mem_limit': limit }) };
      const facts = tested({
        tests: many(`${A}::test_x`, 30, { call }),
        throttledSeconds: 0,
        projectFiles: compose(keys),
      });
      const trials = facts.trials.map((trial) => {
        const resources = { ...trial.profile!.resources!, memoryPressureRatio };
        return { ...trial, profile: { ...trial.profile!, resources } };
      });
      return { ...facts, trials };
    };
    expect(causes(waited(0.1, 0, null), waited(0.2, 0.6, '64m'), TESTS)).toMatchObject([
      { class: 'limit', name: 'memory', evidence: [{ key: 'services.test.mem_limit', head: '64m' }, {}] },
    ]);
    expect(causes(waited(0.1, 0, null), waited(0.2, 0.6, null), TESTS)).toMatchObject([{ class: 'manyTests' }]);
  });

  test('a service that took longer for the same statements', () => {
    const queries = (seconds: number) => [
      { service: 'db', source: 'pg_stat_statements' as const, calls: 100, seconds, slowest: [], mostFrequent: [] },
    ];
    const served = (call: number, seconds: number) => {
      const facts = tested({ tests: many(`${A}::test_x`, 30, { call }) });
      return {
        ...facts,
        trials: facts.trials.map((trial) => ({ ...trial, profile: { ...trial.profile!, queries: queries(seconds) } })),
      };
    };
    expect(causes(served(0.1, 0.5), served(0.2, 3.4), TESTS)).toMatchObject([
      { class: 'service', name: 'db', evidence: [{ kind: 'calls', base: 100, head: 100 }] },
    ]);
  });

  describe('with two workers', () => {
    const spread = (call: number, extra: Record<string, { call: number; worker: string }> = {}) => ({
      ...many(`${A}::test_x`, 20, (index) => ({ call, worker: index % 2 === 0 ? 'gw0' : 'gw1' })),
      ...extra,
    });
    const two = tested({ tests: spread(0.2), workers: 2 });

    test('a test on the worker that ends last counts in full', () => {
      const head = tested({ tests: { ...spread(0.2), [`${A}::test_x[4]`]: { call: 4.2, worker: 'gw0' } }, workers: 2 });
      expect(told(two, head, TESTS)).toEqual([['test', `${A}::test_x[4]`, 100]]);
    });

    test('another distribution has the name of its option, with the loads', () => {
      const tests = many(`${A}::test_x`, 20, (index) => ({ call: 0.2, worker: index < 18 ? 'gw0' : 'gw1' }));
      const head = tested({ tests, workers: 2, profile: { configuration: { distribution: 'loadfile' } } });
      expect(causes(two, head, TESTS)).toMatchObject([
        {
          class: 'imbalance',
          name: '--dist',
          evidence: [
            { kind: 'option', name: '--dist', base: 'load', head: 'loadfile' },
            {
              kind: 'workers',
              baseBusiest: expect.closeTo(2),
              headBusiest: expect.closeTo(3.6),
              headMean: expect.closeTo(2),
            },
          ],
        },
      ]);
    });

    test('the same tests spread worse are an imbalance', () => {
      const tests = many(`${A}::test_x`, 20, (index) => ({ call: 0.2, worker: index < 18 ? 'gw0' : 'gw1' }));
      expect(told(two, tested({ tests, workers: 2 }), TESTS)).toEqual([['imbalance', 'workers', 100]]);
    });

    test('fewer workers', () => {
      const head = tested({ tests: many(`${A}::test_x`, 20, { call: 0.2, worker: 'gw0' }), workers: 1 });
      expect(causes(two, head, TESTS)).toMatchObject([
        { class: 'workers', name: '-n', evidence: [{ kind: 'option', base: '2', head: '1' }, {}] },
      ]);
    });
  });

  test('where other work made all phases slower, many slower tests are not blamed', () => {
    const slower = (disturbed: string | null) =>
      tested({
        tests: many(`${A}::test_x`, 30, { call: 0.2 }),
        path: { start: 2, collection: 1 },
        record: { disturbed: disturbed === null ? null : { reason: disturbed } },
      });
    expect(causes(base, slower('other work took 40 % of its CPUs'), TESTS)[0]).toMatchObject({
      class: 'disturbance',
      evidence: [{ kind: 'disturbed', reason: 'other work took 40 % of its CPUs' }],
    });
    expect(causes(base, slower(null), TESTS)[0]).toMatchObject({ class: 'manyTests' });
  });

  describe('where the machine was busy, tests that took no more CPU time', () => {
    const suite = (call: number, cpu: number) => ({
      ...many(`${A}::test_x`, 10, { call, cpu }),
      ...many('tests/test_b.py::test_y', 10, { call, cpu }),
    });
    const before = tested({ tests: suite(0.1, 0.05) });
    const after = (cpu: number, disturbed: string | null = 'other work took 40 % of its CPUs') =>
      tested({ tests: suite(0.3, cpu), record: { disturbed: disturbed === null ? null : { reason: disturbed } } });

    test('waited for other work', () => {
      expect(causes(before, after(0.05), TESTS)[0]).toMatchObject({ class: 'disturbance', share: 1 });
    });

    test.each([
      ['if they took more CPU time', before, after(0.2)],
      ['if the machine was quiet', before, after(0.05, null)],
      ['if their CPU time is not known', tested({ tests: suite(0.1, 0.05), listed: 20 }), after(0.05)],
    ])('are blamed %s', (_, base_, head) => {
      expect(causes(base_, head, TESTS)[0]).toMatchObject({ class: 'manyTests' });
    });
  });

  test('a disturbance comes after what is known to have changed, unless that is little', () => {
    const disturbed = (call: number) =>
      tested({
        tests: { ...many(`${A}::test_x`, 30, { call: 0.2 }), [`${A}::test_x[3]`]: { call } },
        path: { start: 2, collection: 1 },
        record: { disturbed: { reason: 'other work took 40 % of its CPUs' } },
      });
    expect(causes(base, disturbed(4.1), TESTS).map((cause) => cause.class)).toEqual(['test', 'disturbance']);
    expect(causes(base, disturbed(0.9), TESTS).map((cause) => cause.class)).toEqual(['disturbance', 'test']);
  });

  test('what nothing explains is a disturbance where the trial was disturbed, else unknown', () => {
    const disturbed = tested({ tests: SUITE, record: { disturbed: { reason: 'other work took 40 % of its CPUs' } } });
    expect(causesOf(base, disturbed, TESTS, 5)).toMatchObject([
      { class: 'disturbance', evidence: [{ kind: 'disturbed', reason: 'other work took 40 % of its CPUs' }] },
    ]);
    expect(causesOf(base, tested({ tests: SUITE }), TESTS, 5)).toMatchObject([{ class: 'unknown', share: 1 }]);
  });

  test('nothing is blamed where the figure did not change, or a side has no profile', () => {
    expect(causesOf(base, base, TESTS, 0)).toEqual([]);
    expect(causesOf(factsOf({ trials: [trialOf(FULL)] }), base, TESTS, 5)).toEqual([]);
  });
});

describe('shares', () => {
  const suite = array(double({ min: 0, max: 5, noNaN: true }), { minLength: 3, maxLength: 12 });

  test('sum to at most 1, largest first but for what is unknown, and are the same the other way round', () => {
    assert(
      property(suite, suite, (before, now) => {
        const of = (calls: readonly number[]) =>
          tested({ tests: Object.fromEntries(calls.map((call, index) => [`tests/test_a.py::t${index}`, { call }])) });
        const [base, head] = [of(before), of(now)];
        const found = causes(base, head, TESTS);
        const named = found
          .filter((cause) => cause.class !== 'unknown' && cause.class !== 'disturbance')
          .map(({ share }) => share);
        expect(found.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
        expect(named).toEqual(named.toSorted((a, b) => b - a));
        const back = causes(head, base, TESTS);
        expect(back.map(({ share }) => share)).toEqual(found.map(({ share }) => share));
        expect(back.map(({ headSeconds }) => headSeconds)).toEqual(found.map(({ baseSeconds }) => baseSeconds));
      }),
      { numRuns: 50 },
    );
  });
});
