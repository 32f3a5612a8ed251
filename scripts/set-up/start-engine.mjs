import { spawn } from 'node:child_process';
import { openSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readIfThere } from './distribution.mjs';
import { attempt } from './run.mjs';
import { CannotSetUp, say } from './say.mjs';

const log = '/var/log/paceline-dockerd.log';

/** Starts the machine's engine: with systemd if it is used, else directly, in its own session that outlives this process. */
export async function startEngine(context, dockerd, docker) {
  if (isSystemd()) {
    say('starting the Docker engine (systemctl start docker): it is installed but not running');
    await attempt(['systemctl', 'start', 'docker'], { log: context.log, timeout: 90_000 });
  } else {
    const flags = engineFlags(defaultRouteMtu(readIfThere('/proc/net/route'), readMtu));
    say(
      `starting the Docker engine (${['dockerd', ...flags].join(' ')}; log in ${log}): it is installed but not running`,
    );
    removeStalePidFiles();
    const output = openSync(log, 'a');
    spawn(dockerd, flags, { detached: true, stdio: ['ignore', output, output], cwd: '/' })
      .on('error', () => {})
      .unref();
  }
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(200)) {
    if ((await attempt([docker, 'version', '--format', '{{.Server.Version}}'], { timeout: 5_000 })).code === 0) return;
  }
  throw new CannotSetUp(
    `the Docker engine did not answer within a minute of its start; ${isSystemd() ? '`journalctl -u docker`' : log} shows the reason`,
  );
}

const isSystemd = () => readIfThere('/proc/1/comm').trim() === 'systemd';

const readMtu = (device) => Number(readIfThere(`/sys/class/net/${device}/mtu`)) || 1500;

/**
 * After a crash or a power cut, the pid files name processes that are gone, or other processes with the same pid. Then dockerd
 * refuses to start, or waits for something that is not containerd.
 */
function removeStalePidFiles() {
  for (const [file, name] of Object.entries({
    '/var/run/docker.pid': 'dockerd',
    '/var/run/docker/containerd/containerd.pid': 'containerd',
  })) {
    try {
      const pid = readFileSync(file, 'utf8').trim();
      if (readIfThere(`/proc/${pid}/comm`).trim() !== name) rmSync(file);
    } catch {}
  }
}

/** The MTU of the default route's device, from /proc/net/route (pure except for `readMtu`). 1500 without such a route. */
export function defaultRouteMtu(table, readMtu) {
  const row = table
    .split('\n')
    .map((line) => line.split(/\s+/))
    .find((fields) => fields[1] === '00000000' && fields[7] === '00000000');
  return row ? readMtu(row[0]) : 1500;
}

/**
 * Docker's bridges have MTU 1500 by default. On a link with a smaller MTU, as in many clouds, large packets never reach a
 * container and downloads hang. Set for the default bridge and for the networks of compose.
 */
export function engineFlags(mtu) {
  return mtu < 1500 ? ['--mtu', `${mtu}`, '--default-network-opt', `bridge=com.docker.network.driver.mtu=${mtu}`] : [];
}
