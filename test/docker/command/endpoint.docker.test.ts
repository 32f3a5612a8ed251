import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../src/docker/engine/dockerode-engine.ts';
import { resolveEndpoint } from '../../../src/docker/command/endpoint.ts';
import { localEndpoint } from '../../support/local-engine.ts';

describe('the endpoint', () => {
  it('leads the CLI and the API to one engine', async () => {
    const endpoint = await localEndpoint();
    const told = await execa(endpoint.cli, ['info', '--format', '{{.ID}}'], { env: endpoint.env, extendEnv: false });
    expect((await createEngine(endpoint).info()).id).toBe(told.stdout.trim());
  });

  it('builds with the builder of the engine itself', async () => {
    const endpoint = await localEndpoint();
    const told = await execa(endpoint.cli, ['buildx', 'inspect'], { env: endpoint.env, extendEnv: false });
    expect(told.stdout).toMatch(/^Driver:\s+docker$/m);
  });

  it('is the one that DOCKER_HOST names, and the message names it when it does not answer', async () => {
    const resolving = resolveEndpoint({ env: { ...process.env, DOCKER_HOST: 'unix:///nowhere/docker.sock' } });
    await expect(resolving).rejects.toMatchObject({
      problem: { type: 'EngineUnavailable', what: 'The Docker engine at unix:///nowhere/docker.sock does not answer.' },
    });
  });

  it('reports a context that does not exist', async () => {
    const { DOCKER_HOST: _, ...env } = process.env;
    const resolving = resolveEndpoint({ env: { ...env, DOCKER_CONTEXT: 'paceline-no-such-context' } });
    await expect(resolving).rejects.toMatchObject({ problem: { type: 'EngineUnavailable' } });
  });
});
