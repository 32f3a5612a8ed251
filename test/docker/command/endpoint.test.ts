import { describe, expect, it } from 'vitest';
import { lacksOf } from '../../../src/docker/command/docker-cli.ts';
import { connectionOptions } from '../../../src/docker/engine/dockerode-connection.ts';
import { type Endpoint, environmentFor, isLocal } from '../../../src/docker/command/endpoint.ts';

const here = { hostname: 'box', kernel: '6.1.0' };
const engine = { name: 'box', version: '26.1.5', kernel: '6.1.0', operatingSystem: 'Debian GNU/Linux 12' };

describe('an engine is local', () => {
  it.each([
    ['by a socket of the same machine', 'unix:///var/run/docker.sock', {}, true],
    ['not over TCP', 'tcp://127.0.0.1:2375', {}, false],
    ['not over SSH', 'ssh://me@box', {}, false],
    ['not in Desktop', 'unix:///home/me/.docker/desktop/docker.sock', { operatingSystem: 'Docker Desktop' }, false],
    ['not with another kernel', 'unix:///var/run/docker.sock', { kernel: '6.6.0-linuxkit' }, false],
    ['not seen from within a container', 'unix:///var/run/docker.sock', { name: 'the-real-box' }, false],
  ])('%s', (_, host, change, expected) => {
    expect(isLocal(host, { ...engine, ...change }, here)).toBe(expected);
  });
});

describe('the environment of docker commands', () => {
  it('points at the resolved engine and its own builder, whatever the user has set', () => {
    const env = environmentFor(
      { host: 'unix:///run/docker.sock', tls: null },
      {
        PATH: '/usr/bin',
        HOME: '/home/me',
        https_proxy: 'http://proxy:3128',
        DOCKER_CONTEXT: 'other',
        DOCKER_HOST: 'tcp://other:2375',
        DOCKER_TLS_VERIFY: '1',
        BUILDX_BUILDER: 'mine',
        COMPOSE_PROJECT_NAME: 'mine',
        SECRET: 'x',
      },
    );
    expect(env).toEqual({
      PATH: '/usr/bin',
      HOME: '/home/me',
      https_proxy: 'http://proxy:3128',
      DOCKER_HOST: 'unix:///run/docker.sock',
      BUILDX_BUILDER: 'default',
    });
  });

  it.each([
    [true, { DOCKER_CERT_PATH: '/certs', DOCKER_TLS_VERIFY: '1' }],
    [false, { DOCKER_CERT_PATH: '/certs', DOCKER_TLS: '1' }],
  ])('carries the certificates (verified: %s)', (verify, expected) => {
    const target = { host: 'tcp://far:2376', tls: { directory: '/certs', verify } };
    expect(environmentFor(target, {})).toEqual({
      DOCKER_HOST: 'tcp://far:2376',
      BUILDX_BUILDER: 'default',
      ...expected,
    });
  });
});

describe('the connection', () => {
  const endpoint = (host: string): Endpoint => ({
    cli: 'docker',
    env: {},
    host,
    tls: null,
    local: false,
    versions: { cli: '', compose: '', buildx: '' },
  });
  it.each([
    ['unix:///run/docker.sock', { socketPath: '/run/docker.sock' }],
    ['tcp://far:2375', { protocol: 'http', host: 'far', port: '2375' }],
    ['ssh://me@far', { protocol: 'ssh', host: 'far', port: 22, username: 'me' }],
  ])('to %s', (host, expected) => {
    expect(connectionOptions(endpoint(host))).toMatchObject(expected);
  });
});

describe('a docker command lacks', () => {
  it.each([
    ['nothing', '2.26.1-4', '0.13.1+ds1', null],
    ['nothing of a newer kind', 'v5.0.0', 'v0.30.0', null],
    ['nothing in a development build', 'dev', '0.13.0', null],
    ['compose', null, '0.13.1', 'has no compose plugin'],
    ['buildx', '2.26.1', null, 'has no buildx plugin'],
    ['a newer compose', '2.24.3', '0.13.1', 'its compose is 2.24.3, and 2.24.4 or later is needed'],
    ['a newer buildx', '2.26.1', 'v0.12.1', 'its buildx is v0.12.1, and 0.13.0 or later is needed'],
    ['both', null, null, 'has no compose plugin, has no buildx plugin'],
  ])('%s', (_, compose, buildx, expected) => {
    expect(lacksOf(compose, buildx)).toBe(expected);
  });
});
