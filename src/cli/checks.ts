/** Checks of the machine before a run starts. */
import { judgeDisk } from '../checks/capacity.ts';
import { freeBytes } from '../data/disk.ts';
import { withHarmlessGit } from '../data/git/git-of-others.ts';
import { resolveEndpoint } from '../docker/command/endpoint.ts';
import { projectEnvironment } from '../docker/command/project-environment.ts';
import { loadProject } from '../docker/project/project.ts';
import type { RunDocker } from '../docker/command/docker-runner.ts';
import { runDocker } from '../docker/command/run-docker.ts';
import { PacelineError } from '../model/failure.ts';
import type { Plan } from '../model/plan.ts';
import type { FolderSource, SourceSpec } from '../model/run.ts';
import { checkPipelineAt } from './pipeline-at.ts';
import { setUpHints } from '../set-up-hints.ts';

/** @throws PacelineError DiskFull when the data directory's disk is nearly full */
export async function checkDisk(dataDirectory: string): Promise<void> {
  const { state, what, next } = judgeDisk(dataDirectory, await freeBytes(dataDirectory));
  if (state !== 'missing') return;
  throw new PacelineError({ type: 'DiskFull', what: `The disk is nearly full: ${what}.`, next: next ?? '' });
}

/**
 * What can be checked of a project before anything is started: there is something to measure, and compose accepts it.
 * @param plan null if it is not known here
 * @throws PacelineError of checkPipelineAt and checkEngine
 */
export async function checkProject(env: NodeJS.ProcessEnv, source: SourceSpec, plan: Plan | null): Promise<void> {
  if (plan !== null) await checkPipelineAt(source, plan, env);
  await checkEngine(env, filesAreHere(source) && plan !== null ? { directory: source.path, plan } : null);
}

/** A commit is checked out only later, so only a directory that is measured as it is can be checked now. */
export function filesAreHere(source: SourceSpec): source is FolderSource {
  return !('git' in source) && source.ref === undefined;
}

/**
 * Checks that the engine answers, that compose and buildx are installed, and that compose accepts the project.
 * @param project null if its files are not on this machine yet, or are not those of the commit
 * @throws PacelineError EngineUnavailable, EngineUnfit, WrongUsage, ComposeFailed
 */
export async function checkEngine(
  env: NodeJS.ProcessEnv,
  project: { readonly directory: string; readonly plan: Plan } | null,
): Promise<void> {
  const { docker } = setUpHints(env);
  const endpoint = await resolveEndpoint({ env, ...(docker === null ? {} : { dockerBinary: docker }) });
  if (project === null) return;
  const { directory, plan } = project;
  const { compose, dockerfile, service } = plan;
  const commandEnv = { ...(await withHarmlessGit(projectEnvironment(env))), ...endpoint.env };
  const run: RunDocker = (args, cwd, input) =>
    runDocker(endpoint, args, { cwd, env: commandEnv, ...(input === undefined ? {} : { input }) });
  await loadProject({ directory, compose, dockerfile, service, run });
}
