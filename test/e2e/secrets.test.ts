/** Secrets planted wherever a project can have some, and looked for in whatever outlives its run. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PYTHON_IMAGE } from '../support/local-engine.ts';
import { startPaceline } from '../support/paceline.ts';

const PLANTED = 'PLANTED-8841';
const COMPOSE = `
services:
  test:
    build:
      context: .
      dockerfile: Dockerfile.test
      secrets: [token, dotenv]
      args: { ARGUMENT: "\${DOTENV_SECRET}" }
    env_file: [secret.env]
    environment: { INLINE: ${PLANTED}-inline, FROM_HOST: "\${HOST_SECRET}" }
    depends_on: { redis: { condition: service_healthy } }
  redis:
    image: redis:7
    environment: { PASSWORD: ${PLANTED}-service }
    healthcheck: { test: ["CMD", "redis-cli", "ping"], interval: 1s }
secrets:
  token: { environment: BUILD_SECRET }
  dotenv: { environment: DOTENV_SECRET }
`;
/** Merged with the other file, as the project's `.env` says. */
const FURTHER = `
services:
  test:
    secrets: [dotenv]
    configs: [of-variable, inline]
    ulimits: { core: 0, nofile: { soft: 512, hard: 1024 } }
    mem_limit: 512m
    memswap_limit: -1
configs:
  of-variable: { environment: DOTENV_CONFIG }
  inline: { content: "price=$$5 token=\${DOTENV_SECRET}" }
`;
const DOTENV = `COMPOSE_FILE=compose.base.yml:compose.further.yml
COMPOSE_PROJECT_NAME=taken
DOTENV_SECRET=${PLANTED}-dotenv
export DOTENV_CONFIG="${PLANTED}-config
of two lines"
`;
const DOCKERFILE = `FROM ${PYTHON_IMAGE}
RUN --mount=type=cache,target=/root/.cache/pip pip install --root-user-action=ignore pytest==8.4.2
RUN --mount=type=secret,id=token grep -q ${PLANTED.slice(0, 7)} /run/secrets/token
RUN --mount=type=secret,id=dotenv grep -q dotenv /run/secrets/dotenv
ARG ARGUMENT
RUN python -c "import os; assert '8841' in os.environ['ARGUMENT']"
ENV IN_DOCKERFILE=${PLANTED}-env
WORKDIR /app
COPY tests tests
`;
const TESTS = `import os, resource
from pathlib import Path
def test_all_are_there():
    assert all("8841" in os.environ[name] for name in ("INLINE", "FROM_HOST", "IN_FILE"))
def test_secrets_and_configs_of_the_env_file():
    assert Path("/run/secrets/dotenv").read_text().endswith("8841-dotenv")
    assert Path("/of-variable").read_text().endswith("8841-config\\nof two lines")
    assert Path("/inline").read_text().startswith("price=$5 token=") and "8841-dotenv" in Path("/inline").read_text()
def test_limits():
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (512, 1024)
`;

let root: string;
let data: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'paceline-secrets-'));
  data = join(root, 'data');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function project(): string {
  const folder = join(root, 'project');
  mkdirSync(join(folder, 'tests'), { recursive: true });
  writeFileSync(join(folder, 'compose.base.yml'), COMPOSE);
  writeFileSync(join(folder, 'compose.further.yml'), FURTHER);
  writeFileSync(join(folder, '.env'), DOTENV);
  writeFileSync(join(folder, 'Dockerfile.test'), DOCKERFILE);
  writeFileSync(join(folder, 'secret.env'), `IN_FILE=${PLANTED}-file\n`);
  writeFileSync(join(folder, 'tests/test_secrets.py'), TESTS);
  writeFileSync(
    join(folder, 'paceline.yml'),
    'build: { modes: [cold] }\nscenarios:\n  - { name: All, command: python -m pytest tests }\n',
  );
  return folder;
}

/** Every file of the data directory that holds it: the store, Temporal's database with its histories, logs, reports. */
function filesWith(text: string): string[] {
  return readdirSync(data, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(data, name)).isFile())
    .filter((name) => readFileSync(join(data, name)).includes(text));
}

test("a project's secrets reach its build and its tests, and nothing that outlives the run", async () => {
  const { code, stdout, stderr } = await startPaceline(
    ['run', '--project', project(), '--data-dir', data, '--json', '--verbose'],
    { env: { HOST_SECRET: `${PLANTED}-host`, BUILD_SECRET: `${PLANTED}-build` } },
  ).output;
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout).scenarios[0].trials[0].tests.passed).toBe(3);
  expect(filesWith(PLANTED)).toEqual([]);
  expect(stdout + stderr).not.toContain(PLANTED);
  expect(statSync(data).mode & 0o077).toBe(0);
});

test.each([
  ['a git URL', ['--git', `https://user:${PLANTED}@127.0.0.1:9/x.git`], {}],
  ["the store's URL", ['--project', '.'], { PACELINE_STORE: `postgres://u:${PLANTED}@127.0.0.1:9/db` }],
])('a password in %s is in no message', async (_, flags, env) => {
  const { code, stdout, stderr } = await startPaceline(['run', ...flags, '--data-dir', data], { env, cwd: project() })
    .output;
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^paceline: /m);
  expect(stderr).not.toContain(PLANTED);
  expect(existsSync(data) ? filesWith(PLANTED) : []).toEqual([]);
});
