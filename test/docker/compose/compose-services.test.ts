import { describe, expect, test } from 'vitest';
import type { ComposeModel } from '../../../src/docker/compose/compose-model.ts';
import { findTestService, servicesBeside } from '../../../src/docker/compose/compose-services.ts';

const needs = (...names: readonly string[]) => ({
  depends_on: Object.fromEntries(names.map((name) => [name, { condition: 'service_started', required: true }])),
});

const MODEL: ComposeModel = {
  services: {
    api: { ...needs('db') },
    cache: { network_mode: 'service:db' },
    db: {},
    mailer: { deploy: { replicas: 0 } },
    queue: { volumes_from: ['seeds:ro', 'container:other'] },
    report: { ...needs('test') },
    seeds: { profiles: ['tools'] },
    test: { profiles: ['test'], ...needs('cache'), links: ['queue:q'] },
    tools: { profiles: ['tools'] },
  },
};

describe('the test service', () => {
  test('is the one that is asked for, or `test`', () => {
    expect(findTestService(MODEL, 'c.yml', 'api')).toBe('api');
    expect(findTestService(MODEL, 'c.yml', null)).toBe('test');
  });

  test.each([
    ['an unknown name gets the nearest one', MODEL, 'tset', /no service `tset`.*Did you mean `test`\?/],
    [
      'none is a question',
      { services: { web: {}, app: {} } },
      null,
      /not clear which service runs the tests\. It has: app, web\..*--service NAME/,
    ],
    ['a file without services is reported', { services: {} }, null, /c\.yml has no services\./],
  ])('%s', (_, model, wanted, message) => {
    expect(() => findTestService(model, 'c.yml', wanted)).toThrow(message);
  });
});

describe('the services next to it', () => {
  test('are what a plain `up` starts and what the tests need, whatever the way and the profile', () => {
    const up = ['api', 'cache', 'db', 'mailer', 'queue', 'report'];
    expect(servicesBeside(MODEL, 'test', up)).toEqual({
      services: ['api', 'cache', 'db', 'queue', 'seeds'],
      notes: ['`report` is left out: it needs `test`, so starting it would run the tests.'],
    });
  });

  test('are none where the test service is alone, also if `up` would start it', () => {
    expect(servicesBeside({ services: { test: {} } }, 'test', ['test'])).toEqual({ services: [], notes: [] });
  });

  test('a dependency that is not required is started only if `up` starts it', () => {
    const model = {
      services: { a: {}, test: { depends_on: { a: { condition: 'service_started', required: false } } } },
    };
    expect(servicesBeside(model, 'test', ['test']).services).toEqual([]);
    expect(servicesBeside(model, 'test', ['a', 'test']).services).toEqual(['a']);
  });
});
