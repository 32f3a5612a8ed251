/** Completes a plan as it was written. */
import { BUILD_MODES, type Plan, type Scenario } from '../model/plan.ts';
import { checkPlan } from './check.ts';
import { completeReceiver } from './notify.ts';
import type { CheckedPlan } from './schema.ts';

/** Maximum number of trials of a scenario, if the plan does not set one. */
const DEFAULT_MOST_TRIALS = 5;

/** Docker names and folders take much more, but people read them. */
const LONGEST_ID = 40;

/**
 * A plan that comes as data (a workflow's input, say), checked and completed.
 * @param context.folderName names the project where the plan does not
 * @throws PacelineError WrongUsage that names every issue by its path
 */
export function resolvePlan(input: unknown, { folderName }: { readonly folderName: string }): Plan {
  return completePlan(checkPlan(input ?? {}, null), folderName);
}

export function completePlan(checked: CheckedPlan, folderName: string): Plan {
  const { project, compose, dockerfile, service, build, startup, targets, alerts, trials, lanes, scenarios } = checked;
  return {
    project: project ?? folderName,
    compose,
    dockerfile,
    service,
    build: { modes: BUILD_MODES.filter((mode) => build.modes.includes(mode)), targetSeconds: build.target },
    startup: { targetSeconds: startup.target },
    targets: {
      totalSeconds: targets.total,
      testSeconds: targets.test,
      memoryBytes: targets.memory,
      cpuRatio: targets.cpu,
      latencySeconds: targets.latency,
      coverageReportSeconds: targets.coverageReport,
      gate: targets.gate,
    },
    alerts: { regressionRatio: alerts.regression, floorSeconds: alerts.floor },
    trials: {
      repeat: trials.repeat,
      warmup: trials.warmup,
      max: trials.max ?? Math.max(DEFAULT_MOST_TRIALS, trials.repeat),
      timeoutSeconds: trials.timeout === 'auto' ? null : trials.timeout,
      seed: trials.seed,
    },
    lanes: { cpus: lanes.cpus, memoryBytes: lanes.memory, max: lanes.max },
    ...(checked.runsPerDay === undefined ? {} : { runsPerDay: checked.runsPerDay }),
    ...(checked.notify === undefined
      ? {}
      : { notify: checked.notify.map((receiver) => completeReceiver(receiver, 'plan')) }),
    scenarios: completeScenarios(scenarios),
  };
}

function completeScenarios(scenarios: CheckedPlan['scenarios']): Scenario[] {
  const ids = scenarioIds(scenarios.map(({ name }) => name));
  const marked = scenarios.findIndex(({ primary }) => primary === true);
  const primary = marked === -1 ? 0 : marked;
  return scenarios.map(({ name, command = null, target = null }, index) => ({
    name,
    id: ids[index]!,
    command,
    targetSeconds: target,
    primary: index === primary,
  }));
}

/** "Full Test Suite" → "full-test-suite". A number is added to names that give the same id, or none. */
function scenarioIds(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const base = slug(name) || 'scenario';
    let id = base;
    for (let n = 2; taken.has(id); n += 1) id = `${base}-${n}`;
    taken.add(id);
    return id;
  });
}

function slug(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{Mn}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_ID)
    .replace(/^-|-$/g, '');
}
