/** What a run needs of the machine, asked before anything is started. */
import { execa } from 'execa';
import { freeBytes } from '../data/disk.ts';
import { type Endpoint, resolveEndpoint } from '../docker/endpoint.ts';
import { loadProject } from '../docker/project.ts';
import { PacelineError } from '../model/failure.ts';
import type { Plan } from '../model/plan.ts';
import { setUpHints } from '../set-up-hints.ts';

/** Copies of the source, logs and the store need little; a build that fills the disk is the engine's to fail. */
const MINIMUM_FREE_BYTES = 1_000_000_000;

/** @throws PacelineError DiskFull when the data directory's disk is nearly full */
export async function checkDisk(dataDirectory: string): Promise<void> {
  const free = await freeBytes(dataDirectory);
  if (free >= MINIMUM_FREE_BYTES) return;
  throw new PacelineError({
    type: 'DiskFull',
    what: `The disk of ${dataDirectory} has only ${Math.floor(free / 1e6)} MB left, and a run needs ${MINIMUM_FREE_BYTES / 1e9} GB.`,
    next: 'Free some space (`docker system df` shows what Docker uses), or name a folder on another disk with --data-dir.',
  });
}

/**
 * The engine answers, compose and buildx are there, and compose accepts the project.
 * @param project null where its files are not here yet, or not as they are at the commit
 * @throws PacelineError EngineUnavailable, EngineUnfit, WrongUsage, ComposeFailed
 */
export async function checkEngine(
  env: NodeJS.ProcessEnv,
  project: { readonly directory: string; readonly plan: Plan } | null,
): Promise<void> {
  const { docker } = setUpHints(env);
  const endpoint = await resolveEndpoint({ env, ...(docker === null ? {} : { dockerBinary: docker }) });
  if (project === null) return;
  const { compose, dockerfile, service } = project.plan;
  await loadProject({ directory: project.directory, compose, dockerfile, service, run: dockerRunner(endpoint, env) });
}

/** The project's `${VARIABLES}` come from the user's environment; which engine is meant does not. */
function dockerRunner(endpoint: Endpoint, env: NodeJS.ProcessEnv) {
  return async (argv: readonly string[], cwd: string) => {
    const options = { cwd, env: { ...env, ...endpoint.env }, extendEnv: false, reject: false } as const;
    const { exitCode, stdout, stderr } = await execa(endpoint.cli, argv, options);
    return { exitCode: exitCode ?? 1, stdout, stderr };
  };
}
