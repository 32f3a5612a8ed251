/** Runs the probe in a temporary container on the network of the services. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { pairs } from '../../docker/compose/compose-command.ts';
import { COMPOSE_LABELS, LABELS } from '../../docker/engine/labels.ts';
import { OWN_SESSION } from '../../docker/command/own-session.ts';
import type { EndedTrial, TrialContext } from '../trial-collector.ts';
import type { Target } from './targets.ts';
import { isMissing } from '../../docker/engine/log-words.ts';

const SCRIPT = new URL('./probe.py', import.meta.url);
/** Enough for a stable median, and little enough that 20 services take a few seconds. */
const CALLS = 20;
/** The probe's own limit. Together with the start of its container, it must end well before its caller gives up. */
const PROBE_SECONDS = 15;
const TIMEOUT_MS = 60_000;
const STATEMENTS = 10;
/** Only its standard library: nothing of the project runs in it. */
const ISOLATED = ['-I', '-S', '-'];
const PYTHONS = ['python', 'python3'] as const;

export type Python = (typeof PYTHONS)[number];

export type Probed =
  | { readonly kind: 'answered'; readonly stdout: string; readonly python: Python }
  | { readonly kind: 'none'; readonly reason: string };

/** What is done before the tests instead of timing anything; probe.py says what each is. */
export type Preparation = 'forget' | 'log';

/** In the test service's place: same image, networks, environment, user and lane as the tests. */
export async function probeFromTests(
  context: TrialContext,
  targets: readonly Target[],
  preparation: Preparation | null = null,
): Promise<Probed> {
  const input = await script(targets, preparation);
  for (const python of PYTHONS) {
    const { name, folder, project } = context;
    const file = join(folder, 'compose.json');
    const run = ['run', '--rm', '-T', '--no-deps', '--entrypoint', python];
    const args = ['compose', '-p', name, '-f', file, ...run, project.service, ...ISOLATED];
    const probed = await probe(context, args, python, input);
    if (probed !== 'noPython') return probed;
  }
  return { kind: 'none', reason: 'the test image has no Python interpreter' };
}

/** In the network namespace of a service, by the tests' image. */
export async function probeFrom(
  ended: EndedTrial,
  containerId: string,
  python: Python,
  targets: readonly Target[],
): Promise<Probed> {
  const { container, lane } = ended;
  // The clean-up of the trial finds the container by these labels.
  const labels = Object.fromEntries(
    Object.entries(container.labels).filter(([key]) => key === COMPOSE_LABELS.project || OUR_LABELS.has(key)),
  );
  const args = ['run', '--rm', '-i', '--pull', 'never', '--network', `container:${containerId}`];
  const cpus = lane.cpus.length === 0 ? [] : ['--cpuset-cpus', lane.cpus.join(',')];
  const image = [...cpus, '--entrypoint', python, container.imageId, ...ISOLATED];
  const input = await script(targets, null);
  const probed = await probe(ended, [...args, ...pairs('--label', labels), ...image], python, input);
  return probed === 'noPython' ? { kind: 'none', reason: 'the test image has no Python interpreter' } : probed;
}

const OUR_LABELS: ReadonlySet<string> = new Set(Object.values(LABELS));

async function probe(
  { endpoint, commandEnv, folder, signal }: TrialContext,
  args: readonly string[],
  python: Python,
  input: string,
): Promise<Probed | 'noPython'> {
  const { exitCode, stdout, stderr, timedOut, failed, cause } = await execa(endpoint.cli, args, {
    cwd: folder,
    env: commandEnv,
    extendEnv: false,
    reject: false,
    ...OWN_SESSION,
    // By stdin and never on a command line, because it contains the services' passwords.
    input,
    timeout: TIMEOUT_MS,
    cancelSignal: signal,
    maxBuffer: 16 * 1024 * 1024,
  });
  signal.throwIfAborted();
  if (timedOut) return { kind: 'none', reason: `the probe gave no answer within ${TIMEOUT_MS / 1000} s` };
  if (exitCode === 0) return { kind: 'answered', stdout, python };
  if (exitCode === undefined && failed) throw cause;
  // 126 and 127 are the engine's own; compose's `run` says 1 for a container that cannot be started.
  if (isMissing(python, stderr)) return 'noPython';
  const [last = `exit code ${exitCode}`] = stderr.trim().split('\n').slice(-1);
  return { kind: 'none', reason: `the probe failed: ${last}` };
}

async function script(targets: readonly Target[], preparation: Preparation | null): Promise<string> {
  const order = {
    calls: CALLS,
    seconds: PROBE_SECONDS,
    prepare: preparation,
    targets: targets.map(({ host, port, postgres }) => ({
      host,
      port,
      postgres: postgres === null ? null : { ...postgres, queries: STATEMENTS },
    })),
  };
  // Encoded as JSON twice: an ASCII JSON string is also a Python literal.
  const literal = JSON.stringify(JSON.stringify(order)).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${await readFile(SCRIPT, 'utf8')}\nmain(json.loads(${literal}))\n`;
}
