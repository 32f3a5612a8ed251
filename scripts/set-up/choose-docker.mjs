import { attempt } from './run.mjs';
import { findAllOnPath } from './find.mjs';

/** Finds out what each `docker` of the machine can do. `docker info` itself uses DOCKER_HOST and contexts. */
export async function examineDockers() {
  return Promise.all(
    findAllOnPath('docker', ['/usr/bin']).map(async (path) => {
      const result = await attempt([path, 'info', '--format', '{{json .}}'], { timeout: 15_000 });
      return { path, ...readInfo(result.stdout), message: result.output.trim() };
    }),
  );
}

/** The output of `docker info`: it prints JSON about the client even if no engine answers. */
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
 * The `docker` to use: one with an answering engine and both plugins. If there are several, the one with the engine's version,
 * because a client from another source may be much newer or older. Otherwise the first in PATH.
 */
export function chooseDocker(dockers) {
  const usable = dockers.filter((docker) => docker.engine && docker.compose && docker.buildx);
  return usable.find((docker) => docker.client === docker.engine) ?? usable[0] ?? null;
}

/**
 * What to do if none is usable, as data: `start` the installed engine, `install` packages, or `refuse` with a message for the
 * user.
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
