import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readComposeKeys } from '../../../src/docker/project-files/compose-keys.ts';

function keysOf(text: string) {
  const read = readComposeKeys(text);
  if (read.kind !== 'keys') throw new Error(JSON.stringify(read));
  return read;
}

function shown(text: string): string[] {
  return keysOf(text).keys.map(
    ({ path, line, value }) => `${line} ${path.join('.')}${value === null ? '' : ` = ${value}`}`,
  );
}

const COMPOSE = `x-check: &check
  interval: 5s
  test: ["CMD", "redis-cli", "-a", "planted", "ping"]
services:
  test:
    build:
      context: .
      args: { TOKEN: planted }
    command: pytest --password planted
    environment:
      - A=planted
    labels: { b: planted }
    depends_on:
      redis: { condition: service_healthy }
  redis:
    image: redis:7
    environment: { PASSWORD: planted }
    healthcheck:
      <<: *check
      interval: 30s
    extra_hosts: ["planted:1.2.3.4"]
    logging: { driver: json-file, options: { token: planted } }
    tmpfs: /data
    cpus: 0.5
    init: true
secrets:
  s: { file: planted }
configs:
  c: { content: planted }
`;

test('what is kept of a compose file has its lines and no secret', () => {
  expect(JSON.stringify(keysOf(COMPOSE))).not.toContain('planted');
  expect(shown(COMPOSE)).toEqual([
    '1 x-check',
    '2 x-check.interval',
    '3 x-check.test',
    ...[0, 1, 2, 3, 4].map((item) => `3 x-check.test.${item}`),
    '4 services',
    '5 services.test',
    '6 services.test.build',
    '7 services.test.build.context = .',
    '8 services.test.build.args',
    '8 services.test.build.args.TOKEN',
    '9 services.test.command = pytest --password ***',
    '10 services.test.environment',
    '11 services.test.environment.0',
    '12 services.test.labels',
    '12 services.test.labels.b',
    '13 services.test.depends_on',
    '14 services.test.depends_on.redis',
    '14 services.test.depends_on.redis.condition = service_healthy',
    '15 services.redis',
    '16 services.redis.image = redis:7',
    '17 services.redis.environment',
    '17 services.redis.environment.PASSWORD',
    '18 services.redis.healthcheck',
    '20 services.redis.healthcheck.interval = 30s',
    '3 services.redis.healthcheck.test',
    '3 services.redis.healthcheck.test.0 = CMD',
    '3 services.redis.healthcheck.test.1 = redis-cli',
    '3 services.redis.healthcheck.test.2 = -a',
    '3 services.redis.healthcheck.test.3 = ***',
    '3 services.redis.healthcheck.test.4 = ping',
    '21 services.redis.extra_hosts',
    '21 services.redis.extra_hosts.0',
    '22 services.redis.logging',
    '22 services.redis.logging.driver = json-file',
    '22 services.redis.logging.options',
    '22 services.redis.logging.options.token',
    '23 services.redis.tmpfs = /data',
    '24 services.redis.cpus = 0.5',
    '25 services.redis.init = true',
    '26 secrets',
    '27 secrets.s',
    '27 secrets.s.file',
    '28 configs',
    '29 configs.c',
    '29 configs.c.content',
  ]);
});

describe('an odd compose file', () => {
  test.each([
    ['empty', '', []],
    ['comments alone', '# a\n', []],
    ['a scalar', 'planted', []],
    [
      'CRLF and a BOM',
      '\uFEFFservices:\r\n  a:\r\n    image: b\r\n',
      ['1 services', '2 services.a', '3 services.a.image = b'],
    ],
    [
      'a tag of compose',
      'services:\n  a:\n    ports: !reset []\n',
      ['1 services', '2 services.a', '3 services.a.ports'],
    ],
    ['an anchor that is not there', 'a: *b', ['1 a']],
    ['keys that are not strings', '1: a\n? [x]\n: b\n', ['1 1', '2 ']],
  ])('%s', (_, text, expected) => {
    expect(shown(text)).toEqual(expected);
  });

  test.each([
    ['invalid YAML', 'services:\n  a: [planted', 2],
    ['a tab as indentation', 'services:\n\ta: 1', 2],
  ])('%s is not read, and its line is known', (_, text, line) => {
    expect(readComposeKeys(text)).toEqual({ kind: 'unread', reason: { kind: 'invalid', format: 'YAML', line } });
  });

  test('anchors of anchors are cut, and so is a circle', () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level},`.repeat(9)}]`,
    );
    const { keys, leftOut } = keysOf(`l0: &l0 x\n${levels.join('\n')}`);
    expect(keys.length).toBeLessThanOrEqual(1_000);
    expect(leftOut).toBeGreaterThan(0);
    const merges = Array.from(
      { length: 25 },
      (_, level) => `m${level + 1}: &m${level + 1} { <<: [*m${level}, *m${level}] }`,
    );
    expect(keysOf(`m0: &m0 { x: 1 }\n${merges.join('\n')}`).keys.length).toBe(52);
    expect(keysOf('a: &a\n  b: *a\n').keys.length).toBeLessThan(100);
    expect(keysOf('a: &a\n  <<: *a\n  b: 1\n').keys.length).toBeLessThan(100);
  });

  test('an inline Dockerfile is found by its lines', () => {
    const block = 'services:\n  a:\n    build:\n      dockerfile_inline: |\n        FROM x\n        RUN y\n';
    expect(keysOf(block).inline).toEqual([{ service: 'a', linesBefore: 4 }]);
    expect(keysOf('services: { a: { build: { dockerfile_inline: "FROM x" } } }').inline).toEqual([
      { service: 'a', linesBefore: 0 },
    ]);
  });
});

test('brackets that are too deep are a reason, and 1 MB takes bounded time', () => {
  expect(readComposeKeys('['.repeat(100_000)).kind).toBe('unread');
  expect(readComposeKeys(`${'{a: '.repeat(50_000)}${'}'.repeat(50_000)}`).kind).toMatch(/^(keys|unread)$/);
  const services = Array.from({ length: 25_000 }, (_, index) => `  s${index}:\n    image: a:b\n`).join('');
  expect(keysOf(`services:\n${services}`)).toMatchObject({ leftOut: 1_001 });
});

test('no text makes it throw', () => {
  const part = fc.constantFrom(
    'a: ',
    '&x ',
    '*x',
    '<<: ',
    '\n',
    '  ',
    '- ',
    '[',
    '}',
    '|',
    '? ',
    '!t ',
    '"',
    '---\n',
    '%YAML 9\n',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(part, fc.string({ unit: 'binary', maxLength: 5 }))), (parts) => {
      expect(readComposeKeys(parts.join('')).kind).toMatch(/^(keys|unread)$/);
    }),
  );
});
