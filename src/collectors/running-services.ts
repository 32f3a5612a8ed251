/** The containers of a trial's services. */
import { COMPOSE_LABELS } from '../docker/engine/labels.ts';
import type { ServiceContainer, TrialContext } from './trial-collector.ts';

/** Every container of the services next to the tests, also ended ones; sorted by service and name. */
export async function serviceContainers({
  engine,
  name,
  project,
}: Pick<TrialContext, 'engine' | 'name' | 'project'>): Promise<readonly ServiceContainer[]> {
  const listed = await engine.listContainers({ [COMPOSE_LABELS.project]: name });
  const found = await Promise.all(
    listed.map(async ({ id, labels }) => ({
      service: labels[COMPOSE_LABELS.service] ?? '',
      container: await engine.inspectContainer(id),
    })),
  );
  return found
    .flatMap(({ service, container }) =>
      container !== null && project.services.includes(service) ? [{ service, container }] : [],
    )
    .sort((a, b) => a.service.localeCompare(b.service) || a.container.name.localeCompare(b.container.name));
}

/** One running container of each service. */
export function runningServices(services: readonly ServiceContainer[]): readonly ServiceContainer[] {
  const running = services.filter(({ container }) => container.state.status === 'running');
  return [...Map.groupBy(running, ({ service }) => service).values()].flatMap(([first]) => first ?? []);
}
