/** How an attempt gets a running trial: it starts one, or continues the one of an earlier attempt. */
import { chmod, mkdir, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { addToCopy, copyTree } from '../../data/copy-tree.ts';
import { additionsOf, prepareTrial } from '../../collectors/trial-collectors.ts';
import { RESULTS_MOUNT } from '../../collectors/trial-collector.ts';
import { composeRun } from '../../docker/compose/compose-command.ts';
import { composeFileFor, type MovedPath } from '../../docker/project/trial-compose-file.ts';
import { adoptDetached, type Exited, runDetached, setAside } from '../../docker/command/detached.ts';
import { networkRefusal } from '../../docker/project/network-claims.ts';
import { wrongFormat } from '../../docker/project/platforms.ts';
import type { ResolvedProject } from '../../docker/project/project.ts';
import { isOutside } from '../../docker/compose/project-paths.ts';
import { STDERR_BYTES, tailOf } from '../../docker/files/tail.ts';
import { ownCommandOf } from '../../docker/project/own-command.ts';
import { pytestArguments } from '../../docker/project/test-command.ts';
import { FAILURES, internalProblem, PacelineError, type Problem } from '../../model/failure.ts';
import { type Measurement, measured } from '../../model/measurement.ts';
import type { Lane, TrialRecord } from '../../model/run.ts';
import { WITHOUT_PYTEST } from '../../plan/own-command.ts';
import type { Attempt } from '../support/attempt.ts';
import { commandEnd, commandLost } from '../support/command-end.ts';
import { composeUpAndWait } from '../support/compose-up.ts';
import type { ActivityDeps } from '../support/deps.ts';
import { type Networked, withNetworks } from '../support/free-networks.ts';
import type { StageClock } from '../support/stage-clock.ts';
import { startupDeadlineSeconds } from '../start-services.ts';
import { takeDownProject } from '../support/take-down.ts';
import { argumentsOf, refusedByScript } from './entrypoint.ts';
import { infrastructureRecord, recordOf } from './records.ts';
import { junitEnvironment, switchesReportsOff } from './junit-report.ts';
import { cgroupOf, contextOf, labelsOf, type Trial } from './trial.ts';
import { COMPOSE_FILE, testImageOf } from '../support/workspace.ts';

export type Begun =
  | { readonly kind: 'running'; readonly reattached: boolean; readonly measurements: readonly Measurement[] }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'neverRan'; readonly record: TrialRecord; readonly measurements: readonly Measurement[] };

/** The intent is stored before anything is created: an intent without a container means that the trial was started and is lost. */
export async function begin(
  deps: ActivityDeps,
  trial: Trial,
  lane: Lane,
  attempt: Attempt,
  clock: StageClock,
): Promise<Begun> {
  const intent = await deps.store.intend(trial.key);
  if (intent === 'known') return takeOver(deps, trial, attempt.signal);
  try {
    return await startTrial(deps, trial, lane, attempt, clock);
  } catch (error) {
    if (attempt.signal.aborted || (await deps.disk.explain(error)) !== error) throw error;
    return startFailure(deps, trial, lane, error);
  }
}

/**
 * A failure that a retry may fix makes a lost trial; any other failure is the trial's outcome. A defect is returned, not thrown:
 * thrown, it would be retried, and the next attempt would find only the intent and blame a worker that stopped.
 */
function startFailure(deps: ActivityDeps, trial: Trial, lane: Lane, error: unknown): Begun {
  const problem = error instanceof PacelineError ? error.problem : defect(error);
  if (problem.type !== 'Internal' && FAILURES[problem.type].retry) return { kind: 'lost', reason: problem.what };
  return { kind: 'neverRan', record: infrastructureRecord(deps, trial, lane, problem), measurements: [] };
}

function defect(error: unknown): Problem {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { ...internalProblem(`${message}.`), ...(stack === undefined ? {} : { detail: stack }) };
}

/** The command that starts the tests outlives its worker: it may still be running. */
async function takeOver({ engine }: ActivityDeps, trial: Trial, signal: AbortSignal): Promise<Begun> {
  await adoptDetached(trial.runCommand, signal);
  const container = await engine.inspectContainer(trial.name);
  if (container === null) return { kind: 'lost', reason: 'The worker stopped before the tests had started.' };
  if (container.state.startedAt === null)
    return { kind: 'lost', reason: 'The worker stopped just before the tests started.' };
  return { kind: 'running', reattached: true, measurements: [] };
}

async function startTrial(
  deps: ActivityDeps,
  trial: Trial,
  lane: Lane,
  attempt: Attempt,
  clock: StageClock,
): Promise<Begun> {
  const { workspace, folder, name } = trial;
  const { project, plan } = workspace;
  attempt.beat({ phase: 'starting', note: project.services.join(', ') });
  const nothing = await nothingToRun(deps, trial);
  if (nothing !== null) {
    const record = recordOf(deps, trial, lane, { outcome: 'noTests', reason: nothing });
    return { kind: 'neverRan', record, measurements: [] };
  }
  await mkdir(folder, { recursive: true });
  const up = await composeUpAndWait(deps, {
    run: trial.run,
    project: name,
    services: project.services,
    model: project.model,
    file: await clock.part('copySource', null, () => composeFile(deps, trial, lane, attempt.signal)),
    folder,
    commandFolder: trial.upCommand,
    env: trial.env,
    before: (await deps.store.startup(trial.run)) ?? { seconds: null, services: [] },
    deadlineSeconds: startupDeadlineSeconds(plan.startup.targetSeconds),
    attempt,
    clock,
  });
  const measurements = up.seconds === null ? [] : [measured('startup.trial.duration', up.seconds, 'readiness')];
  const refusal = await clock.part('prepareTests', null, async () => {
    await prepareTrial(contextOf(deps, trial, lane, attempt.signal));
    return startTests(deps, trial, lane, attempt);
  });
  if (refusal === null) return { kind: 'running', reattached: false, measurements };
  // A full disk is not an outcome of the trial.
  const refused = new PacelineError(refusal);
  if ((await deps.disk.explain(refused)) !== refused) throw refused;
  return { kind: 'neverRan', record: infrastructureRecord(deps, trial, lane, refusal), measurements };
}

/** A program without work would end with 0 or wait forever, and neither is a test result. */
async function nothingToRun({ engine }: ActivityDeps, { scenario, workspace }: Trial): Promise<string | null> {
  if (scenario.command !== null) return null;
  const { service, model } = workspace.project;
  const own = ownCommandOf(model.services[service], await engine.inspectImage(testImageOf(workspace)));
  if (own.kind === 'command') return null;
  const why = own.kind === 'none' ? '' : `: \`${own.words.join(' ')}\` runs no tests`;
  return `The service \`${service}\` has no test command of its own${why}.`;
}

async function composeFile(deps: ActivityDeps, trial: Trial, lane: Lane, signal: AbortSignal) {
  const { project, tags, sourceDirectory } = trial.workspace;
  const mounted = project.isolation.sourceMounts.length > 0;
  const copies = mounted ? copiesFor(project, sourceDirectory, trial.sourceCopy) : [];
  for (const { from, to } of copies) await copyOf(from, to, signal);
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
    ...(mounted ? { sourceCopy: copies } : {}),
    ...(deps.endpoint.local ? { resultsMount: { host: results, container: RESULTS_MOUNT } } : {}),
    extraTestEnvironment: await testEnvironment(deps, trial, lane, signal),
  });
}

/** Each part of the source that a trial may write to, once: the project's folder, and what is mounted from around it. */
function copiesFor({ model, directory }: ResolvedProject, root: string, to: string): readonly MovedPath[] {
  const mounts = Object.values(model.services).flatMap(({ volumes = [] }) => volumes);
  const written = mounts.flatMap(({ type, source, read_only: readOnly }) =>
    type === 'bind' && source !== undefined && readOnly !== true && !isOutside(root, source) ? [source] : [],
  );
  const parts = [...new Set([directory, ...written])];
  return parts
    .filter((part) => !parts.some((other) => other !== part && !isOutside(other, part)))
    .map((from) => ({ from, to: join(to, relative(root, from)) }));
}

/** A mounted path may be a file, and need not be there: the engine makes a folder then. */
async function copyOf(from: string, to: string, signal: AbortSignal): Promise<void> {
  const found = await stat(from).catch(() => null);
  if (found?.isDirectory()) return copyTree(from, to, { signal });
  await mkdir(dirname(to), { recursive: true });
  if (found !== null) await addToCopy({ from: dirname(from), to: dirname(to) }, from, { signal });
}

/** What collectors need. Values that the image or the service set are extended, never replaced. */
async function testEnvironment(deps: ActivityDeps, trial: Trial, lane: Lane, signal: AbortSignal) {
  const { project } = trial.workspace;
  const service = project.model.services[project.service];
  const image = await deps.engine.inspectImage(testImageOf(trial.workspace));
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
async function startTests(deps: ActivityDeps, trial: Trial, lane: Lane, attempt: Attempt): Promise<Problem | null> {
  const { workspace, scenario, name, folder } = trial;
  const { project } = workspace;
  const called = await argumentsOf(deps, trial);
  const { args, entrypoint, note } = called;
  if (note !== null) await deps.store.addNotes(trial.run, [`${scenario.name}: ${note}`]);
  const file = join(folder, COMPOSE_FILE);
  const labels = labelsOf(deps, trial, lane);
  const command = composeRun({ project: name, file }, { name, service: project.service, args, labels, entrypoint });
  const argv = [deps.endpoint.cli, ...command] as const;
  const { signal } = attempt;
  const runOnce = async (): Promise<Networked<Problem | null>> => {
    const ended = await runDetached({ folder: trial.runCommand, argv, cwd: folder, env: trial.env, signal });
    const container = await deps.engine.inspectContainer(name);
    if (container !== null && container.state.startedAt !== null) {
      return { kind: 'done', value: await refusedByScript(deps, trial, container, called) };
    }
    const end = await commandEnd(deps, ended, trial.runCommand);
    if (end.kind === 'void') throw commandLost('The command that starts the tests', end);
    const said = container?.state.error ?? (await tailOf(end.stderrFile, STDERR_BYTES)).trim();
    if (networkRefusal(said) !== null) return { kind: 'refused', said };
    return { kind: 'done', value: notStarted(trial, end, said) };
  };
  const undo = async () => {
    // Without services, its networks are all that there is of the project.
    if (project.services.length === 0) await takeDownProject(deps, name, []);
    await setAside(trial.runCommand);
  };
  const request = { run: trial.run, project: name, model: project.model };
  return await withNetworks(deps, request, { attempt: runOnce, undo }, attempt);
}

/** The engine's own words for a program that is not in the image; its exit code is 127 (126: not executable). */
const NOT_FOUND = /executable file not found|no such file or directory|permission denied: unknown/i;

function notStarted({ scenario }: Trial, { exitCode, stderrFile }: Exited, said: string): Problem {
  const detail = said.split('\n').slice(-5).join('\n');
  const missing = pytestArguments(scenario.command) === null ? null : (scenario.command?.[0] ?? null);
  if (NOT_FOUND.test(said) && /exec|starting container process/i.test(said)) {
    return {
      type: 'CommandNotFound',
      what: `${missing === null ? 'The' : `The test image has no \`${missing}\`: the`} command of \`${scenario.name}\` was not found in the image (exit code 127).`,
      next:
        missing === null
          ? `Check the first word of \`${(scenario.command ?? []).join(' ') || "the service's command"}\`, and that the image has it.`
          : WITHOUT_PYTEST,
      detail,
    };
  }
  return {
    type: 'ComposeFailed',
    what: `The tests of \`${scenario.name}\` could not be started: ${wrongFormat(said) ?? (reasonIn(said) || `exit code ${exitCode}`)}.`,
    next: `Paceline ran \`docker compose run\` on a copy of the project; its full output is in ${stderrFile}.`,
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
