import { describe, expect, test } from 'vitest';
import { officialRepository, planStandIns } from '../../../src/docker/build/stand-ins.ts';

describe('the official image behind a name', () => {
  test.each([
    ['python', 'python'],
    ['python:3.12-alpine', 'python'],
    ['library/python:3', 'python'],
    ['docker.io/python:3', 'python'],
    ['docker.io/library/python:3@sha256:abc', 'python'],
    ['mirror.example:5000/library/redis:7', 'redis'],
    ['mirror.example/proxy/library/postgres', 'postgres'],
    ['registry.example/python:3', null],
    ['localhost/python:3', null],
    ['postgis/postgis:16', null],
    ['bitnami/redis', null],
    ['redis/redis-stack', null],
  ])('%s is %s', (image, repository) => {
    expect(officialRepository(image)).toBe(repository);
  });
});

describe('images that a project needs', () => {
  const plan = (needed: readonly string[], local: readonly string[] = [], pullable: readonly string[] = []) =>
    planStandIns({
      needed,
      isLocal: async (image) => local.includes(image),
      tryPull: async (image) => (pullable.includes(image) ? null : `no route to ${image}`),
      standIns: { python: 'paceline/stand-in-python:3.11', redis: 'paceline/stand-in-redis:7' },
    });

  test('are used as they are where they are there or can be pulled', async () => {
    expect(await plan(['python:3.11', 'redis:7'], ['python:3.11'], ['redis:7'])).toEqual({ use: [], missing: [] });
  });

  test('get a stand-in else, named with what it stands for, each image once', async () => {
    expect((await plan(['python:3.12-alpine', 'python:3.12-alpine', 'redis:7'])).use).toEqual([
      { image: 'python:3.12-alpine', standIn: 'paceline/stand-in-python:3.11' },
      { image: 'redis:7', standIn: 'paceline/stand-in-redis:7' },
    ]);
  });

  test('are a problem each where nothing can stand for them', async () => {
    const { missing } = await plan(['postgis/postgis:16', 'constructor']);
    expect(missing.map(({ type, what, detail }) => [type, what, detail])).toEqual([
      [
        'ImageUnavailable',
        'The image postgis/postgis:16 is not on this host and cannot be pulled.',
        'no route to postgis/postgis:16',
      ],
      [
        'ImageUnavailable',
        'The image constructor is not on this host and cannot be pulled.',
        'no route to constructor',
      ],
    ]);
  });
});
