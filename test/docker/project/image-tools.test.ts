import { describe, expect, it, test } from 'vitest';
import { askImage, type AskOptions, askingFile, pluginsIn, toolsOf } from '../../../src/docker/project/image-tools.ts';
import type { ResolvedProject } from '../../../src/docker/project/project.ts';

const LISTED = `This is pytest version 8.4.2, imported from /opt/venv/lib/python3.11/site-packages/pytest/__init__.py
registered third-party plugins:
  pytest-cov-7.0.0 at /opt/venv/lib/python3.11/site-packages/pytest_cov/plugin.py
`;

describe('what Python says', () => {
  test.each<[string, Parameters<typeof toolsOf>[0], string[]]>([
    [
      'everything is loaded',
      {
        installed: ['pytest', 'pytest-xdist', 'pytest-cov'],
        loaded: ['pytest-xdist', 'pytest-cov'],
        unregistered: [],
      },
      ['loaded', 'loaded', 'loaded'],
    ],
    [
      'a plugin is switched off',
      { installed: ['pytest', 'pytest-xdist', 'pytest-cov'], loaded: ['pytest-cov'], unregistered: [] },
      ['loaded', 'installed', 'loaded'],
    ],
    [
      'pytest came to say nothing',
      { installed: ['pytest', 'pytest-cov'], loaded: null, unregistered: [] },
      ['loaded', 'absent', 'loaded'],
    ],
    ['nothing is there', { installed: [], loaded: null, unregistered: [] }, ['absent', 'absent', 'absent']],
  ])('%s', (_, answer, states) => {
    expect(Object.values(toolsOf(answer).packages)).toEqual(states);
  });
});

it("pytest's own list names its plugins", () => {
  expect(pluginsIn(LISTED)?.packages).toEqual({ pytest: 'loaded', 'pytest-xdist': 'absent', 'pytest-cov': 'loaded' });
  expect(pluginsIn('pytest 9.0.1\n')?.packages).toMatchObject({ pytest: 'loaded', 'pytest-cov': 'absent' });
  expect(pluginsIn('bash: pytest: command not found')).toBeNull();
});

describe('the image', () => {
  const answer = (installed: string[]) => ({
    exitCode: 0,
    stdout: `hello\npaceline-image-tools: ${JSON.stringify({ installed, loaded: null, unregistered: [] })}\n`,
    stderr: '',
  });
  const noPython = { exitCode: 1, stdout: '', stderr: 'exec: "python": executable file not found in $PATH' };

  async function asked(entrypoint: string[] | null, ...answers: Awaited<ReturnType<AskOptions['compose']>>[]) {
    const calls: string[] = [];
    const compose: AskOptions['compose'] = async (args) => {
      calls.push(args.join(' '));
      return answers[calls.length - 1]!;
    };
    return { answer: await askImage({ compose, service: 'test', entrypoint, markers: ['slow'] }), calls };
  }

  it('is asked once where it has all, whatever its ENTRYPOINT', async () => {
    const { answer: tools, calls } = await asked(['/entry.sh'], answer(['pytest', 'pytest-xdist', 'pytest-cov']));
    expect(tools).toMatchObject({ kind: 'seen', tools: { python: true } });
    expect(calls).toEqual(['run --rm -T --no-deps --entrypoint python test -B -']);
  });

  it('is asked through its ENTRYPOINT where that may choose another Python', async () => {
    const listed = { exitCode: 0, stdout: LISTED, stderr: '' };
    const { answer: tools, calls } = await asked(['poetry', 'run'], answer([]), listed);
    expect(tools).toMatchObject({ kind: 'seen', tools: { packages: { pytest: 'loaded', 'pytest-xdist': 'absent' } } });
    expect(calls[1]).toBe(
      'run --rm -T --no-deps test python -m pytest --noconftest -p no:cacheprovider --version --version',
    );
  });

  it('keeps its first answer where the ENTRYPOINT gives none', async () => {
    const refused = { exitCode: 1, stdout: '', stderr: 'no database' };
    const { answer: tools } = await asked(['/wait.sh'], answer(['pytest']), refused);
    expect(tools).toMatchObject({ tools: { packages: { pytest: 'loaded', 'pytest-cov': 'absent' } } });
  });

  it('of a program without Python is not started for a question', async () => {
    const { answer: tools, calls } = await asked(['/app/server'], noPython);
    expect(tools).toMatchObject({ kind: 'seen', tools: { python: false } });
    expect(calls).toHaveLength(1);
  });

  it('that cannot be started says why', async () => {
    const refused = { exitCode: 125, stdout: '', stderr: 'starting\nno such device' };
    expect((await asked(null, refused)).answer).toEqual({ kind: 'unknown', reason: 'no such device' });
  });
});

it('a container that is asked has no network, and needs no other container', () => {
  const project = {
    service: 'test',
    model: {
      services: {
        db: { image: 'postgres:16' },
        test: {
          image: 'app',
          networks: { back: null },
          depends_on: { db: { condition: 'service_healthy' } },
          environment: { A: 'b' },
          ipc: 'service:db',
        },
      },
      networks: { back: {} },
    },
  } as unknown as ResolvedProject;
  const file = askingFile(project, { tags: { test: 'built' }, labels: { 'paceline.run': 'r' } });
  expect(file).toEqual({
    services: {
      test: {
        image: 'built',
        environment: { A: 'b' },
        network_mode: 'none',
        labels: { 'paceline.run': 'r' },
        pull_policy: 'never',
        restart: 'no',
        logging: expect.any(Object),
      },
    },
  });
});
