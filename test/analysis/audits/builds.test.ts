/** What the audits of the build say of Dockerfiles that look alike. */
import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { costlyCache } from '../../../src/analysis/audits/costly-cache/audit.ts';
import { imageBuiltTwice } from '../../../src/analysis/audits/image-built-twice/audit.ts';
import { layerOrder } from '../../../src/analysis/audits/layer-order/audit.ts';
import { noCacheMount } from '../../../src/analysis/audits/no-cache-mount/audit.ts';
import { baseImage } from '../../../src/analysis/audits/base-image/audit.ts';
import type { Audit, Finding } from '../../../src/analysis/audits/audit.ts';
import { readComposeKeys } from '../../../src/docker/project-files/compose-keys.ts';
import { readDockerfileFacts } from '../../../src/docker/project-files/dockerfile-facts.ts';
import type { ProjectFiles } from '../../../src/model/project-files.ts';
import { parseFactsFile } from '../../../src/analysis/facts-file.ts';
import type { BuildFacts, RunFacts } from '../../../src/model/run.ts';
import { factsOf, planOf } from '../facts.ts';

function filesOf(dockerfile: string): ProjectFiles {
  const file = 'Dockerfile.test';
  return {
    dockerfiles: [{ file, services: ['test'], target: null, ...readDockerfileFacts(dockerfile) }],
    dockerignores: [],
    composeFiles: [],
    pytest: null,
    unread: [],
    texts: [{ file, lines: dockerfile.trimEnd().split('\n'), endsWithNewline: true, crlf: false }],
  };
}

/** Every RUN took this long, in each build. */
function buildsOf(dockerfile: string, runSeconds: number): BuildFacts[] {
  const { instructions } = readDockerfileFacts(dockerfile);
  const counted = instructions.filter(
    ({ keyword }) => keyword !== 'ENV' && keyword !== 'ARG' && keyword !== 'CMD' && keyword !== 'USER',
  );
  const steps = counted.map(({ keyword, flags, arguments: words }, at) => ({
    name: `[${at + 1}/${counted.length}] ${[keyword, ...flags, words].join(' ')}`,
    seconds: keyword === 'RUN' ? runSeconds : 0.1,
    ofDockerfile: true,
    onCriticalPath: true,
  }));
  const profile = {
    steps,
    stepsLeftOut: 0,
    firstMiss: null,
    criticalPathSeconds: null,
    contextBytes: null,
    contextSeconds: null,
    exportSeconds: null,
    context: null,
    layers: [],
  };
  const image = { services: ['test'], tag: 't', seconds: 1, steps: { total: 1, cached: 0 }, imageBytes: null, profile };
  return (['cold', 'source-change'] as const).map((mode) => ({ mode, images: [image], change: null }));
}

function findings(audit: Audit, dockerfile: string, runSeconds = 10): readonly Finding[] {
  const facts = factsOf({ projectFiles: filesOf(dockerfile), builds: buildsOf(dockerfile, runSeconds) });
  return audit.audit({ facts, plan: planOf(), scenarios: [] });
}

function patchIn([first]: readonly Finding[]): string | null {
  return first?.kind === 'opportunity' && first.remedy?.kind === 'patch' ? first.remedy.patch : null;
}

/** The lines that a patch adds and removes. */
function changesIn(patch: string | null): readonly string[] {
  return (patch ?? '').split('\n').filter((line) => /^[+-](?![+-]{2})/.test(line));
}

describe('costly-cache', () => {
  const url = new URL('../../../src/analysis/audits/costly-cache/fires.json', import.meta.url);
  const { facts } = parseFactsFile(readFileSync(url, 'utf8'), 'fires.json');
  const withBuild = (seconds: number, projectFiles: RunFacts['projectFiles'] = facts.projectFiles ?? null) => {
    const builds = facts.builds.map((build) => ({
      ...build,
      images: build.images.map((image) => ({
        ...image,
        seconds,
        profile: { ...image.profile!, cacheImportSeconds: null, cacheExportSeconds: null },
      })),
    }));
    return costlyCache.audit({ facts: { ...facts, builds, projectFiles }, plan: facts.plan!, scenarios: [] });
  };

  test('names a cache whose whole build takes less than any cache could save, and promises nothing', () => {
    const [found, ...more] = withBuild(2.1);
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      kind: 'opportunity',
      saves: null,
      where: { file: 'docker-compose.test.yml', line: expect.any(Number) as number },
      remedy: { kind: 'patch' },
    });
    expect('message' in found! && found.message).toContain('its whole build takes 2.1 s without any cache');
  });

  test('says nothing of a build that has something to save, nor where no cache is exported', () => {
    expect(withBuild(30)).toEqual([]);
    const composeFiles = facts.projectFiles!.composeFiles.map((file) => ({
      ...file,
      keys: file.keys.filter(({ path }) => path[3] !== 'cache_to'),
    }));
    expect(withBuild(2.1, { ...facts.projectFiles!, composeFiles })).toEqual([]);
  });
});

describe('layer-order', () => {
  test.each<readonly [string, string, readonly string[]]>([
    [
      'copies a file that the install names by its path in the image',
      'FROM a\nCOPY . /app\nRUN pip install -r /app/deps/base.txt\n',
      ['-COPY . /app', '+COPY deps/base.txt /app/deps/', '+COPY . /app'],
    ],
    [
      'keeps the owner, and copies the requirement files of a folder together',
      'FROM a\nCOPY --chown=me . .\nRUN pip install -r requirements/test.txt\nRUN pip install -r requirements/dev.txt\n',
      [
        '-COPY --chown=me . .',
        '+COPY --chown=me requirements/test.txt requirements/dev.txt ./requirements/',
        '+COPY --chown=me . .',
      ],
    ],
    [
      'knows poetry',
      'FROM a\nCOPY . .\nRUN poetry install --no-root\n',
      ['-COPY . .', '+COPY pyproject.toml poetry.lock ./', '+COPY . .'],
    ],
  ])('%s', (_, dockerfile, wanted) => {
    expect(changesIn(patchIn(findings(layerOrder, dockerfile)))).toEqual(wanted);
  });

  test.each<readonly [string, string]>([
    ['the install needs the source', 'FROM a\nCOPY . .\nRUN pip install -r requirements.txt -e .\n'],
    ['the copy is of another stage', 'FROM a AS b\nCOPY . .\nFROM a\nRUN pip install -r requirements.txt\n'],
    ['the copy is of one folder', 'FROM a\nCOPY src /src\nRUN pip install -r requirements.txt\n'],
    ['the stage is not built', 'FROM a AS old\nCOPY . .\nRUN pip install -r requirements.txt\nFROM a\nCOPY . .\n'],
    ['packages are named, and no file is read', 'FROM a\nCOPY . .\nRUN pip install pytest\n'],
  ])('finds nothing where %s', (_, dockerfile) => {
    expect(findings(layerOrder, dockerfile)).toEqual([]);
  });

  test('finds nothing where the install is short', () => {
    expect(findings(layerOrder, 'FROM a\nCOPY . .\nRUN pip install -r requirements.txt\n', 0.4)).toEqual([]);
  });

  test('gives steps in place of a patch where other work stands between', () => {
    const found = findings(layerOrder, 'FROM a\nCOPY . .\nRUN ./prepare.sh\nRUN pip install -r requirements.txt\n');
    expect(found).toMatchObject([{ remedy: { kind: 'steps' }, where: { line: 2 } }]);
  });
});

describe('no-cache-mount', () => {
  test.each<readonly [string, string, readonly string[]]>([
    [
      'empties a variable that turns the cache off',
      'FROM a\nENV PIP_NO_CACHE_DIR=1\nCOPY r.txt .\nRUN python -m pip install -r r.txt\n',
      [
        '-RUN python -m pip install -r r.txt',
        '+RUN --mount=type=cache,target=/root/.cache/pip PIP_NO_CACHE_DIR= python -m pip install -r r.txt',
      ],
    ],
    [
      'knows uv',
      'FROM a\nRUN uv pip install -r r.txt\n',
      ['-RUN uv pip install -r r.txt', '+RUN --mount=type=cache,target=/root/.cache/uv uv pip install -r r.txt'],
    ],
  ])('%s', (_, dockerfile, wanted) => {
    expect(changesIn(patchIn(findings(noCacheMount, dockerfile)))).toEqual(wanted);
  });

  test('gives steps for a user whose home is not known', () => {
    const found = findings(noCacheMount, 'FROM a\nUSER app\nRUN pip install -r r.txt\n');
    expect(found).toMatchObject([{ remedy: { kind: 'steps' } }]);
  });

  test('promises no seconds', () => {
    expect(findings(noCacheMount, 'FROM a\nRUN pip install -r r.txt\n')).toMatchObject([
      { saves: { predicted: null } },
    ]);
  });
});

describe('base-image', () => {
  test.each<readonly [string, readonly string[]]>([
    ['FROM python:3.12-bookworm\n', ['python:3.12-slim-bookworm']],
    ['FROM python\n', ['to a version']],
    ['FROM me/tool:latest\n', ['to a version']],
    ['FROM python:3.12-alpine\n', []],
    ['FROM python@sha256:abc\n', []],
    ['ARG IMAGE=python:3.12\nFROM ${IMAGE}\n', []],
    ['FROM python:3.12-slim AS a\nFROM a\n', []],
  ])('%j', (dockerfile, wanted) => {
    const found = findings(baseImage, dockerfile);
    expect(found.map((each) => ('message' in each ? each.message : each.reason))).toEqual(
      wanted.map((words) => expect.stringContaining(words)),
    );
  });
});

describe('image-built-twice', () => {
  const COMPOSE = 'services:\n  worker:\n    build: .\n  test:\n    build: .\n';

  function built(
    images: readonly { readonly tag: string; readonly services: readonly string[] }[],
  ): readonly Finding[] {
    const dockerfile = 'FROM python:3.11\nCOPY . .\n';
    const read = readComposeKeys(COMPOSE);
    if (read.kind !== 'keys') throw new Error('not YAML');
    const files = filesOf(dockerfile);
    const projectFiles = {
      ...files,
      dockerfiles: files.dockerfiles.map((each) => ({ ...each, services: ['worker', 'test'] })),
      composeFiles: [{ file: 'compose.yml', keys: read.keys, leftOut: 0 }],
    };
    const [cold] = buildsOf(dockerfile, 1);
    const builds = [{ ...cold!, images: images.map((image) => ({ ...cold!.images[0]!, ...image })) }];
    const facts = { ...factsOf(), service: 'test', projectFiles, builds };
    return imageBuiltTwice.audit({ facts, plan: planOf(), scenarios: [] });
  }

  test('leaves the build to the service of the tests, and promises nothing where Paceline built the image once', () => {
    expect(built([{ tag: 'a', services: ['worker', 'test'] }])).toMatchObject([
      {
        message: expect.stringMatching(/image of test and worker once: give test an/) as string,
        where: { file: 'compose.yml', line: 3 },
        saves: null,
      },
    ]);
  });

  test('predicts the second build where there were two', () => {
    const two = [
      { tag: 'a', services: ['worker'] },
      { tag: 'b', services: ['test'] },
    ];
    expect(built(two)).toMatchObject([{ saves: { predicted: { value: 1 } } }]);
  });
});
