/**
 * The images of docker-compose.temporal.yml for machines that cannot pull the official ones: Temporal's from Go's module proxy,
 * the others from what set-up installed on this machine. Prints the variables that pass their names to compose.
 *
 *   node scripts/production/images.ts > .env.production
 */
import { copyFile, cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { resolveEndpoint } from '../../src/docker/command/endpoint.ts';
import { setUpHints } from '../../src/set-up-hints.ts';

/** The newest version that a common Go can compile. Later patch releases need a Go of the same month. */
const TEMPORAL_VERSION = '1.32.0';
const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, '..', '..');

export type ComposeVariables = Readonly<Record<string, string>>;

/**
 * Keeps existing images and makes the missing ones. The server's takes about five minutes.
 * @returns the variables of docker-compose.temporal.yml with their names; none for images that can be pulled
 */
export async function productionImages(): Promise<ComposeVariables> {
  const hints = setUpHints(process.env);
  const endpoint = await resolveEndpoint({
    env: process.env,
    ...(hints.docker === null ? {} : { dockerBinary: hints.docker }),
  });
  const docker = async (...argv: string[]) =>
    (await execa(endpoint.cli, argv, { env: endpoint.env, extendEnv: false })).stdout;
  const exists = async (image: string) =>
    await docker('image', 'inspect', image).then(
      () => true,
      () => false,
    );
  const { debian, postgres } = hints.standIns;
  if (debian === undefined || postgres === undefined) return {};

  const make = async (tag: string, dockerfile: string, fill: (folder: string) => Promise<void>, ...args: string[]) => {
    if (await exists(tag)) return tag;
    process.stderr.write(`production: making ${tag}\n`);
    const folder = await mkdtemp(join(tmpdir(), 'paceline-production-'));
    try {
      await fill(folder);
      await docker('build', '--quiet', '--tag', tag, '--file', join(HERE, dockerfile), ...args, folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    return tag;
  };
  const base = ['--build-arg', `BASE=${debian}`];
  const temporal = await make(
    `paceline/temporal:${TEMPORAL_VERSION}`,
    'temporal.Dockerfile',
    async (folder) => await compileTemporal(folder, hints.temporal),
    ...base,
    '--build-arg',
    `VERSION=${TEMPORAL_VERSION}`,
  );
  const node = await make('paceline/stand-in-node:24', 'node.Dockerfile', copyNode, ...base);
  const cli = await make(
    'paceline/stand-in-docker-cli:1',
    'docker-cli.Dockerfile',
    async (folder) => await copyDockerCli(folder, endpoint.cli),
    ...base,
  );
  return {
    TEMPORAL_SERVER_IMAGE: temporal,
    TEMPORAL_TOOLS_IMAGE: temporal,
    TEMPORAL_POSTGRES_IMAGE: postgres,
    NODE_IMAGE: node,
    DOCKER_CLI_IMAGE: cli,
  };
}

async function compileTemporal(folder: string, cli: string | null): Promise<void> {
  if (cli === null) throw new Error("Temporal's command line is missing. Run `node scripts/set-up.mjs` to install it");
  const bin = join(folder, 'bin');
  await execa(
    'go',
    [
      'install',
      '-ldflags=-s -w',
      ...['server', 'tools/sql'].map((name) => `go.temporal.io/server/cmd/${name}@v${TEMPORAL_VERSION}`),
    ],
    { env: { CGO_ENABLED: '0', GOBIN: bin } },
  );
  await copyFile(join(bin, 'server'), join(folder, 'temporal-server'));
  await copyFile(join(bin, 'sql'), join(folder, 'temporal-sql-tool'));
  await rm(bin, { recursive: true });
  await copyFile(cli, join(folder, 'temporal'));
  await copyFile(join(HERE, 'temporal-entrypoint.sh'), join(folder, 'entrypoint.sh'));
  await writeFile(join(folder, 'dynamicconfig.yaml'), '{}\n');
}

async function copyNode(folder: string): Promise<void> {
  const { stdout: modules } = await execa('npm', ['root', '--global']);
  await copyFile(join(ROOT, 'node_modules/node/bin/node'), join(folder, 'node'));
  await cp(join(modules, 'npm'), join(folder, 'npm'), { recursive: true });
}

async function copyDockerCli(folder: string, cli: string): Promise<void> {
  const { stdout } = await execa(cli, ['info', '--format', '{{range .ClientInfo.Plugins}}{{.Path}}\n{{end}}']);
  await mkdir(join(folder, 'cli-plugins'));
  await copyFile(await realpath(cli), join(folder, 'docker'));
  for (const path of stdout.split('\n').filter((line) => /docker-(compose|buildx)$/.test(line))) {
    await copyFile(path, join(folder, 'cli-plugins', basename(path)));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, value] of Object.entries(await productionImages())) console.log(`${name}=${value}`);
}
