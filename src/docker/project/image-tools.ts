/**
 * Finds out what Python and pytest the tests' image has. It starts containers without a network, which are removed at
 * once.
 */
import { commandText } from '../../plan/command-text.ts';
import { readFile } from 'node:fs/promises';
import type { ImageTools } from '../../plan/fit-scenarios.ts';
import type { PytestPackage } from '../../model/plan.ts';
import { composeFileFor } from './trial-compose-file.ts';
import type { ComposeModel, ComposeService } from '../compose/compose-model.ts';
import type { ResolvedProject } from './project.ts';
import type { DockerOutput } from '../command/run-docker.ts';
import { testArguments } from './test-command.ts';
import { isMissing } from '../engine/log-words.ts';

export type AskedTools =
  | { readonly kind: 'seen'; readonly tools: ImageTools }
  /** The image could not be asked; half a sentence. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** Starting the container is most of it; a busy machine takes several times as long. */
const TIMEOUT_MS = 30_000;
/** A script of the image may wait for services, which do not run here. */
const ENTRYPOINT_TIMEOUT_MS = 10_000;
/** Prints pytest's version and its plugins. */
const PLUGINS = ['python', '-m', 'pytest', '--noconftest', '-p', 'no:cacheprovider', '--version', '--version'];
const SCRIPT = new URL('./image-tools.py', import.meta.url);
const MARK = 'paceline-image-tools: ';
const PACKAGES: readonly PytestPackage[] = ['pytest', 'pytest-xdist', 'pytest-cov'];

export interface AskOptions {
  /** `docker compose -p … -f …` with these arguments. */
  readonly compose: (
    args: readonly string[],
    options: { readonly input?: string; readonly timeoutMs: number },
  ) => Promise<DockerOutput>;
  readonly service: string;
  /** Of the service, else of its image. */
  readonly entrypoint: readonly string[] | null;
  /** Which markers matter. */
  readonly markers: readonly string[];
}

/**
 * First Python itself, past the ENTRYPOINT. Only where something is missing there, and through the ENTRYPOINT, as the
 * tests come to run: it may choose another Python, say that of `poetry run`.
 */
export async function askImage(options: AskOptions): Promise<AskedTools> {
  const direct = await askPython(options);
  const complete = direct.kind === 'seen' && PACKAGES.every((name) => direct.tools.packages[name] === 'loaded');
  if (complete || !mayChoosePython(options, direct)) return direct;
  const through = await askThroughEntrypoint(options);
  if (through === null) return direct;
  return { kind: 'seen', tools: { ...NOTHING, ...(direct.kind === 'seen' ? direct.tools : {}), ...through } };
}

/** In an image without Python, the ENTRYPOINT is another program, which may be the tests themselves. */
function mayChoosePython({ entrypoint }: AskOptions, direct: AskedTools): boolean {
  if ((entrypoint ?? []).length === 0) return false;
  const hasPython = direct.kind === 'unknown' || direct.tools.python;
  return hasPython || testArguments({ entrypoint, command: PLUGINS }).note !== null;
}

const NOTHING: ImageTools = {
  python: false,
  packages: { pytest: 'absent', 'pytest-xdist': 'absent', 'pytest-cov': 'absent' },
  unregisteredMarkers: [],
};

async function askPython({ compose, service, markers }: AskOptions): Promise<AskedTools> {
  const input = `${await readFile(SCRIPT, 'utf8')}\nmain(${JSON.stringify(markers)})\n`;
  const args = ['run', '--rm', '-T', '--no-deps', '--entrypoint', 'python', service, '-B', '-'];
  const { exitCode, stdout, stderr } = await compose(args, { input, timeoutMs: TIMEOUT_MS });
  const line = stdout.split('\n').find((each) => each.startsWith(MARK));
  if (line !== undefined) return { kind: 'seen', tools: toolsOf(JSON.parse(line.slice(MARK.length)) as Answer) };
  if (isMissing('python', stderr)) return { kind: 'seen', tools: NOTHING };
  const said = stderr.trim().split('\n').at(-1) ?? '';
  return { kind: 'unknown', reason: said === '' ? `exit code ${exitCode}` : said.slice(0, 200) };
}

/** What image-tools.py prints. */
export interface Answer {
  readonly installed: readonly string[];
  /** The plugins whose options pytest knows; null if pytest did not get as far as listing them. */
  readonly loaded: readonly string[] | null;
  readonly unregistered: readonly string[];
}

export function toolsOf({ installed, loaded, unregistered }: Answer): ImageTools {
  const state = (name: PytestPackage) => {
    if (!installed.includes(name)) return 'absent';
    return name === 'pytest' || loaded === null || loaded.includes(name) ? 'loaded' : 'installed';
  };
  return {
    python: true,
    packages: {
      pytest: state('pytest'),
      'pytest-xdist': state('pytest-xdist'),
      'pytest-cov': state('pytest-cov'),
    },
    unregisteredMarkers: unregistered,
  };
}

/** pytest's own list of its plugins. @returns null if it gave none */
async function askThroughEntrypoint({
  compose,
  service,
  entrypoint,
}: AskOptions): Promise<Pick<ImageTools, 'python' | 'packages'> | null> {
  const { args, entrypoint: instead } = testArguments({ entrypoint, command: PLUGINS });
  const run = ['run', '--rm', '-T', '--no-deps', ...(instead === null ? [] : ['--entrypoint', commandText(instead)])];
  const { exitCode, stdout, stderr } = await compose([...run, service, ...args], { timeoutMs: ENTRYPOINT_TIMEOUT_MS });
  return exitCode === 0 ? pluginsIn(`${stdout}\n${stderr}`) : null;
}

/** pytest before 7 prints it on stderr. */
export function pluginsIn(output: string): Pick<ImageTools, 'python' | 'packages'> | null {
  if (!/\bpytest (?:version )?\d+\./.test(output)) return null;
  const has = (name: string) => (new RegExp(`^\\s*${name}-\\d`, 'm').test(output) ? 'loaded' : 'absent');
  return {
    python: true,
    packages: { pytest: 'loaded', 'pytest-xdist': has('pytest-xdist'), 'pytest-cov': has('pytest-cov') },
  };
}

/** The compose file of these containers: only the test service, as the tests run it, but without a network. */
export function askingFile(
  project: ResolvedProject,
  options: Pick<Parameters<typeof composeFileFor>[1], 'tags' | 'labels' | 'cpuset'>,
): ComposeModel {
  const { networks: _, ...file } = composeFileFor(project, { ...options, only: [project.service] });
  const service = file.services[project.service] ?? {};
  return { ...file, services: { [project.service]: alone(service) } };
}

/** Without settings that need another container or a network. */
function alone(service: ComposeService): ComposeService {
  const {
    networks: _networks,
    depends_on: _dependencies,
    links: _links,
    external_links: _external,
    volumes_from: _volumes,
    ipc: _ipc,
    pid: _pid,
    mac_address: _mac,
    extra_hosts: _hosts,
    expose: _expose,
    ...kept
  } = service;
  return { ...kept, network_mode: 'none' };
}
