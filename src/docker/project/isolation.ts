/** What prevents two trials of a project from running at the same time, or a trial from being isolated. */
import type { ComposeModel, ComposeMount, ComposeService } from '../compose/compose-model.ts';
import { parentOf } from './network-claims.ts';
import { isOutside } from '../compose/project-paths.ts';

export interface Isolation {
  /** Why the project runs in one lane, one sentence each; empty if trials may run at the same time. */
  readonly oneLane: readonly string[];
  /** What is changed for the benchmark, or shared between trials without harm; one sentence each. */
  readonly notes: readonly string[];
  /** The services that mount a part of the project's folder writably: each trial needs a copy of its own. */
  readonly sourceMounts: readonly string[];
}

/**
 * @param model the services that a run starts, with real paths
 * @param directory the project's folder (the copy)
 */
export function isolationOf(model: ComposeModel, directory: string): Isolation {
  const services = Object.entries(model.services);
  return {
    oneLane: [
      ...services.flatMap(([name, service]) => sharedNamespaces(name, service)),
      ...services.flatMap(([name, service]) => fixedAddresses(name, service)),
      ...services.flatMap(([name, service]) => sharedFolders(name, service, directory)),
      ...sharedNetworks(model),
      ...sharedVolumes(model),
    ],
    notes: [
      ...services.flatMap(([name, service]) => resetNames(name, service)),
      ...services.flatMap(([name, service]) => hiddenCopies(name, service)),
      ...dockerSockets(services),
    ],
    sourceMounts: services
      .filter(([, service]) => binds(service).some((mount) => isSourceMount(mount, directory)))
      .map(([name]) => name),
  };
}

function sharedNamespaces(name: string, service: ComposeService): readonly string[] {
  const modes = { network_mode: service.network_mode, pid: service.pid, ipc: service.ipc };
  const ofHost = Object.entries(modes).flatMap(([key, mode]) =>
    mode === 'host' ? [`\`${name}\` uses the host's own namespace (\`${key}: host\`), which all trials share.`] : [],
  );
  const ofOthers = [
    ...Object.values(modes).filter((mode) => mode?.startsWith('container:') === true),
    ...(service.volumes_from ?? []).filter((from) => from.startsWith('container:')),
    ...(service.external_links ?? []),
  ].map((other) => `\`${name}\` uses a container outside the project (\`${other}\`), which all trials share.`);
  return [...ofHost, ...ofOthers];
}

function fixedAddresses(name: string, service: ComposeService): readonly string[] {
  return Object.entries(service.networks ?? {}).flatMap(([network, attachment]) => {
    const address = attachment?.ipv4_address ?? attachment?.ipv6_address;
    return address === undefined ? [] : [`\`${name}\` has the fixed address ${address} in the network \`${network}\`.`];
  });
}

function sharedFolders(name: string, service: ComposeService, directory: string): readonly string[] {
  return binds(service)
    .filter(({ source = '', read_only: readOnly }) => readOnly !== true && isOutside(directory, source))
    .filter(({ source = '' }) => !isDockerSocket(source))
    .map(({ source }) => `\`${name}\` may write to ${source}, which is outside the project and shared by all trials.`);
}

function sharedNetworks(model: ComposeModel): readonly string[] {
  return Object.entries(model.networks ?? {}).flatMap(([name, network]) => {
    if (network?.external === true)
      return [`The network \`${network.name ?? name}\` is external, so all trials share it.`];
    const parent = parentOf(network?.driver, network?.driver_opts);
    if (parent !== null)
      return [`The network \`${name}\` is on the host's interface ${parent}, which all trials share.`];
    const subnets = (network?.ipam?.config ?? []).flatMap(({ subnet }) => (subnet === undefined ? [] : [subnet]));
    return subnets.length === 0 ? [] : [`The network \`${name}\` has the fixed subnet ${subnets.join(', ')}.`];
  });
}

function sharedVolumes(model: ComposeModel): readonly string[] {
  return Object.entries(model.volumes ?? {}).flatMap(([name, volume]) => {
    if (volume?.external === true)
      return [`The volume \`${volume.name ?? name}\` is external, so all trials share it.`];
    const device = volume?.driver_opts?.['device'];
    return device?.startsWith('/') === true
      ? [`The volume \`${name}\` is the folder ${device}, which all trials share.`]
      : [];
  });
}

function resetNames(name: string, service: ComposeService): readonly string[] {
  const fixed = service.container_name;
  return fixed === undefined
    ? []
    : [
        `The container name \`${fixed}\` of \`${name}\` became an alias in its networks, so that trials do not collide.`,
      ];
}

/** Then a build says nothing about the tests, and a changed source needs no build. */
function hiddenCopies(name: string, service: ComposeService): readonly string[] {
  const context = service.build?.context;
  return binds(service)
    .filter(({ source }) => source !== undefined && source === context)
    .map(
      ({ target }) =>
        `\`${name}\` mounts its build context over ${target}: it runs on the mounted files, not on those built into its image.`,
    );
}

function dockerSockets(services: readonly (readonly [string, ComposeService])[]): readonly string[] {
  return services
    .filter(([, service]) => binds(service).some(({ source = '' }) => isDockerSocket(source)))
    .map(
      ([name]) =>
        `\`${name}\` mounts the engine's socket: containers that it makes itself are neither measured nor removed.`,
    );
}

function binds(service: ComposeService): readonly ComposeMount[] {
  return (service.volumes ?? []).filter((mount) => mount.type === 'bind');
}

function isSourceMount(mount: ComposeMount, directory: string): boolean {
  return mount.read_only !== true && mount.source !== undefined && !isOutside(directory, mount.source);
}

function isDockerSocket(path: string): boolean {
  return path.endsWith('/docker.sock');
}
