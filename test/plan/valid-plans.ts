/** Plans as people might write them, every key now and then. */
import * as fc from 'fast-check';
import { EVENT_KINDS } from '../../src/model/notify.ts';
import { BUILD_MODES } from '../../src/model/plan.ts';
import type { PlanInput } from '../../src/plan/schema.ts';

const number = fc.oneof(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0.01, max: 500, noNaN: true }));
const digits = number.map((value) => String(Number(value.toFixed(2))));
const spaced = (unit: string) => fc.constantFrom(unit, ` ${unit}`);

const duration = fc.oneof(
  number,
  digits,
  fc
    .tuple(digits, fc.constantFrom('s', 'sec', 'seconds', 'm', 'min', 'Minutes', 'ms').chain(spaced))
    .map(([n, unit]) => n + unit),
  fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 0, max: 59 })).map(([m, s]) => `${m} min ${s} s`),
);
const size = fc.oneof(
  fc.integer({ min: 6_291_456, max: 1e12 }),
  fc
    .tuple(
      digits.filter((n) => Number(n) >= 7),
      fc.constantFrom('MB', 'GB', 'MiB', 'gib').chain(spaced),
    )
    .map(([n, unit]) => n + unit),
);
const share = fc.oneof(
  fc.double({ min: 0.001, max: 1, noNaN: true }),
  fc.integer({ min: 1, max: 100 }).map((percent) => `${percent} %`),
);
const limit = (quantity: fc.Arbitrary<string | number>) =>
  fc.oneof(
    quantity,
    quantity.map((words) => `< ${typeof words === 'number' ? words.toFixed(6) : words}`),
    fc.constantFrom('none', null),
  );
const optional = <T extends object>(keys: { [K in keyof T]-?: fc.Arbitrary<T[K]> }) =>
  fc.record(keys, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
const section = <T extends object>(keys: { [K in keyof T]-?: fc.Arbitrary<T[K]> }) => fc.option(optional<T>(keys));

const word = fc.stringMatching(/^[a-z][\w.=-]{0,9}$/);
const BUILT_INTO_SHELLS = /^(?:cd|source|export|exec|eval|set|unset|alias|ulimit|umask|if|for|while|until|case)$/;
const program = word.filter((text) => !text.includes('=') && !BUILT_INTO_SHELLS.test(text));
const argv = fc.tuple(program, fc.array(word)).map(([first, rest]) => [first, ...rest]);
const scenario = fc.record(
  {
    name: fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((name) => /^\P{Cc}*[^\s\p{Cc}]\P{Cc}*$/u.test(name)),
    command: fc.oneof(
      argv,
      argv.map((words) => words.join(' ')),
      fc.constant(null),
    ),
    target: limit(duration),
    primary: fc.constant(false),
  },
  { requiredKeys: ['name'] },
);

const receiver = fc.record(
  {
    to: fc.constant('webhook' as const),
    urlEnv: fc.constantFrom('PACELINE_NOTIFY_A', 'PACELINE_NOTIFY_B2'),
    secretEnv: fc.constant('PACELINE_NOTIFY_KEY'),
    on: fc.subarray([...EVENT_KINDS], { minLength: 1 }),
    name: word,
  },
  { requiredKeys: ['to', 'urlEnv'] },
);

export const validPlans = optional<PlanInput>({
  project: word,
  compose: word.map((file) => `ci/${file}.yml`),
  dockerfile: word,
  service: fc.option(word),
  build: section({
    modes: fc.subarray([...BUILD_MODES], { minLength: 1 }),
    target: limit(duration),
  }),
  startup: section({ target: limit(duration) }),
  notify: fc.uniqueArray(receiver, { selector: ({ to, name = to }) => name }),
  targets: section({
    total: limit(duration),
    test: limit(duration),
    memory: limit(size),
    cpu: limit(share),
    latency: limit(duration),
    coverageReport: limit(duration),
    gate: fc.subarray(['memory', 'cpu', 'latency', 'coverageReport'] as (
      | 'memory'
      | 'cpu'
      | 'latency'
      | 'coverageReport'
    )[]),
  }),
  alerts: section({
    regression: fc.oneof(share, fc.constantFrom('150 %')),
    floor: fc.oneof(duration, fc.constantFrom(0, '0 s')),
  }),
  trials: section({
    repeat: fc.integer({ min: 1, max: 50 }),
    warmup: fc.integer({ min: 0, max: 5 }),
    max: fc.integer({ min: 50, max: 100 }),
    timeout: fc.oneof(duration, fc.constant('auto')),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  }),
  lanes: section({
    cpus: fc.oneof(fc.integer({ min: 1, max: 64 }), fc.constant('auto' as const)),
    memory: fc.oneof(size, fc.constant('auto')),
    max: fc.oneof(fc.integer({ min: 1, max: 64 }), fc.constant('auto' as const)),
  }),
  runsPerDay: fc.integer({ min: 1, max: 100_000 }),
  scenarios: fc.uniqueArray(scenario, {
    minLength: 1,
    maxLength: 5,
    selector: ({ name }) => name.normalize('NFC').trim(),
  }),
}) as fc.Arbitrary<PlanInput>;
