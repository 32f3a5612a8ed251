/** Which engine is measured, resolved once and given to the CLI and to dockerode alike, so that both talk to the same one. */
import { hostname, release } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { PacelineError } from '../../model/failure.ts';
import { dockerCandidates, type EngineSummary, findDockerCli } from './docker-cli.ts';
import { OWN_SESSION } from './own-session.ts';

export interface Endpoint {
  /** The docker binary that has compose and buildx. */
  readonly cli: string;
  /** The whole environment of every docker command. Nothing else may choose another engine or builder. */
  readonly env: Readonly<Record<string, string>>;
  /** As in DOCKER_HOST: `unix:///var/run/docker.sock`, `tcp://…`, `ssh://…`. */
  readonly host: string;
  /** If the endpoint uses TLS: the folder with ca.pem, cert.pem and key.pem. */
  readonly tls: { readonly directory: string; readonly verify: boolean } | null;
  /** Engine and worker are one machine: only then may /proc, cgroup files and container addresses be read directly. */
  readonly local: boolean;
  readonly versions: { readonly cli: string; readonly compose: string; readonly buildx: string };
}

/**
 * The variables that the CLI needs. DOCKER_CONTEXT and BUILDX_BUILDER are left out on purpose: the context becomes
 * DOCKER_HOST, and a builder of another driver would keep the built image to itself.
 */
const PASSED_ON =
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_ALL|TMPDIR|TEMP|TMP|SYSTEMROOT|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES|XDG_[A-Z_]+|SSH_AUTH_SOCK|SSL_CERT_FILE|SSL_CERT_DIR|DOCKER_CONFIG|DOCKER_API_VERSION|(HTTP|HTTPS|NO|ALL|FTP)_PROXY)$/i;

/**
 * Resolves the engine as the docker CLI itself would: DOCKER_HOST, DOCKER_CONTEXT, the current context, the default socket.
 *
 * @param options.dockerBinary the docker that set-up found; tried before those on PATH
 * @throws PacelineError EngineUnavailable, EngineUnfit
 */
export async function resolveEndpoint(options: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dockerBinary?: string;
}): Promise<Endpoint> {
  const inherited = definedOnly(options.env);
  const candidates = await dockerCandidates(inherited, options.dockerBinary);
  const target = await currentTarget(candidates, inherited);
  const env = environmentFor(target, inherited);
  const cli = await findDockerCli(candidates, env);
  if (cli.engine === null) throw unavailable(target.host, cli.engineErrors);
  return {
    cli: cli.path,
    env,
    host: target.host,
    tls: target.tls,
    local: isLocal(target.host, cli.engine, { hostname: hostname(), kernel: release() }),
    versions: cli.versions,
  };
}

/**
 * A socket does not prove that the engine is local: Docker Desktop forwards one from its virtual machine, and a
 * container may have one mounted. So name and kernel must be the same as well.
 */
export function isLocal(
  host: string,
  engine: EngineSummary,
  here: { readonly hostname: string; readonly kernel: string },
): boolean {
  return (
    host.startsWith('unix://') &&
    engine.name === here.hostname &&
    engine.kernel === here.kernel &&
    !/docker desktop/i.test(engine.operatingSystem)
  );
}

interface Target {
  readonly host: string;
  readonly tls: Endpoint['tls'];
}

/** @returns the whole environment for docker commands against `target` */
export function environmentFor(
  target: Target,
  inherited: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const kept = Object.fromEntries(Object.entries(inherited).filter(([name]) => PASSED_ON.test(name)));
  return {
    ...kept,
    DOCKER_HOST: target.host,
    // Always the endpoint's own builder: only it loads the images that it builds into the engine.
    BUILDX_BUILDER: 'default',
    ...(target.tls === null
      ? {}
      : {
          DOCKER_CERT_PATH: target.tls.directory,
          ...(target.tls.verify ? { DOCKER_TLS_VERIFY: '1' } : { DOCKER_TLS: '1' }),
        }),
  };
}

/** What `docker context inspect` prints of the current context; for `default` it has DOCKER_HOST or the default socket. */
interface ContextInspect {
  readonly Endpoints: { readonly docker?: { readonly Host?: string; readonly SkipTLSVerify?: boolean } };
  readonly TLSMaterial: { readonly docker?: readonly string[] };
  readonly Storage: { readonly TLSPath?: string };
}

/** From the first docker that can report it: contexts are the same files for all. */
async function currentTarget(candidates: readonly string[], env: Readonly<Record<string, string>>): Promise<Target> {
  const messages: string[] = [];
  for (const docker of candidates) {
    const options = { env, extendEnv: false, reject: false, timeout: 15_000, ...OWN_SESSION } as const;
    const { failed, stdout, stderr } = await execa(docker, ['context', 'inspect'], options);
    const context = failed ? null : currentContext(stdout);
    if (context !== null) return targetOf(context, env);
    messages.push(failed ? stderr.trim() : `no context in the answer of ${docker}`);
  }
  const [message] = messages;
  if (message === undefined) return { host: env['DOCKER_HOST'] ?? DEFAULT_HOST, tls: null };
  throw unavailable(env['DOCKER_HOST'] ?? env['DOCKER_CONTEXT'] ?? 'the current context', [message]);
}

/** @returns null if the text is not output of `docker context inspect` */
export function currentContext(text: string): ContextInspect | null {
  try {
    const [context] = JSON.parse(text) as readonly Partial<ContextInspect>[];
    if (context === undefined) return null;
    return {
      Endpoints: context.Endpoints ?? {},
      TLSMaterial: context.TLSMaterial ?? {},
      Storage: context.Storage ?? {},
    };
  } catch {
    return null;
  }
}

const DEFAULT_HOST = 'unix:///var/run/docker.sock';

function targetOf(context: ContextInspect, env: Readonly<Record<string, string>>): Target {
  return { host: context.Endpoints.docker?.Host ?? DEFAULT_HOST, tls: tlsOf(context, env) };
}

function tlsOf(context: ContextInspect, env: Readonly<Record<string, string>>): Endpoint['tls'] {
  if ((context.TLSMaterial.docker?.length ?? 0) > 0 && context.Storage.TLSPath !== undefined) {
    return {
      directory: join(context.Storage.TLSPath, 'docker'),
      verify: context.Endpoints.docker?.SkipTLSVerify !== true,
    };
  }
  const wanted = env['DOCKER_TLS_VERIFY'] || env['DOCKER_TLS'];
  if (!wanted) return null;
  return {
    directory: env['DOCKER_CERT_PATH'] ?? join(env['HOME'] ?? '', '.docker'),
    verify: Boolean(env['DOCKER_TLS_VERIFY']),
  };
}

/** The engine does not answer, with the likely reason. @param messages what the client said */
export function unavailable(host: string, messages: readonly string[], options?: ErrorOptions): PacelineError {
  const detail = messages.join('\n').trim();
  const denied = /permission denied|EACCES/i.test(detail);
  return new PacelineError(
    {
      type: 'EngineUnavailable',
      what: denied
        ? `This user may not use the Docker engine at ${host}.`
        : `The Docker engine at ${host} does not answer.`,
      next: denied
        ? 'Add the user to the docker group (`sudo usermod -aG docker "$USER"`), log in again and retry.'
        : 'Start it (`sudo systemctl start docker`, or Docker Desktop), or check DOCKER_HOST and `docker context ls`; `docker version` must show a server.',
      ...(detail === '' ? {} : { detail }),
    },
    options,
  );
}

function definedOnly(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
