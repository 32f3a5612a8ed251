import { describe, expect, test } from 'vitest';
import { type Pointed, placeOf } from '../../src/analysis/place-of.ts';
import { readComposeKeys } from '../../src/docker/project-files/compose-keys.ts';
import { readDockerfileFacts } from '../../src/docker/project-files/dockerfile-facts.ts';
import type { ComposeFileFacts, ProjectFiles } from '../../src/model/project-files.ts';

function composeFile(file: string, text: string): ComposeFileFacts {
  const read = readComposeKeys(text);
  if (read.kind !== 'keys') throw new Error(file);
  return { file, keys: read.keys, leftOut: read.leftOut };
}

const STAGES = `FROM python:3.11 AS deps
RUN pip install x
FROM node:22
WORKDIR /web
ENV A=1
RUN npm ci
FROM deps AS Test
COPY . /app
RUN make
`;

const FILES: ProjectFiles = {
  dockerfiles: [
    { file: 'Dockerfile', services: ['test'], target: null, ...readDockerfileFacts(STAGES) },
    {
      file: 'db/Dockerfile',
      services: ['db'],
      target: null,
      ...readDockerfileFacts('# c\nFROM postgres\nCOPY a b\nRUN c\n'),
    },
    { file: 'Dockerfile', services: ['web'], target: 'deps', ...readDockerfileFacts('FROM x AS deps\nRUN y\n') },
  ],
  dockerignores: [],
  composeFiles: [
    composeFile(
      'compose.yml',
      'services:\n  db:\n    healthcheck:\n      interval: 30s\n      retries: 3\n    tmpfs: [/a, /b]\n',
    ),
    composeFile('compose.ci.yml', 'services:\n  db:\n    healthcheck:\n      interval: 10s\n'),
  ],
  pytest: { file: 'pyproject.toml', options: [{ name: 'addopts', line: 12, value: '-q' }], leftOut: 0 },
  unread: [],
};

const key = (service: string, ...path: (string | number)[]): Pointed => ({ kind: 'composeKey', service, key: path });
const step = (service: string, name: string): Pointed => ({ kind: 'buildStep', service, step: name });

describe('the place of', () => {
  test.each<[string, Pointed, [string, number] | null]>([
    ['a service', key('db'), ['compose.ci.yml', 2]],
    ['a key that a later file overrides', key('db', 'healthcheck', 'interval'), ['compose.ci.yml', 4]],
    ['a key of the first file', key('db', 'healthcheck', 'retries'), ['compose.yml', 5]],
    ['an item of a list', key('db', 'tmpfs', 1), ['compose.yml', 6]],
    ['a key that is not there', key('db', 'healthcheck', 'start_interval'), null],
    ['a service that is not there', key('x'), null],
    ['an option of pytest', { kind: 'pytestOption', name: 'addopts' }, ['pyproject.toml', 12]],
    ['an option that is not set', { kind: 'pytestOption', name: 'timeout' }, null],
    ['a step of a named stage', step('test', '[deps 2/2] RUN pip install x'), ['Dockerfile', 2]],
    ['a step of a stage without a name', step('test', '[stage-1 3/3] RUN npm ci'), ['Dockerfile', 6]],
    ['a WORKDIR', step('test', '[stage-1 2/3] WORKDIR /web'), ['Dockerfile', 4]],
    ['a step whose number is padded', step('test', '[stage-1  3/3] RUN npm ci'), ['Dockerfile', 6]],
    ['a stage in other letters', step('test', '[test 2/3] COPY . /app'), ['Dockerfile', 8]],
    ['a base image', step('test', '[test 1/3] FROM deps'), ['Dockerfile', 7]],
    ['a step with its platform', step('test', '[linux/arm64 test 3/3] RUN make'), ['Dockerfile', 9]],
    ['a step after ONBUILD instructions of the base image', step('test', '[test 5/5] RUN make'), ['Dockerfile', 9]],
    ['a step whose number is above the total by such', step('test', '[test 4/3] RUN make'), ['Dockerfile', 9]],
    ['a step before it', step('test', '[test 3/3] COPY . /app'), ['Dockerfile', 8]],
    ['an ONBUILD instruction of the base image', step('test', '[test 2/5] RUN base'), null],
    ['a step of a Dockerfile with one stage', step('db', '[2/3] COPY a b'), ['db/Dockerfile', 3]],
    ['its base image, with a platform', step('db', '[linux/amd64 1/3] FROM postgres'), ['db/Dockerfile', 2]],
    ['a step of the stage that is the target', step('web', '[2/2] RUN y'), ['Dockerfile', 2]],
    ['a step that is another instruction', step('db', '[3/3] COPY c'), null],
    ['a step of a stage that is not there', step('test', '[x 2/2] RUN y'), null],
    ["a step of BuildKit's own", step('test', '[internal] load build context'), null],
    ['a step of a service without a build', step('redis', '[2/2] RUN x'), null],
  ])('%s', (_, pointed, place) => {
    expect(placeOf(FILES, pointed)).toEqual(place === null ? null : { file: place[0], line: place[1] });
  });

  test('anything is unknown where the files were not read', () => {
    expect(placeOf(null, key('db'))).toBeNull();
    expect(placeOf(undefined, step('db', '[2/3] COPY a b'))).toBeNull();
  });
});
