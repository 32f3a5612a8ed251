/** What `paceline init` finds in a project, and the files that it writes from it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { wrongUsage } from '../model/failure.ts';
import { DEFAULT_SCENARIOS } from '../plan/schema.ts';
import { oneLine } from '../report/text/foreign.ts';

export interface FoundProject {
  /** The compose file; null where there is only a Dockerfile. */
  readonly compose: string | null;
  readonly services: readonly string[];
  /** Lines of CI files and scripts that run pytest: `file: line`. */
  readonly commands: readonly string[];
}

const DEFAULT_COMPOSE = 'docker-compose.test.yml';
/** In the order of preference. */
const COMPOSE_FILES = [DEFAULT_COMPOSE, 'docker-compose.yml', 'docker-compose.yaml', 'compose.yaml', 'compose.yml'];
const WITH_COMMANDS = ['.gitlab-ci.yml', 'Makefile', 'tox.ini', 'noxfile.py'];
const MOST_COMMANDS = 5;

/** @throws PacelineError WrongUsage if there is nothing that a run could build */
export async function findProject(directory: string): Promise<FoundProject> {
  const names = new Set(await readdir(directory));
  const compose = COMPOSE_FILES.find((name) => names.has(name)) ?? null;
  if (compose === null && !names.has('Dockerfile.test')) {
    throw wrongUsage(
      'The project has no compose file and no Dockerfile.test, so there is nothing to build.',
      `Write a ${DEFAULT_COMPOSE} with a service \`test\` that runs the tests, or a Dockerfile.test, and try again.`,
    );
  }
  return {
    compose,
    services: compose === null ? [] : servicesIn(await textOf(join(directory, compose))),
    commands: await commandsIn(directory),
  };
}

function servicesIn(text: string): readonly string[] {
  const document = parseDocument(text);
  const value: unknown = document.errors.length === 0 ? document.toJS() : null;
  const services = (value as { readonly services?: unknown } | null)?.services;
  return typeof services === 'object' && services !== null ? Object.keys(services) : [];
}

async function commandsIn(directory: string): Promise<readonly string[]> {
  const workflows = await readdir(join(directory, '.github/workflows')).catch(() => []);
  const files = [
    ...workflows.toSorted((a, b) => (a < b ? -1 : 1)).map((name) => `.github/workflows/${name}`),
    ...WITH_COMMANDS,
  ];
  const found: string[] = [];
  for (const file of files) {
    const lines = (await textOf(join(directory, file))).split('\n');
    const running = lines.filter((line) => /\bpytest\b/.test(line) && !/^\s*#|\bpip3? install\b/.test(line));
    found.push(...running.map((line) => `${file}: ${oneLine(line).slice(0, 150)}`));
  }
  return found.slice(0, MOST_COMMANDS);
}

/** Empty where it is not a readable file. */
async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/**
 * A paceline.yml whose run is the same as without it: what has a default stands in comments. Only a compose file of another
 * name than the default is set, since there is no run without it.
 */
export function planText({ compose, services, commands }: FoundProject): string {
  const service = services.includes('test') ? null : (services.find((name) => /test/.test(name)) ?? null);
  const set = [
    ...(compose === null || compose === DEFAULT_COMPOSE ? [] : [`compose: ${JSON.stringify(compose)}`]),
    ...(service === null ? [] : [`service: ${JSON.stringify(service)}`]),
  ];
  const lines = [
    'What `paceline run` measures here. Remove a `# ` to change a default. docs/plan.md explains every key.',
    ...(services.length === 0 ? [] : [`Services of ${compose}: ${services.map(oneLine).join(', ')}.`]),
    ...(commands.length === 0 ? [] : ['The project runs its tests like this:', ...commands.map((line) => `  ${line}`)]),
    '',
    'build:   { target: "< 120 s" }',
    'startup: { target: "< 60 s" }',
    'targets: { total: "< 300 s", test: "< 180 s", memory: "< 2 GB", cpu: "< 80 %" }',
    '',
    'The first scenario is the primary one. Scenarios that are named here always run; without names, those run that the',
    'image of the tests can run.',
    'scenarios:',
    ...DEFAULT_SCENARIOS.flatMap(({ name, command, target }) => [
      `  - name: ${JSON.stringify(name)}`,
      `    command: ${JSON.stringify(command)}`,
      `    target: ${JSON.stringify(target)}`,
    ]),
  ];
  const comments = lines.map((line) => (line === '' ? '' : `# ${line}`));
  return [...set, ...comments, ''].join('\n');
}

/** The owner is for the user to fill in: Paceline cannot know where its action is published. */
export function githubText(): string {
  return `# Replace OWNER with the owner of the repository that has Paceline's action.
name: Benchmark
on: { push: { branches: [main] }, pull_request: {} }
permissions:
  contents: read
jobs:
  benchmark:
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    steps:
      - uses: actions/checkout@v4
        # The merge base must be there for the comparison of a pull request.
        with: { fetch-depth: 0 }
      - uses: OWNER/paceline@v1
        with:
          project: .
          mode: auto
          history: cache
`;
}
