/** Writes a complete plan in the form of paceline.yml. */
import type { Plan, Scenario } from '../model/plan.ts';
import { writtenReceiver } from './notify.ts';
import { readDuration, readRatio, readSize, type Reading } from './quantities.ts';
import type { PlanInput } from './schema.ts';
import { splitCommand } from './split-command.ts';

/** Every key written out; `resolvePlan` makes the same plan of it again. */
export function writtenPlan(plan: Plan): PlanInput {
  const { project, compose, dockerfile, service, build, startup, targets, alerts, trials, lanes, scenarios } = plan;
  return {
    project,
    compose: typeof compose === 'string' ? compose : [...compose],
    dockerfile,
    service,
    build: { modes: [...build.modes], target: limit(build.targetSeconds, duration) },
    startup: { target: limit(startup.targetSeconds, duration) },
    targets: {
      total: limit(targets.totalSeconds, duration),
      test: limit(targets.testSeconds, duration),
      memory: limit(targets.memoryBytes, size),
      cpu: limit(targets.cpuRatio, share),
      latency: limit(targets.latencySeconds, duration),
      coverageReport: limit(targets.coverageReportSeconds, duration),
      gate: [...targets.gate],
    },
    alerts: { regression: increase(alerts.regressionRatio), floor: duration(alerts.floorSeconds) },
    trials: {
      repeat: trials.repeat,
      warmup: trials.warmup,
      max: trials.max,
      timeout: trials.timeoutSeconds === null ? 'auto' : duration(trials.timeoutSeconds),
      seed: trials.seed,
    },
    lanes: {
      cpus: lanes.cpus,
      memory: lanes.memoryBytes === 'auto' ? 'auto' : size(lanes.memoryBytes),
      max: lanes.max,
    },
    ...(plan.runsPerDay === undefined ? {} : { runsPerDay: plan.runsPerDay }),
    ...(plan.notify === undefined ? {} : { notify: plan.notify.map(writtenReceiver) }),
    scenarios: scenarios.map(writtenScenario),
  };
}

function writtenScenario({ name, command, targetSeconds, primary }: Scenario) {
  return {
    name,
    command: command === null ? null : writtenCommand(command),
    target: limit(targetSeconds, duration),
    ...(primary ? { primary } : {}),
  };
}

/** As one line, if splitting it gives the same vector again. */
function writtenCommand(command: readonly string[]): string | string[] {
  const line = command.map(quoted).join(' ');
  const split = splitCommand(line);
  const same = split.kind === 'words' && JSON.stringify(split.words) === JSON.stringify(command);
  return same ? line : [...command];
}

function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return word.includes("'") ? `"${word}"` : `'${word}'`;
}

type Written = string | number;

function limit(value: number | null, words: (value: number) => Written): Written {
  if (value === null) return 'none';
  const written = words(value);
  return typeof written === 'string' ? `< ${written}` : written;
}

const duration = (seconds: number) =>
  exact(seconds, seconds < 1 ? `${seconds * 1000} ms` : `${seconds} s`, readDuration);
const size = (bytes: number) => exact(bytes, bytes % 1e8 === 0 ? `${bytes / 1e9} GB` : `${bytes / 1e6} MB`, readSize);
const share = (ratio: number) => exact(ratio, percent(ratio), readRatio);
/** Written in per cent, because a number above 1 would be read as a percentage. */
const increase = (ratio: number) => (ratio > 1 ? percent(ratio) : share(ratio));
const percent = (ratio: number) => `${Number((ratio * 100).toPrecision(12))} %`;

/** The words if they have exactly this value; else the value in base units. */
function exact(value: number, words: string, read: (words: string) => Reading): Written {
  const reading = read(words);
  return reading.kind === 'value' && reading.value === value ? words : value;
}
