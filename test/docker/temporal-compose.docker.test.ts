import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { localEndpoint } from '../support/local-engine.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

it('docker-compose.temporal.yml is accepted by compose, and every service in it has a healthcheck', async () => {
  const { cli, env } = await localEndpoint();
  const args = ['compose', '-f', 'docker-compose.temporal.yml', 'config', '--format', 'json'];
  const { stdout } = await execa(cli, args, { cwd: ROOT, env, extendEnv: false });
  const { services } = JSON.parse(stdout) as { services: Record<string, { healthcheck?: object }> };
  expect(Object.keys(services).sort()).toEqual(['postgresql', 'temporal', 'temporal-ui', 'worker']);
  for (const service of Object.values(services)) expect(service.healthcheck).toBeDefined();
});
