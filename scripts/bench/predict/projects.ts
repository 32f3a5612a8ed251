/** The projects of bench:predict: laid out, their images built, their services up. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { DISTRIBUTIONS } from '../../../src/analysis/xdist/schedulers/scheduler.ts';
import { type Docker, placeFlags, type Project } from './measure.ts';

const BASES = {
  python: 'paceline/stand-in-python:3.11',
  postgres: 'paceline/stand-in-postgres:15',
  redis: 'paceline/stand-in-redis:7',
};
/** Without xdist_group marks loadgroup is load by single tests. */
const ALL = DISTRIBUTIONS.filter((each) => each !== 'loadgroup');

interface Options {
  readonly wanted: readonly string[] | null;
  readonly examples: string;
  readonly label: string;
  readonly cpus: readonly number[];
}

export async function prepareProjects(docker: Docker, options: Options): Promise<Project[]> {
  const found: Project[] = [];
  for (const [name, prepare] of Object.entries(PROJECTS))
    if (options.wanted === null || options.wanted.includes(name)) found.push(await prepare(docker, options));
  return found;
}

const PROJECTS: Readonly<Record<string, (docker: Docker, options: Options) => Promise<Project>>> = {
  humanize: async (docker, options) =>
    await example(docker, options, 'humanize', 'python -m pytest -q -p no:cacheprovider --benchmark-disable'),
  ecdsa: async (docker, options) =>
    // These two files alone collect the same tests in each worker.
    await example(
      docker,
      options,
      'ecdsa',
      'python -m pytest -q -p no:cacheprovider src/ecdsa/test_numbertheory.py src/ecdsa/test_ellipticcurve.py src/ecdsa/test_der.py src/ecdsa/test_curves.py src/ecdsa/test_keys.py',
    ),
  'alembic-pg': async (docker, options) => {
    const folder = await laidOut(options, 'alembic-pg');
    const init = join(folder, 'docker', 'init.sql');
    const { network, services } = await database(
      docker,
      options,
      [
        '-e',
        'POSTGRES_USER=scott',
        '-e',
        'POSTGRES_PASSWORD=tiger',
        '-e',
        'POSTGRES_DB=test',
        '-v',
        `${init}:/docker-entrypoint-initdb.d/init.sql:ro`,
      ],
      'scott',
    );
    return {
      ...(await built(docker, options, 'alembic-pg', folder)),
      command:
        'python -m pytest -q -p no:cacheprovider tests/test_postgresql.py tests/test_autogen_diffs.py tests/test_autogen_indexes.py tests/test_batch.py tests/test_command.py',
      flags: ['--network', network, '-e', 'PYTEST_ADDOPTS=--dburi postgresql+psycopg2://scott:tiger@db/test'],
      services,
      distributions: ALL,
    };
  },
  shop: async (docker, options) => {
    const { network, services } = await database(
      docker,
      options,
      [
        '-e',
        'POSTGRES_USER=shop',
        '-e',
        'POSTGRES_PASSWORD=shop',
        '-e',
        'POSTGRES_DB=shop',
        '--tmpfs',
        '/var/lib/postgresql/data',
        '--shm-size',
        '256m',
      ],
      'shop',
    );
    const redis = await docker(
      'run',
      '-d',
      '--label',
      options.label,
      ...placeFlags(options.cpus),
      '--network',
      network,
      '--network-alias',
      'redis',
      BASES.redis,
      'redis-server',
      '--save',
      '',
      '--appendonly',
      'no',
    );
    return {
      ...(await built(docker, options, 'shop', resolve('examples/shop'))),
      command: "python -m pytest -q -p no:cacheprovider -m 'not slow'",
      flags: [
        '--network',
        network,
        '-e',
        'DATABASE_URL=postgresql://shop:shop@db:5432/shop',
        '-e',
        'REDIS_URL=redis://redis:6379',
      ],
      services: [...services, redis],
      distributions: ALL,
    };
  },
};

async function example(docker: Docker, options: Options, name: string, command: string): Promise<Project> {
  return {
    ...(await built(docker, options, name, await laidOut(options, name))),
    command,
    flags: [],
    services: [],
    distributions: ALL,
  };
}

async function laidOut({ examples }: Options, name: string): Promise<string> {
  const folder = join(mkdtempSync(join(tmpdir(), 'paceline-predict-')), name);
  await execa('bash', [join(examples, 'prepare.sh'), name, folder]);
  return folder;
}

async function built(
  docker: Docker,
  { label }: Options,
  name: string,
  folder: string,
): Promise<Pick<Project, 'name' | 'image'>> {
  const image = `paceline-predict-${name}`;
  await docker(
    'build',
    '-q',
    '--label',
    label,
    '-t',
    image,
    '-f',
    join(folder, 'Dockerfile.test'),
    '--build-arg',
    `PYTHON_IMAGE=${BASES.python}`,
    folder,
  );
  return { name, image };
}

async function database(docker: Docker, { label, cpus }: Options, flags: readonly string[], user: string) {
  const network = `paceline-predict-${process.pid}-${user}`;
  await docker('network', 'create', '--label', label, network);
  const id = await docker(
    'run',
    '-d',
    '--label',
    label,
    ...placeFlags(cpus),
    '--network',
    network,
    '--network-alias',
    'db',
    ...flags,
    BASES.postgres,
  );
  for (let tries = 0; ; tries += 1) {
    try {
      // By TCP: while the image initialises, its server answers on the socket only.
      await docker('exec', id, 'pg_isready', '-h', '127.0.0.1', '-U', user);
      return { network, services: [id] };
    } catch (error) {
      if (tries === 60) throw error;
      await new Promise((resolveLater) => {
        setTimeout(resolveLater, 1000);
      });
    }
  }
}
