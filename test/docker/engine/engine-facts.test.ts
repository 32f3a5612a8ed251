import type Dockerode from 'dockerode';
import { describe, expect, test } from 'vitest';
import { containerFacts, dependsOnVersion } from '../../../src/docker/engine/engine-facts.ts';

const message = (config: object, host: object = {}) =>
  ({
    Id: 'c1',
    Name: '/shop-db-1',
    State: { Status: 'running', StartedAt: '2026-01-01T00:00:01Z', Pid: 7 },
    Config: { Image: 'db', ...config },
    HostConfig: host,
    NetworkSettings: { Networks: {} },
    Mounts: [],
  }) as unknown as Dockerode.ContainerInspectInfo;

describe("the command of a container's healthcheck", () => {
  test.each<[string, object, object | null]>([
    [
      'is run as it is',
      { Healthcheck: { Test: ['CMD', 'pg_isready', '-U', 'shop'], Timeout: 5e9 } },
      { command: ['pg_isready', '-U', 'shop'], timeoutSeconds: 5 },
    ],
    [
      "is run by sh where it is one text, within the engine's own timeout",
      { Healthcheck: { Test: ['CMD-SHELL', 'test -e /ready'] } },
      { command: ['/bin/sh', '-c', 'test -e /ready'], timeoutSeconds: 30 },
    ],
    [
      "is run by the image's SHELL where it names one",
      { Healthcheck: { Test: ['CMD-SHELL', 'test -e /ready'] }, Shell: ['/bin/bash', '-eo', 'pipefail', '-c'] },
      { command: ['/bin/bash', '-eo', 'pipefail', '-c', 'test -e /ready'], timeoutSeconds: 30 },
    ],
    ['is none where it has none', {}, null],
    ['is none where it is switched off', { Healthcheck: { Test: ['NONE'] } }, null],
    ['is none where nothing is to be run', { Healthcheck: { Test: ['CMD'] } }, null],
    ['is none of a kind that the engine does not know', { Healthcheck: { Test: ['curl', 'localhost'] } }, null],
  ])('%s', (_, config, healthTest) => {
    expect(containerFacts(message(config)).healthTest).toEqual(healthTest);
  });
});

describe('the interval of a healthcheck within its start period', () => {
  const check = (times: object) => message({ Healthcheck: { Test: ['CMD', 'true'], Interval: 2e9, ...times } });
  const PERIOD = { StartPeriod: 60e9 };
  test.each<[string, object, string | null, number]>([
    ['is the one that is written', { ...PERIOD, StartInterval: 1e9 }, '27.0.1', 1],
    ['is the interval itself up to version 26.1.5', PERIOD, '26.1.5+dfsg1', 2],
    ['is 5 s from version 27 on', PERIOD, '27.0.1', 5],
    ['is 5 s in what was released after 26.1.5', PERIOD, '26.1.6', 5],
    ['is the interval where the version has no numbers', PERIOD, 'dev', 2],
    ['is the interval where the version is not known', PERIOD, null, 2],
    ['is the interval without a start period', {}, '27.0.1', 2],
  ])('%s', (_, times, version, seconds) => {
    expect(containerFacts(check(times), version).healthcheck?.startIntervalSeconds).toBe(seconds);
  });

  test('depends on the version only with a start period that has no interval of its own', () => {
    expect(dependsOnVersion(check(PERIOD))).toBe(true);
    expect(dependsOnVersion(check({ ...PERIOD, StartInterval: 1e9 }))).toBe(false);
    expect(dependsOnVersion(check({}))).toBe(false);
    expect(dependsOnVersion(message({}))).toBe(false);
  });
});

test('the network that a container joins is known, unless the engine does not report it', () => {
  expect(containerFacts(message({}, { NetworkMode: 'container:abc' })).networkMode).toBe('container:abc');
  expect(containerFacts(message({})).networkMode).toBe('');
});
