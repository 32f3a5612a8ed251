/** Which services of a compose project a benchmark starts. */
import { closest } from 'fastest-levenshtein';
import { wrongUsage } from '../../model/failure.ts';
import type { ComposeModel, ComposeService } from './compose-model.ts';

/** The name of the test service in the original plan, and the default. */
const DEFAULT_TEST_SERVICE = 'test';

/**
 * The service whose container runs the tests.
 * @param wanted the value of `--service` or `service:`; null takes `test`
 * @throws PacelineError WrongUsage if there is no such service, or if it is unclear which one it is
 */
export function findTestService(model: ComposeModel, composeFile: string, wanted: string | null): string {
  const names = Object.keys(model.services).sort();
  if (names.length === 0) {
    throw wrongUsage(`${composeFile} has no services.`, 'Add the service that runs the tests, with a `build`.');
  }
  const name = wanted ?? DEFAULT_TEST_SERVICE;
  if (Object.hasOwn(model.services, name)) return name;
  if (wanted === null) {
    throw wrongUsage(
      `${composeFile} has no service \`${DEFAULT_TEST_SERVICE}\`, so it is not clear which service runs the tests. It has: ${names.join(', ')}.`,
      'Name that service with `--service NAME`, or with `service: NAME` in paceline.yml.',
    );
  }
  throw wrongUsage(
    `${composeFile} has no service \`${name}\`. It has: ${names.join(', ')}.`,
    `Did you mean \`${closest(name, names)}\`?`,
  );
}

export interface ServicesBeside {
  /** In compose's order, which is by name. */
  readonly services: readonly string[];
  /** What is left out and why, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * The services that run next to the tests: those that a plain `up -d` starts, and those that the test service needs.
 * The test service itself is not one of them. A service that waits for the test service is left out too, because
 * starting it would start the tests.
 * @param startedByUp the output of `config --services` without further profiles
 */
export function servicesBeside(model: ComposeModel, test: string, startedByUp: readonly string[]): ServicesBeside {
  const all = closure(model, [...startedByUp, ...needs(model.services[test])]);
  const waiting = [...all].filter((name) => name !== test && closure(model, [name]).has(test));
  const services = Object.keys(model.services).filter(
    (name) => all.has(name) && name !== test && !waiting.includes(name) && replicas(model.services[name]) > 0,
  );
  return {
    services,
    notes: waiting.map((name) => `\`${name}\` is left out: it needs \`${test}\`, so starting it would run the tests.`),
  };
}

/** @returns the services that `service` cannot run without, one step deep */
export function needs(service: ComposeService | undefined): readonly string[] {
  if (service === undefined) return [];
  const dependencies = Object.entries(service.depends_on ?? {})
    .filter(([, dependency]) => dependency.required !== false)
    .map(([name]) => name);
  const links = (service.links ?? []).map((link) => link.split(':')[0] ?? link);
  const volumes = (service.volumes_from ?? [])
    .filter((from) => !from.startsWith('container:'))
    .map((from) => from.split(':')[0] ?? from);
  const namespaces = [service.network_mode, service.ipc, service.pid]
    .filter((mode) => mode?.startsWith('service:') === true)
    .map((mode) => mode?.slice('service:'.length) ?? '');
  return [...new Set([...dependencies, ...links, ...volumes, ...namespaces])];
}

function closure(model: ComposeModel, names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name) || !Object.hasOwn(model.services, name)) continue;
    found.add(name);
    open.push(...needs(model.services[name]));
  }
  return found;
}

function replicas(service: ComposeService | undefined): number {
  return service?.scale ?? service?.deploy?.replicas ?? 1;
}
