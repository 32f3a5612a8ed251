import { attempt } from './run.mjs';
import { findAllOnPath } from './find.mjs';

/** Asks every `docker` of the machine what it can do; `docker info` honours DOCKER_HOST and contexts by itself. */
export async function examineDockers() {
  return Promise.all(
    findAllOnPath('docker', ['/usr/bin']).map(async (path) => {
      const result = await attempt([path, 'info', '--format', '{{json .}}'], { timeout: 15_000 });
      return { path, ...readInfo(result.stdout), message: result.output.trim() };
    }),
  );
}

/** What `docker info` told: it prints JSON about the client even when no engine answers. */
export function readInfo(stdout) {
  let info = {};
  try {
    info = JSON.parse(stdout);
  } catch {}
  const plugin = (name) => info.ClientInfo?.Plugins?.some((entry) => entry.Name === name && !entry.Err) ?? false;
  return {
    client: info.ClientInfo?.Version ?? null,
    engine: info.ServerVersion || null,
    context: info.ClientInfo?.Context ?? 'default',
    compose: plugin('compose'),
    buildx: plugin('buildx'),
    errors: info.ServerErrors ?? [],
  };
}

/**
 * The `docker` to use: one whose engine answers and that has both plugins. Of several the one of the engine's own
 * version, since a client that lies about from elsewhere may be much newer or older; else the first in PATH.
 */
export function chooseDocker(dockers) {
  const usable = dockers.filter((docker) => docker.engine && docker.compose && docker.buildx);
  return usable.find((docker) => docker.client === docker.engine) ?? usable[0] ?? null;
}

/**
 * What is to be done where none is usable, as data: `start` the engine that is installed, `install` packages, or
 * `refuse` with the sentence for the user.
 */
export function planEngine({ dockers, dockerd, root, distribution, endpoint }) {
  const answering = dockers.find((docker) => docker.engine);
  const complete = dockers.some((docker) => docker.compose && docker.buildx);
  const denied = dockers.some((docker) => docker.errors.some((error) => /permission denied/i.test(error)));
  const missing = [answering || dockerd ? null : 'an engine', complete ? null : 'its compose and buildx plugins']
    .filter(Boolean)
    .join(' with ');

  if (!answering && endpoint)
    return {
      do: 'refuse',
      sentence: `no Docker engine answers at ${endpoint}; start it, or unset DOCKER_HOST and the Docker context`,
    };
  if (denied)
    return {
      do: 'refuse',
      sentence:
        'this user may not use the Docker engine; run `sudo usermod -aG docker "$USER"`, log in again and retry',
    };
  if (!root && complete && !answering) {
    return {
      do: 'refuse',
      sentence:
        'the Docker engine is not running; start it (`sudo systemctl start docker`, or Docker Desktop) and try again',
    };
  }
  if (dockerd && complete) return { do: 'start' };
  if (!root)
    return {
      do: 'refuse',
      sentence: `Docker lacks ${missing}, and only root may install packages; install Docker Engine with its compose and buildx plugins`,
    };
  if (!distribution)
    return {
      do: 'refuse',
      sentence: `Docker lacks ${missing}; install Docker Engine with its compose and buildx plugins (set-up does so itself on Debian 12 or later and Ubuntu 22.04 or later)`,
    };
  return {
    do: 'install',
    packages: distribution.dockerPackages({
      engine: !answering && !dockerd,
      client: dockers.length > 0,
      plugins: !complete,
    }),
    missing,
  };
}
