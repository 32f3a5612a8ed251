import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { notAsked, readAnswer } from '../../../src/collectors/service-probe/answer.ts';
import { latencies } from '../../../src/collectors/service-probe/collector.ts';
import type { Target } from '../../../src/collectors/service-probe/targets.ts';

const DB: Target = {
  service: 'db',
  host: 'db',
  port: 5432,
  postgres: { user: 'shop', password: 'secret', database: 'shop' },
};

const say = (...answers: readonly unknown[]) => `noise of the image\nPACELINE-PROBE ${JSON.stringify(answers)}\n`;
const twenty = Array.from({ length: 20 }, (_, index) => index + 1);

it('gives the median of each kind of call and its 95th percentile by nearest rank', () => {
  const answer = readAnswer(
    say({ dns: [0.002, 0.001], tcp: twenty, postgres: { auth: 'md5', connect: [0.3], select: [0.2], write: [0.1] } }),
    'test',
    [DB],
  );
  expect(answer?.timings).toEqual([
    {
      from: 'test',
      service: 'db',
      port: 5432,
      dns: { kind: 'measured', calls: 2, medianSeconds: 0.0015, p95Seconds: 0.002 },
      tcp: { kind: 'measured', calls: 20, medianSeconds: 10.5, p95Seconds: 19 },
      postgres: {
        auth: 'md5',
        connect: { kind: 'measured', calls: 1, medianSeconds: 0.3, p95Seconds: 0.3 },
        select: { kind: 'measured', calls: 1, medianSeconds: 0.2, p95Seconds: 0.2 },
        write: { kind: 'measured', calls: 1, medianSeconds: 0.1, p95Seconds: 0.1 },
      },
    },
  ]);
});

test.each([
  ['dns', 'Name or service not known', 'the name `db` is unknown there: the two services share no network'],
  ['refused', '[Errno 111] Connection refused', 'nothing listens on port 5432 (connection refused)'],
  ['timeout', 'timed out', 'port 5432 did not answer within 2 s'],
  [null, 'No route to host', 'No route to host'],
])('a service that cannot be asked (%s) has its reason in words', (code, message, reason) => {
  const answer = readAnswer(say({ error: { code, message } }), 'test', [DB]);
  expect(answer?.timings[0]?.tcp).toEqual({ kind: 'notMeasured', reason });
});

test.each([
  [
    '28000',
    'no pg_hba.conf entry for host "1.2.3.4", user "u", database "d", no encryption',
    'the server requires TLS',
  ],
  ['28000', 'no pg_hba.conf entry for host "1.2.3.4", user "u", database "d", SSL off', 'the server requires TLS'],
  ['08P01', 'SSL required', 'the server requires TLS'],
  [
    '28P01',
    'password authentication failed for user "shop"',
    "the server refused the password that the service's environment has for `shop`",
  ],
  ['3D000', 'database "shop" does not exist', 'the server refused: database "shop" does not exist (3D000)'],
  [null, 'the server closed the connection', 'the server closed the connection'],
])('a server that refuses with %s says why', (code, message, reason) => {
  const answer = readAnswer(say({ dns: [1], tcp: [1], postgres: { error: { code, message } } }), 'test', [DB]);
  expect(answer?.timings[0]?.postgres?.connect).toEqual({ kind: 'notMeasured', reason });
});

it('what is measured before a refusal stays', () => {
  const refused = {
    auth: 'trust',
    connect: [0.01],
    select: [0.001],
    error: { code: '42501', message: 'no temp tables' },
  };
  const answer = readAnswer(say({ dns: [1], tcp: [1], postgres: refused }), 'test', [DB]);
  expect(answer?.timings[0]?.postgres).toMatchObject({
    select: { kind: 'measured' },
    write: { kind: 'notMeasured', reason: 'the server refused: no temp tables (42501)' },
  });
});

it('any other output is not an answer', () => {
  expect(readAnswer('', 'test', [DB])).toBeNull();
  expect(readAnswer(say(), 'test', [DB])).toBeNull();
  expect(readAnswer('PACELINE-PROBE [{"tcp": [', 'test', [DB])).toBeNull();
  fc.assert(
    fc.property(fc.json(), (json) => {
      const answer = readAnswer(`PACELINE-PROBE ${json}`, 'test', [DB]);
      return answer === null || answer.timings.length === 1;
    }),
  );
});

describe('the latency', () => {
  const ask = (tcp: Record<string, readonly number[]>) => {
    const targets = Object.keys(tcp).map((service) => ({ ...DB, service, postgres: null }));
    return readAnswer(say(...Object.values(tcp).map((calls) => ({ dns: [1], tcp: calls }))), 'test', targets)!.timings;
  };

  it('is the worst service, by its median and not by its worst call', () => {
    const [whole] = latencies(ask({ steady: [0.002, 0.002, 0.002], jumpy: [0.001, 0.001, 0.5] }));
    expect(whole).toMatchObject({ metric: 'network.latency', subject: {}, value: { kind: 'measured', value: 0.002 } });
  });

  it('leaves out what could not be asked, unless nothing could', () => {
    const none = notAsked('the test image has no Python interpreter', 'test', [{ ...DB, service: 'gone' }]);
    const [whole, ...services] = latencies([...ask({ db: [0.004] }), ...none]);
    expect(whole?.value).toEqual({ kind: 'measured', value: 0.004 });
    expect(services.map(({ subject, value }) => [subject.service, value.kind])).toEqual([
      ['db', 'measured'],
      ['gone', 'notAvailable'],
    ]);
    expect(latencies(none)[0]?.value.kind).toBe('notAvailable');
  });
});
