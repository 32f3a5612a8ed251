/** An endpoint in dockerode's terms. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DockerOptions } from 'dockerode';
import type { Endpoint } from '../command/endpoint.ts';

/**
 * @returns options that name everything. What does not apply is undefined: dockerode takes a missing option from
 * DOCKER_HOST and similar variables of its own process
 */
export function connectionOptions({ host, tls, env }: Endpoint): DockerOptions {
  const socket = /^(?:unix|npipe):\/\/(.*)$/.exec(host);
  if (socket !== null) return { host: undefined, socketPath: socket[1] };
  const url = new URL(host);
  const remote = { host: url.hostname, ca: undefined, cert: undefined, key: undefined };
  if (url.protocol === 'ssh:') {
    const agent = env['SSH_AUTH_SOCK'];
    const sshOptions = agent === undefined ? {} : { agent };
    return { ...remote, protocol: 'ssh', port: url.port || 22, username: url.username, sshOptions };
  }
  if (tls === null) return { ...remote, protocol: 'http', port: url.port || 2375 };
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readFileSync(join(tls.directory, name)));
  return { ...remote, protocol: 'https', port: url.port || 2376, ca, cert, key };
}
