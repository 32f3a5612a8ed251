/** Brings services of a project up and waits until they can be used. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blame, untilReady } from '../../collectors/startup/readiness.ts';
import { startupSeconds } from '../../collectors/startup/startup-timeline.ts';
import { watchStartup } from '../../collectors/startup/startup-watch.ts';
import { composeUp } from '../../docker/compose/compose-command.ts';
import type { ComposeModel } from '../../docker/compose/compose-model.ts';
import { type Exited, runDetached, setAside, stopDetached } from '../../docker/command/detached.ts';
import { networkRefusal } from '../../docker/project/network-claims.ts';
import { STDERR_BYTES, tailOf } from '../../docker/files/tail.ts';
import { PacelineError } from '../../model/failure.ts';
import type { RunRef, ServiceStartup, StartupFacts } from '../../model/run.ts';
import type { Attempt } from './attempt.ts';
import { commandEnd, commandLost } from './command-end.ts';
import type { ActivityDeps } from './deps.ts';
import { type Networked, withNetworks } from './free-networks.ts';
import type { StageClock } from './stage-clock.ts';
import { takeDownProject } from './take-down.ts';
import { COMPOSE_FILE } from './workspace.ts';

export interface UpRequest {
  readonly run: RunRef;
  readonly project: string;
  readonly services: readonly string[];
  /** What depends on what, and which networks there are. */
  readonly model: ComposeModel;
  /** The compose file, as an object. */
  readonly file: unknown;
  /** Where the file goes. */
  readonly folder: string;
  /** Where the detached command lives, below the run's `commands`. */
  readonly commandFolder: string;
  /** The command's whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly deadlineSeconds: number;
  /** The result of the run's start-up; null if this is that start-up: only then is it measured when each service is ready. */
  readonly before: StartupFacts | null;
  readonly attempt: Pick<Attempt, 'signal' | 'beat'>;
  readonly clock: StageClock;
}

export interface UpResult {
  /** From the start of the command until the last service was ready; null without services. */
  readonly seconds: number | null;
  readonly services: readonly ServiceStartup[];
}

/** @returns the path of the compose file in the folder */
export async function writeComposeFile(folder: string, file: unknown): Promise<string> {
  const path = join(folder, COMPOSE_FILE);
  await writeFile(path, `${JSON.stringify(file, null, 2)}\n`);
  return path;
}

/**
 * Waits for networks that another run has; the time counts from the `up` that got them.
 *
 * @throws PacelineError ServiceUnhealthy | ImageUnavailable | NetworkTaken | ComposeFailed | CommandLost; the signal's reason
 */
export async function composeUpAndWait(deps: ActivityDeps, request: UpRequest): Promise<UpResult> {
  const { project, commandFolder, clock } = request;
  const file = await writeComposeFile(request.folder, request.file);
  if (request.services.length === 0) return { seconds: null, services: [] };
  const attempt = (): Promise<Networked<UpResult>> =>
    clock
      .part('startServices', null, () => upOnce(deps, request, file))
      .then(
        (value) => ({ kind: 'done', value }),
        (error: unknown) => {
          if (error instanceof NetworkRefusal) return { kind: 'refused', said: error.message };
          throw error;
        },
      );
  const undo = async () => {
    await takeDownProject(deps, project, [commandFolder]);
    await setAside(commandFolder);
  };
  return await withNetworks(deps, request, { attempt, undo }, request.attempt);
}

/** The engine's words where it refused to make a network. */
class NetworkRefusal extends Error {}

async function upOnce(deps: ActivityDeps, request: UpRequest, file: string): Promise<UpResult> {
  const { project, services, folder, commandFolder } = request;
  const { signal } = request.attempt;
  const stopLooking = new AbortController();
  let startedMs = performance.now();
  const elapsedSeconds = () => (performance.now() - startedMs) / 1000;
  const { local } = deps.endpoint;
  const watch = await watchStartup({
    engine: deps.engine,
    project,
    elapsedSeconds,
    local,
    runsHealthchecks: request.before === null,
    listenSeconds: listenSeconds(request),
  });
  startedMs = performance.now();
  const ready = untilReady({
    engine: deps.engine,
    project,
    services,
    model: request.model,
    elapsedSeconds,
    watch,
    deadlineSeconds: request.deadlineSeconds,
    signal: AbortSignal.any([signal, stopLooking.signal]),
  });
  ready.catch(() => {});
  const up = runDetached({
    folder: commandFolder,
    argv: [deps.endpoint.cli, ...composeUp({ project, file }, { services })],
    cwd: folder,
    env: request.env,
    signal,
  });
  try {
    // A service that dies or hangs shows before `up` has noticed; an `up` that is refused never makes one.
    await Promise.race([up.then((ended) => accept(deps, request, ended)), ready.then(() => up)]);
    const started = await ready;
    return { seconds: startupSeconds(started), services: started };
  } finally {
    stopLooking.abort(new Error('no longer waited for'));
    await watch.stop();
    // An aborted attempt leaves the containers: the clean-up removes them with the rest of the project.
    if (!signal.aborted) await stopDetached(commandFolder);
    await up.catch(() => {});
  }
}

/** A service that listens on nothing is given this long, once a run. */
const FIND_OUT_SECONDS = 10;
/** Next to tests that limit its CPUs, a service may take longer than it did alone. */
const KNOWN_SECONDS = 30;

/**
 * The run's own start-up finds out which services listen although they declare no port; later ones wait for these alone.
 */
function listenSeconds({ before }: UpRequest): (service: string) => number {
  const listening = before?.services.flatMap(({ service, state }) => (state === 'ready' ? [service] : []));
  return (service) => (listening === undefined ? FIND_OUT_SECONDS : listening.includes(service) ? KNOWN_SECONDS : 0);
}

type Ended = Awaited<ReturnType<typeof runDetached>>;

async function accept(
  deps: ActivityDeps,
  { project, services, commandFolder }: UpRequest,
  ended: Ended,
): Promise<void> {
  const end = await commandEnd(deps, ended, commandFolder);
  if (end.kind === 'void') throw commandLost('`compose up`', end);
  if (end.exitCode === 0) return;
  const stderr = await tailOf(end.stderrFile, STDERR_BYTES);
  if (networkRefusal(stderr) !== null) throw new NetworkRefusal(stderr);
  throw (await blame({ engine: deps.engine, project, services })) ?? refused(stderr, end);
}

function refused(stderr: string, { exitCode, stderrFile }: Exited): PacelineError {
  const detail = stderr.trim().split('\n').slice(-8).join('\n');
  const image = /No such image: (\S+)|pull access denied for (\S+)|unable to get image '([^']+)'/.exec(stderr);
  if (image !== null) {
    const name = image[1] ?? image[2] ?? image[3];
    return new PacelineError({
      type: 'ImageUnavailable',
      what: `The image ${name} does not exist on this host.`,
      next: `Check its name and the network, or run \`docker pull ${name}\`.`,
      detail,
    });
  }
  return new PacelineError({
    type: 'ComposeFailed',
    what: `\`docker compose up\` ended with exit code ${exitCode}${reasonIn(stderr)}.`,
    next: `Paceline ran it on a copy of the project; its full output is in ${stderrFile}.`,
    detail,
  });
}

/** Compose tells its progress first, and the error last. */
function reasonIn(stderr: string): string {
  const last = /^Error response from daemon: (.*)$/.exec(stderr.trim().split('\n').at(-1) ?? '')?.[1];
  return last === undefined ? '' : `: ${last.replace(/\.$/, '')}`;
}
