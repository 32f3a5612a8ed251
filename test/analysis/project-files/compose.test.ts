import { describe, expect, test } from 'vitest';
import {
  composeValue,
  composeValues,
  dependencyKey,
  serviceImage,
} from '../../../src/analysis/project-files/compose.ts';
import { readComposeKeys } from '../../../src/docker/project-files/compose-keys.ts';
import type { ProjectFiles } from '../../../src/model/project-files.ts';

function filesOf(...texts: string[]): ProjectFiles {
  const composeFiles = texts.map((text, index) => {
    const read = readComposeKeys(text);
    if (read.kind !== 'keys') throw new Error('not YAML');
    return { file: `compose.${index}.yml`, keys: read.keys, leftOut: 0 };
  });
  return { dockerfiles: [], dockerignores: [], composeFiles, pytest: null, unread: [] };
}

test('the last file decides a value', () => {
  const files = filesOf('services:\n  a:\n    cpus: 1\n', 'services:\n  a:\n    cpus: 2\n');
  expect(composeValue(files, 'a', ['cpus'])).toBe(2);
  expect(composeValue(files, 'a', ['image'])).toBeNull();
});

test('texts below a key are those of all files', () => {
  const files = filesOf(
    'services:\n  a:\n    volumes: [x:/x]\n',
    'services:\n  a:\n    volumes:\n      - {source: y}\n',
  );
  expect(composeValues(files, 'a', ['volumes'])).toEqual(['x:/x', 'y']);
});

describe('the image of a service', () => {
  test.each([
    ['postgres:15', 'postgres'],
    ['docker.io/library/redis:7-alpine', 'redis'],
    ['${PG:-registry.example:5000/postgis/postgis:16}', 'postgis'],
    ['mysql@sha256:abc', 'mysql'],
  ])('%s is %s', (image, name) => {
    expect(serviceImage(filesOf(`services:\n  a:\n    image: ${image}\n`), 'a')).toBe(name);
  });

  test('is unknown for a service that builds its own', () => {
    expect(serviceImage(filesOf('services:\n  a:\n    image: postgres\n    build: .\n'), 'a')).toBeNull();
  });
});

describe('the key of a dependency', () => {
  test.each<readonly [string, string, readonly (string | number)[]]>([
    ['the only one of a list', 'depends_on: [db]', ['depends_on']],
    ['one of a list', 'depends_on: [x, db]', ['depends_on', 1]],
    ['one of a mapping', 'depends_on: {x: {condition: a}, db: {condition: b}}', ['depends_on', 'db']],
  ])('%s', (_, written, key) => {
    expect(dependencyKey(filesOf(`services:\n  a:\n    ${written}\n`), 'a', 'db')).toEqual(key);
  });
});
