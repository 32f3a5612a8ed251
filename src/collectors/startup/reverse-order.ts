import type { ComposeModel } from '../../docker/compose/compose-model.ts';

/**
 * Does `work` for each service as soon as it is done for all services that depend on it, as `docker compose down` does.
 * Compose refuses a project whose dependencies go in a circle.
 * @throws what the work throws first
 */
export async function inReverseOrder(
  services: readonly string[],
  { services: known }: Pick<ComposeModel, 'services'>,
  work: (service: string) => Promise<void>,
): Promise<void> {
  const done = new Map<string, Promise<void>>();
  const dependents = (service: string) =>
    services.filter((other) => other !== service && known[other]?.depends_on?.[service] !== undefined);
  const doneWith = (service: string): Promise<void> => {
    const begun = done.get(service);
    if (begun !== undefined) return begun;
    const promise = Promise.all(dependents(service).map(doneWith)).then(() => work(service));
    done.set(service, promise);
    return promise;
  };
  await Promise.all(services.map(doneWith));
}
