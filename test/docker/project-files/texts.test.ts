/** The lines that a run keeps of a project's files: enough for patches, and no secret. */
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { setComposeKey } from '../../../src/analysis/patches/compose-edit.ts';
import { makePatch } from '../../../src/analysis/patches/make-patch.ts';
import { safeComposeLines } from '../../../src/docker/project-files/compose-lines.ts';
import { safeDockerfileLines } from '../../../src/docker/project-files/dockerfile-lines.ts';
import { fileText } from '../../../src/docker/project-files/file-text.ts';
import { safePytestLines } from '../../../src/docker/project-files/pytest-lines.ts';
import { readProjectFiles } from '../../../src/docker/project-files/read-project-files.ts';
import type { ProjectFiles } from '../../../src/model/project-files.ts';
import { layOut } from '../../support/lay-out.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const P = 'Planted8841';

function read(directory: string, compose: string, dockerfile: string): Promise<ProjectFiles> {
  return readProjectFiles({
    directory,
    composeFiles: [join(directory, compose)],
    service: 'test',
    builds: [
      {
        services: ['test'],
        context: directory,
        dockerfile: join(directory, dockerfile),
        dockerfileInline: null,
        target: null,
      },
    ],
  });
}

describe('an ordinary line stays', () => {
  test.each([
    'FROM ${PYTHON_IMAGE} AS base',
    'ARG PYTHON_IMAGE',
    'ARG PYTHON_VERSION=3.12',
    'ENV PIP_NO_CACHE_DIR=1 PYTHONPATH=/app',
    'ENV PYTHONUNBUFFERED 1',
    'COPY . .',
    'COPY --from=build --chown=app:app /app/dist /app',
    'RUN pip install -r requirements.txt',
    'RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt',
    'RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev && rm -rf /var/lib/apt/lists/*',
    'RUN pip install "requests==2.31.0"',
    'HEALTHCHECK --interval=10s CMD curl -f http://localhost:8000/health || exit 1',
    'CMD ["pytest", "-n", "2", "--dist", "worksteal"]',
    '# Dependencies first, so that their layer is used again',
    'USER app',
  ])('of a Dockerfile: %s', (line) => {
    expect(safeDockerfileLines(`${line}\n`)[0]).toBe(line);
  });

  test.each([
    'build: .',
    'command: pytest -n 4 --cov=shop',
    'stop_signal: SIGINT',
    'init: true # so that it ends at once',
    'ports: ["5432:5432"]',
    'environment:',
    'env_file: .env.test',
  ])('of a compose file: %s', (line) => {
    expect(safeComposeLines(`services:\n  db:\n    ${line}\n`)?.[2]).toBe(`    ${line}`);
  });

  test('of a healthcheck, an anchor among them', () => {
    const text =
      'x-check: &check\n  interval: 10s\n  retries: 3\nservices:\n  db:\n    image: postgres:16\n    healthcheck:\n      <<: *check\n      test: ["CMD", "pg_isready"]\n';
    expect(safeComposeLines(text)).toEqual(text.split('\n'));
  });

  test('of the options of pytest, and headers of the others', () => {
    const text =
      '[project]\nname = "x"\n\n[tool.pytest.ini_options]\naddopts = "-n auto"\nmarkers = [\n  "slow: takes long",\n]\n';
    expect(safePytestLines('pyproject.toml', text)).toEqual(
      text.split('\n').map((line, index) => (index === 1 ? null : line)),
    );
    const ini = '[pytest]\naddopts=-n auto\n  --dist loadfile\n';
    expect(safePytestLines('pytest.ini', ini)).toEqual(ini.split('\n'));
  });
});

describe('a secret does not stay', () => {
  test.each([
    [`ENV A=${P}`],
    [`ENV A ${P}`],
    [`ENV PIP_NO_CACHE_DIR=1 \\\n    API=${P}`],
    [`ENV PIP_INDEX_URL=https://me:${P}@host/simple`],
    [`ENV PYTHON_TOKEN=${P}`],
    [`ENV A="x \\\n ${P}"`],
    [`ARG A=${P}`],
    [`LABEL a=${P}`],
    [`ONBUILD ENV A=${P}`],
    [`RUN A=${P} make`],
    [`RUN app --password ${P}`],
    [`RUN app --password \\\n   ${P}`],
    [`RUN app --password \\\n  # a comment\n   ${P}`],
    [`RUN pip install -i https://me:${P}@host/simple x`],
    [`RUN <<EOF\nset -e\nexport A=${P}\nEOF`],
    [`COPY <<EOF /app/settings\n${P}\nEOF`],
    [`HEALTHCHECK CMD redis-cli -a ${P} ping`],
    [`# ENV A ${P}`],
    [`# A=${P}`],
    [P],
  ])('in a Dockerfile: %j', (text) => {
    expect(safeDockerfileLines(`FROM a\n${text}\n`).join('\n')).not.toContain(P);
  });

  test.each([
    [`environment: { A: ${P} }`],
    [`environment:\n      - A=${P}`],
    [`environment:\n      A: |\n        ${P}\n        ${P}`],
    [`environment:\n      "A=${P}": `],
    [`build:\n      context: .\n      args: [A=${P}]`],
    [`build:\n      dockerfile_inline: |\n        FROM a\n        ENV A=${P}`],
    [`labels: [a=${P}]`],
    [`command: app --password ${P}`],
    [`command: [app, --password,\n      ${P}]`],
    [`healthcheck: { test: [CMD, redis-cli, -a, ${P}, ping] }`],
    [`image: a # password: ${P}`],
    [`# A: ${P}`],
    [`x-own: ${P}`],
    [`command: &c\n      - ${P}\n    environment: *c`],
  ])('in a compose file: %j', (text) => {
    const lines = safeComposeLines(`services:\n  db:\n    ${text}\n`);
    expect(lines).not.toBeNull();
    expect(lines?.join('\n')).not.toContain(P);
  });

  test.each([
    ['pytest.ini', `[pytest]\nenv =\n  A=${P}\naddopts = -q\n`],
    ['pytest.ini', `[pytest]\naddopts = --token ${P}\n`],
    ['pytest.ini', `[pytest]\naddopts = --token\n  ${P}\n`],
    ['setup.cfg', `[tool:pytest]\naddopts = -q\n[other]\naddopts = ${P}\n`],
    ['pyproject.toml', `[tool.pytest.ini_options]\nenv = [\n  "A=${P}",\n]\n`],
    ['pyproject.toml', `[tool.other]\nkey = "${P}"\n[tool.pytest.ini_options]\naddopts = "-q"\n`],
  ] as const)('in %s: %j', (file, text) => {
    expect(safePytestLines(file, text).join('\n')).not.toContain(P);
  });
});

test('files that a patch would not fit are left out, and so is the text of an inline Dockerfile', async () => {
  const all = (text: string) => text.split(/\r?\n/);
  expect(fileText('a', 'a\nb\r\n', all)).toBeNull();
  expect(fileText('a', 'a\n'.repeat(40_000), all)).toBeNull();
  expect(fileText('a', 'a\r\nb', all)).toEqual({ file: 'a', lines: ['a', 'b'], endsWithNewline: false, crlf: true });
  const folder = layOut(temporaryFolder(), {
    'compose.yml': 'services:\n  test:\n    build: .\n',
    Dockerfile: Buffer.from('\uFEFFFROM a\n'),
    'tox.ini': '[tox]\nenvlist = py\n',
  });
  const { texts } = await read(folder, 'compose.yml', 'Dockerfile');
  expect(texts?.map(({ file }) => file)).toEqual(['compose.yml']);
});

test('git takes the patches that are made of the example project, and the files then say what the edits say', async () => {
  const folder = temporaryFolder();
  cpSync('examples/shop', folder, { recursive: true });
  const files = await read(folder, 'docker-compose.test.yml', 'Dockerfile.test');
  expect(files.texts?.map(({ file }) => file).toSorted()).toEqual([
    '.dockerignore',
    'Dockerfile.test',
    'docker-compose.test.yml',
    'pyproject.toml',
  ]);
  const lineOf = (name: string, text: string) =>
    1 + (files.texts?.find(({ file }) => file === name)?.lines.findIndex((line) => line?.includes(text)) ?? -1);
  const copy = lineOf('Dockerfile.test', 'COPY --chown');
  const addopts = lineOf('pyproject.toml', 'addopts');
  const interval = setComposeKey(files, 'db', ['healthcheck', 'interval'], '500ms');
  expect(interval).not.toBeNull();
  const patch = makePatch(files, [
    {
      kind: 'replace',
      file: 'Dockerfile.test',
      line: copy,
      endLine: copy,
      lines: ['COPY --chown=shop:shop shop shop'],
    },
    { kind: 'replace', file: 'pyproject.toml', line: addopts, endLine: addopts, lines: ['addopts = "-n 2"'] },
    ...(interval === null ? [] : [interval]),
  ]);
  writeFileSync(join(folder, 'fix.patch'), patch ?? '');
  execFileSync('git', ['init', '-q'], { cwd: folder });
  execFileSync('git', ['apply', 'fix.patch'], { cwd: folder });
  expect(readFileSync(join(folder, 'Dockerfile.test'), 'utf8')).toContain(
    '\nCOPY --chown=shop:shop shop shop\nUSER shop',
  );
  expect(readFileSync(join(folder, 'pyproject.toml'), 'utf8')).toContain('\naddopts = "-n 2"\n');
  expect(readFileSync(join(folder, 'docker-compose.test.yml'), 'utf8')).toContain('interval: 500ms\n');
});
