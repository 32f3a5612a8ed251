/** A Temporal server that wants certificates: made here by openssl, given to Paceline in the variables of Temporal's own tools. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { productionImages } from '../../scripts/production/images.ts';
import type { RunResult } from '../../src/model/result.ts';
import { setUpHints } from '../../src/set-up-hints.ts';
import { localEngine } from '../support/local-engine.ts';
import { startPaceline } from '../support/paceline.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/projects/durable', import.meta.url));

let folder: string;
let certificates: string;
let local: Awaited<ReturnType<typeof localEngine>>;
let withCertificates: Record<string, string>;

const file = (name: string) => join(certificates, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paceline-tls-'));
  certificates = join(folder, 'certificates');
  mkdirSync(certificates);
  await makeCertificates();
  local = await localEngine('tls');
  const address = await startServer();
  withCertificates = {
    TEMPORAL_ADDRESS: address,
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: file('ca.crt'),
    TEMPORAL_TLS_CLIENT_CERT_PATH: file('client.crt'),
    TEMPORAL_TLS_CLIENT_KEY_PATH: file('client.key'),
  };
  await createNamespace();
});

afterAll(async () => {
  await local?.cleanUp();
  rmSync(folder, { recursive: true, force: true });
});

/** One authority, by which server and client vouch for themselves. */
async function makeCertificates(): Promise<void> {
  const openssl = async (...argv: string[]) => await execa('openssl', argv, { cwd: certificates });
  const key = ['-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  const authority = ['-addext', 'basicConstraints=critical,CA:TRUE'];
  await openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-subj',
    '/CN=paceline test',
    ...authority,
  );
  writeFileSync(file('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  for (const name of ['server', 'client']) {
    await openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${name}`,
    );
    const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
    await openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.crt`, ...signed);
  }
}

async function startServer(): Promise<string> {
  const { TEMPORAL_SERVER_IMAGE: image } = await productionImages();
  const environment = {
    DB: 'sqlite',
    BIND_ON_IP: '0.0.0.0',
    TEMPORAL_TLS_REQUIRE_CLIENT_AUTH: 'true',
    TEMPORAL_TLS_FRONTEND_CERT: '/certificates/server.crt',
    TEMPORAL_TLS_FRONTEND_KEY: '/certificates/server.key',
    TEMPORAL_TLS_CLIENT1_CA_CERT: '/certificates/ca.crt',
    TEMPORAL_TLS_CLIENT2_CA_CERT: '/certificates/ca.crt',
    TEMPORAL_TLS_SERVER_CERT: '/certificates/server.crt',
    TEMPORAL_TLS_SERVER_KEY: '/certificates/server.key',
    TEMPORAL_TLS_SERVER_CA_CERT: '/certificates/ca.crt',
    TEMPORAL_TLS_INTERNODE_SERVER_NAME: 'localhost',
    TEMPORAL_TLS_FRONTEND_SERVER_NAME: 'localhost',
  };
  const flags = Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const label = Object.entries(local.labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]);
  const mount = ['--volume', `${certificates}:/certificates:ro`, '--publish', '127.0.0.1::7233'];
  const id = await local.docker('run', '--detach', ...label, ...mount, ...flags, image!);
  const port = (await local.docker('port', id, '7233')).split(':').at(-1);
  return `localhost:${port}`;
}

async function createNamespace(): Promise<void> {
  const cli = setUpHints(process.env).temporal!;
  const create = async () =>
    await execa(cli, ['operator', 'namespace', 'create', '--namespace', 'default'], { env: withCertificates });
  while (
    !(await create().then(
      () => true,
      (error: Error) => /already exists|already registered/.test(error.message),
    ))
  )
    await sleep(500);
}

function run(env: Record<string, string>) {
  const project = join(folder, 'project');
  cpSync(FIXTURE, project, { recursive: true });
  mkdirSync(join(folder, 'records'), { recursive: true });
  return startPaceline(['run', '--project', project, '--json', '--data-dir', join(folder, 'data')], {
    env: { ...env, DURABLE_STEPS: '2', DURABLE_RECORDS: join(folder, 'records') },
  }).output;
}

test('a run on a server that wants certificates passes with them, and neither they nor their paths are in the result', async () => {
  const { stdout, stderr } = await run(withCertificates);
  expect(stdout, stderr).not.toBe('');
  expect((JSON.parse(stdout) as RunResult).verdict).toBe('pass');
  expect(stdout).not.toContain(certificates);
});

test.each([
  ['an authority that did not sign the server', 'TEMPORAL_TLS_SERVER_CA_CERT_PATH', 'client.crt'],
  ['a key that is none of the certificate', 'TEMPORAL_TLS_CLIENT_KEY_PATH', 'server.key'],
  ['a certificate file that is not there', 'TEMPORAL_TLS_CLIENT_CERT_PATH', 'missing.crt'],
])('%s ends in one sentence with what to try next, and exit code 2', async (_, variable, name) => {
  const { code, stdout, stderr } = await run({ ...withCertificates, [variable]: file(name) });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.trim().split('\n').length, stderr).toBeLessThanOrEqual(3);
  expect(stderr).toMatch(/TEMPORAL_TLS_|missing\.crt/);
});
