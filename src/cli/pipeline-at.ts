/** Whether there is anything to measure at a commit: said before a workflow is started. */
import { fileAt } from '../data/git/ref-facts.ts';
import { DEFAULT_COMPOSE_FILE } from '../docker/compose/find-compose-files.ts';
import { nothingToMeasure } from '../docker/project/nothing-to-measure.ts';
import { composeFilesOf, type Plan } from '../model/plan.ts';
import type { SourceSpec } from '../model/run.ts';

/**
 * Only a commit of a local repository is looked at. A compose file that the plan or COMPOSE_FILE names is left to the run:
 * it may be a link, or in a submodule.
 * @throws PacelineError WrongUsage if the commit has neither the usual compose file nor the Dockerfile
 */
export async function checkPipelineAt(
  source: SourceSpec,
  plan: Pick<Plan, 'compose' | 'dockerfile'>,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  if ('git' in source || source.ref === undefined || env['COMPOSE_FILE']) return;
  if (composeFilesOf(plan).join() !== DEFAULT_COMPOSE_FILE) return;
  const { path, ref } = source;
  const found = await Promise.all(
    [DEFAULT_COMPOSE_FILE, plan.dockerfile, '.env'].map((file) => fileAt(path, ref, file)),
  );
  const [compose, dockerfile, variables] = found;
  if (compose !== null || dockerfile !== null || variables?.includes('COMPOSE_FILE')) return;
  throw nothingToMeasure({ where: `${path} at ${ref}`, compose: DEFAULT_COMPOSE_FILE, dockerfile: plan.dockerfile });
}
