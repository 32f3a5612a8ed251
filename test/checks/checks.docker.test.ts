import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { checkMachine } from '../../src/checks/index.ts';
import { createEngine } from '../../src/docker/engine/dockerode-engine.ts';
import { resolveEndpoint } from '../../src/docker/command/endpoint.ts';
import { runDocker } from '../../src/docker/command/run-docker.ts';
import { setUpHints } from '../../src/set-up-hints.ts';

test('every check says something of the real machine, and its network is gone afterwards', async () => {
  const { docker } = setUpHints(process.env);
  const endpoint = await resolveEndpoint({ env: process.env, ...(docker === null ? {} : { dockerBinary: docker }) });
  const engine = createEngine(endpoint);
  const checks = await checkMachine({ endpoint, engine, dataDirectory: tmpdir(), env: process.env });
  expect(checks.map(({ name }) => name)).toEqual(['Engine', 'CPUs', 'Memory', 'Disk', 'Network', 'Leftovers', 'Load']);
  expect(checks.find(({ name }) => name === 'Network')?.what).toMatch(/resolves names|no image with Python/);
  expect(checks.filter(({ state, next }) => state !== 'ok' && next === null)).toEqual([]);
  const { stdout } = await runDocker(endpoint, ['network', 'ls', '--format', '{{.Name}}']);
  expect(stdout.split('\n').filter((name) => name.startsWith(`paceline-check-${process.pid}-`))).toEqual([]);
});
