import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { localEndpoint } from './support/local-engine.ts';

const FILE = fileURLToPath(new URL('../docker-compose.temporal.yml', import.meta.url));

test('compose accepts docker-compose.temporal.yml: every service has a healthcheck, and starts after what it needs', async () => {
  const endpoint = await localEndpoint();
  const argv = ['compose', '--file', FILE, 'config', '--format', 'json'];
  const { stdout, stderr } = await execa(endpoint.cli, argv, {
    env: { ...endpoint.env, PACELINE_DATA: '/srv/paceline' },
    extendEnv: false,
  });
  expect(stderr).toBe('');
  const { services } = JSON.parse(stdout) as {
    services: Record<
      string,
      { healthcheck?: object; depends_on?: object; volumes?: { source: string; target: string }[] }
    >;
  };
  expect(Object.keys(services).sort()).toEqual(['postgresql', 'temporal', 'temporal-ui', 'worker']);
  for (const { healthcheck } of Object.values(services)) expect(healthcheck).toBeDefined();
  expect(services['worker']?.depends_on).toMatchObject({ temporal: { condition: 'service_healthy' } });
  // The engine resolves bind mounts outside: the data directory has the same path on both sides.
  expect(services['worker']?.volumes).toContainEqual(
    expect.objectContaining({ source: '/srv/paceline', target: '/srv/paceline' }),
  );
});
