/** How a try comes to run: begun anew, or taken over from an attempt before this one. */
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyTree } from '../../data/copy-tree.ts';
import { additionsOf, prepareTrial } from '../../collectors/trial-collectors.ts';
import { RESULTS_MOUNT } from '../../collectors/trial-collector.ts';
import { composeRun } from '../../docker/commands.ts';
import { composeFileFor } from '../../docker/compose-file.ts';
import { adoptDetached, runDetached } from '../../docker/detached.ts';
import { testArguments } from '../../docker/test-command.ts';
import { FAILURES, internalProblem, PacelineError, type Problem } from '../../model/failure.ts';
import { type Measurement, measured } from '../../model/measurement.ts';
import type { Lane, TrialRecord } from '../../model/run.ts';
import type { Attempt } from '../attempt.ts';
import { commandEnd, commandLost } from '../command-end.ts';
import { composeUpAndWait } from '../compose-up.ts';
import type { ActivityDeps } from '../deps.ts';
import { startupDeadlineSeconds } from '../start-services.ts';
import { infrastructureRecord } from './records.ts';
import { junitEnvironment, switchesReportsOff } from './junit-report.ts';
import { cgroupOf, contextOf, labelsOf, type Trial } from './trial.ts';
import { COMPOSE_FILE } from '../workspace.ts';

export type Begun =
  | { readonly kind: 'running'; readonly reattached: boolean; readonly measurements: readonly Measurement[] }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'neverRan'; readonly record: TrialRecord; readonly measurements: readonly Measurement[] };

/** The intent is stored before anything is made: an intent without a container says that it was begun and is lost. */
export async function begin(deps: ActivityDeps, trial: Trial, lane: Lane, attempt: Attempt): Promise<Begun> {
  const intent = await deps.store.intend(trial.key);
  if (intent === 'known') return takeOver(deps, trial, attempt.signal);
  try {
    return await beginAnew(deps, trial, lane, attempt);
  } catch (error) {
    if (attempt.signal.aborted) throw error;
    return unbegun(deps, trial, lane, error);
  }
}

/**
 * What another try may mend is a lost trial; what it cannot is the trial's outcome. A defect is said here and now: thrown,
 * it would be retried, and the next attempt would find the intent alone and blame a worker that went away.
 */
function unbegun(deps: ActivityDeps, trial: Trial, lane: Lane, error: unknown): Begun {
  const problem = error instanceof PacelineError ? error.problem : defect(error);
  if (problem.type !== 'Internal' && FAILURES[problem.type].retry) return { kind: 'lost', reason: problem.what };
  return { kind: 'neverRan', record: infrastructureRecord(deps, trial, lane, problem), measurements: [] };
}

function defect(error: unknown): Problem {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { ...internalProblem(`${message}.`), ...(stack === undefined ? {} : { detail: stack }) };
}

/** The command that starts the tests outlives its worker: it may be at work still. */
async function takeOver({ engine }: ActivityDeps, trial: Trial, signal: AbortSignal): Promise<Begun> {
  await adoptDetached(trial.runCommand, signal);
  const container = await engine.inspectContainer(trial.name);
  if (container === null) return { kind: 'lost', reason: 'The worker went away before the tests had begun.' };
  if (container.state.startedAt === null)
    return { kind: 'lost', reason: 'The worker went away just as the tests were to begin.' };
  return { kind: 'running', reattached: true, measurements: [] };
}

async function beginAnew(deps: ActivityDeps, trial: Trial, lane: Lane, attempt: Attempt): Promise<Begun> {
  const { workspace, folder, name } = trial;
  const { project, plan } = workspace;
  attempt.beat({ phase: 'starting', note: project.services.join(', ') });
  await mkdir(folder, { recursive: true });
  const up = await composeUpAndWait(deps, {
    project: name,
    services: project.services,
    model: project.model,
    file: await composeFile(deps, trial, lane, attempt.signal),
    folder,
    commandFolder: trial.upCommand,
    deadlineSeconds: startupDeadlineSeconds(plan.startup.targetSeconds),
    signal: attempt.signal,
  });
  const measurements = up.seconds === null ? [] : [measured('startup.trial.duration', up.seconds, 'readiness')];
  await prepareTrial(contextOf(deps, trial, lane, attempt.signal));
  const refusal = await startTests(deps, trial, lane, attempt.signal);
  if (refusal === null) return { kind: 'running', reattached: false, measurements };
  return { kind: 'neverRan', record: infrastructureRecord(deps, trial, lane, refusal), measurements };
}

async function composeFile(deps: ActivityDeps, trial: Trial, lane: Lane, signal: AbortSignal) {
  const { project, tags, sourceDirectory } = trial.workspace;
  const mounted = project.isolation.sourceMounts.length > 0;
  if (mounted) await copyTree(sourceDirectory, trial.sourceCopy, { signal });
  const results = join(trial.folder, 'results');
  // The tests may run as any user, and the folder is theirs alone.
  await mkdir(results, { recursive: true });
  await chmod(results, 0o777);
  const cgroup = cgroupOf(deps, trial);
  return composeFileFor(project, {
    tags,
    labels: labelsOf(deps, trial, lane),
    ...(lane.cpus.length === 0 ? {} : { cpuset: lane.cpus.join(',') }),
    ...(lane.memoryBytes === null ? {} : { memoryBytes: lane.memoryBytes }),
    ...('path' in cgroup ? { cgroupParent: cgroup.path } : {}),
    ...(mounted ? { sourceCopy: { from: sourceDirectory, to: trial.sourceCopy } } : {}),
    ...(deps.endpoint.local ? { resultsMount: { host: results, container: RESULTS_MOUNT } } : {}),
    extraTestEnvironment: await testEnvironment(deps, trial, lane, signal),
  });
}

/** What collectors need, beside what the image and the service set themselves: that is added to, never replaced. */
async function testEnvironment(deps: ActivityDeps, trial: Trial, lane: Lane, signal: AbortSignal) {
  const { project, tags } = trial.workspace;
  const service = project.model.services[project.service];
  const image = await deps.engine.inspectImage(tags[project.service] ?? service?.image ?? '');
  const ofImage = Object.fromEntries((image?.env ?? []).map((entry) => splitOnce(entry, '=')));
  const ofService = Object.fromEntries(
    Object.entries(service?.environment ?? {}).filter(([, value]) => value !== null),
  );
  const own = { ...ofImage, ...ofService } as Record<string, string>;
  const command = trial.scenario.command ?? service?.command ?? image?.cmd ?? [];
  const isOff = await switchesReportsOff(command, trial.workspace.sourceDirectory);
  const report = isOff ? {} : junitEnvironment(own['PYTEST_ADDOPTS'] ?? null, deps.endpoint.local);
  const { environment } = await additionsOf(contextOf(deps, trial, lane, signal), { ...own, ...report });
  return { ...report, ...environment };
}

/** @returns why the tests could not be started; null when they run */
async function startTests(deps: ActivityDeps, trial: Trial, lane: Lane, signal: AbortSignal): Promise<Problem | null> {
  const { workspace, scenario, name, folder } = trial;
  const { project, tags } = workspace;
  const service = project.model.services[project.service];
  const image = await deps.engine.inspectImage(tags[project.service] ?? service?.image ?? '');
  const { args, entrypoint, note } = testArguments({
    entrypoint: service?.entrypoint ?? image?.entrypoint ?? null,
    command: scenario.command,
  });
  if (note !== null) await deps.store.addNotes(trial.run, [`${scenario.name}: ${note}`]);
  const file = join(folder, COMPOSE_FILE);
  const labels = labelsOf(deps, trial, lane);
  const command = composeRun({ project: name, file }, { name, service: project.service, args, labels, entrypoint });
  const argv = [deps.endpoint.cli, ...command] as const;
  const ended = await runDetached({ folder: trial.runCommand, argv, cwd: folder, env: deps.commandEnv, signal });
  const container = await deps.engine.inspectContainer(name);
  if (container !== null && container.state.startedAt !== null) return null;
  const end = await commandEnd(deps, ended, trial.runCommand);
  if (end.kind === 'void') throw commandLost('The command that starts the tests', end);
  return notStarted(trial, end.exitCode, container?.state.error ?? (await readFile(end.stderrFile, 'utf8')).trim());
}

/** The engine's own words for a program that is not in the image; its exit code is 127 (126: not executable). */
const NOT_FOUND = /executable file not found|no such file or directory|permission denied: unknown/i;

function notStarted({ scenario }: Trial, exitCode: number, said: string): Problem {
  const detail = said.split('\n').slice(-5).join('\n');
  if (NOT_FOUND.test(said) && /exec|starting container process/i.test(said)) {
    return {
      type: 'CommandNotFound',
      what: `The command of \`${scenario.name}\` was not found in the image (exit code 127).`,
      next: `Check the first word of \`${(scenario.command ?? []).join(' ') || "the service's command"}\`, and that the image has it.`,
      detail,
    };
  }
  return {
    type: 'ComposeFailed',
    what: `The tests of \`${scenario.name}\` could not be started: ${reasonIn(said) || `exit code ${exitCode}`}.`,
    next: 'Look at what compose said; `docker compose run` in the project shows the same.',
    detail,
  };
}

/** Compose tells its progress first, and the error last. */
function reasonIn(said: string): string {
  const last = said.split('\n').at(-1) ?? '';
  return last.replace(/^Error response from daemon: /, '').replace(/\.$/, '');
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
