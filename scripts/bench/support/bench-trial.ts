/** Trials for benchmarks: one container each, watched by the collectors of real trials or by none. */
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { openCgroupParents } from '../../../src/collectors/cgroup/parents.ts';
import { RESULTS_MOUNT, type TrialContext } from '../../../src/collectors/trial-collector.ts';
import { createEngine } from '../../../src/docker/engine/dockerode-engine.ts';
import type { ResolvedProject } from '../../../src/docker/project/project.ts';
import { localEndpoint } from '../../../test/support/local-engine.ts';

export const IMAGE = 'paceline/stand-in-python:3.11';
/** The label of everything made here. */
const LABEL = 'paceline.bench';

export type Bench = Awaited<ReturnType<typeof openBench>>;

export async function openBench() {
  const owner = `bench-${randomUUID().slice(0, 8)}`;
  const endpoint = await localEndpoint();
  const engine = createEngine(endpoint);
  const cgroups = await openCgroupParents({ instance: owner, info: await engine.info(), local: endpoint.local });
  const root = await mkdtemp(join(tmpdir(), 'paceline-bench-'));
  const { signal } = new AbortController();
  const docker = async (...args: readonly string[]) =>
    (await execa(endpoint.cli, args, { env: endpoint.env, extendEnv: false })).stdout;
  let count = 0;

  /** What collectors get for one trial. */
  async function contextOf(image: string, lane: readonly number[]): Promise<TrialContext> {
    count += 1;
    const name = `paceline-${owner}-${count}`;
    const folder = join(root, String(count));
    const resultsFolder = join(folder, 'results');
    await mkdir(resultsFolder, { recursive: true });
    await chmod(resultsFolder, 0o777);
    const of = { runId: owner, name };
    return {
      engine,
      endpoint,
      commandEnv: endpoint.env,
      project: projectOf(image, folder),
      name,
      folder,
      resultsFolder,
      lane: { cpus: lane, memoryBytes: null },
      hostCores: cpus().length,
      cgroup: cgroups.notAvailable === null ? { place: cgroups.placeOf(of) } : { notAvailable: cgroups.notAvailable },
      representative: false,
      untimed: false,
      signal,
    };
  }

  /** Started as compose starts the tests: in the lane, in the trial's control group, with its labels. */
  async function start(context: TrialContext, argv: readonly string[], environment: Readonly<Record<string, string>>) {
    const { name, lane, resultsFolder, project } = context;
    const labels = [`${LABEL}=${owner}`, `com.docker.compose.project=${name}`, 'com.docker.compose.service=test'];
    const group = 'place' in context.cgroup ? ['--cgroup-parent', cgroups.pathOf({ runId: owner, name })] : [];
    await docker(
      'run',
      '-d',
      '--name',
      name,
      '--cpuset-cpus',
      lane.cpus.join(','),
      ...group,
      ...labels.flatMap((label) => ['--label', label]),
      ...Object.entries(environment).flatMap(([key, value]) => ['-e', `${key}=${value}`]),
      '-v',
      `${resultsFolder}:${RESULTS_MOUNT}`,
      project.images[0]!.image,
      ...argv,
    );
  }

  return {
    engine,
    docker,
    contextOf,
    start,
    /** Starts a disturbance next to a trial. It ends even if this process is killed. @returns a function that ends it */
    plant: async (flags: readonly string[], argv: readonly string[]) => {
      const id = await docker('run', '-d', '--label', `${LABEL}=${owner}`, ...flags, IMAGE, 'timeout', '60', ...argv);
      return async () => await engine.removeContainer(id.trim());
    },
    remove: async ({ name }: TrialContext) => {
      await engine.removeContainer(name);
      await cgroups.remove({ runId: owner, name });
    },
    close: async () => {
      const left = await engine.listByLabels({ [LABEL]: owner });
      await Promise.all(left.containers.map(({ id }) => engine.removeContainer(id)));
      await cgroups.remove({ runId: owner });
      await rm(root, { recursive: true, force: true });
    },
  };
}

function projectOf(image: string, directory: string): ResolvedProject {
  return {
    directory,
    composeFiles: [],
    variables: null,
    service: 'test',
    services: [],
    model: { services: { test: { image } } },
    builds: [],
    images: [{ service: 'test', image }],
    isolation: { oneLane: [], notes: [], sourceMounts: [] },
    notes: [],
  };
}
