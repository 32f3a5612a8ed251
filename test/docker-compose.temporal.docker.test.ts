import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { localEndpoint } from './support/local-engine.ts';

const FILE = fileURLToPath(new URL('../docker-compose.temporal.yml', import.meta.url));

test('compose accepts docker-compose.temporal.yml: what lasts has a healthcheck, and each starts after what it needs', async () => {
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
  const once = ['temporal-namespace', 'temporal-schema'];
  const lasting = ['postgresql', 'temporal', 'temporal-ui', 'worker'];
  expect(Object.keys(services).sort()).toEqual([...once, ...lasting].sort());
  for (const name of lasting) expect(services[name]?.healthcheck).toBeDefined();
  expect(services['temporal']?.depends_on).toMatchObject({
    'temporal-schema': { condition: 'service_completed_successfully' },
  });
  expect(services['worker']?.depends_on).toMatchObject({
    'temporal-namespace': { condition: 'service_completed_successfully' },
  });
  // The engine resolves bind mounts outside: the data directory has the same path on both sides.
  expect(services['worker']?.volumes).toContainEqual(
    expect.objectContaining({ source: '/srv/paceline', target: '/srv/paceline' }),
  );
});
