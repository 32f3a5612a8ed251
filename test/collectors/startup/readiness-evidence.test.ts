import { describe, expect, test } from 'vitest';
import {
  type CheckRun,
  type Evidence,
  howSeen,
  isTold,
  type Opening,
  readyAt,
} from '../../../src/collectors/startup/readiness-evidence.ts';

const port = (seconds: number): Opening => ({ seconds, sign: { kind: 'port', port: 5432 } });
const socket = (seconds: number, number = 8000): Opening => ({ seconds, sign: { kind: 'socket', port: number } });
const log = (seconds: number): Opening => ({ seconds, sign: { kind: 'log', line: 'ready for connections' } });
const run = (startedSeconds: number, passed: boolean, took = 0.1): CheckRun => ({
  startedSeconds,
  endedSeconds: startedSeconds + took,
  passed,
});
const seen = (change: Partial<Evidence>): Evidence => ({
  expectsSign: false,
  asking: { by: 'paceline' },
  openings: [],
  runs: [],
  ...change,
});

const unasked = { by: 'unasked' } as const;
const byEngine = { by: 'engine', intervalSeconds: 1 } as const;

describe('a service is ready', () => {
  test.each<[string, Partial<Evidence>, number | null, number, string]>([
    [
      'without a healthcheck, when its port answers',
      { asking: unasked, expectsSign: true, openings: [socket(0.5, 4369), port(2)] },
      null,
      2,
      'TCP port 5432',
    ],
    [
      'without a healthcheck, when it first listens',
      { asking: unasked, openings: [socket(1.5), log(1.6)] },
      null,
      1.5,
      'it listens on TCP port 8000',
    ],
    [
      'without a healthcheck, when its log reports it',
      { asking: unasked, openings: [log(1.6)] },
      null,
      1.6,
      'its log: "ready for connections"',
    ],
    [
      'where the port that it declares is silent, when it listens on another',
      { asking: unasked, expectsSign: true, openings: [socket(1.5)] },
      null,
      1.5,
      'it listens on TCP port 8000',
    ],
    [
      'when its healthcheck passes just after it listens',
      { openings: [socket(1.5)], runs: [run(1.2, false), run(1.55, true)] },
      15,
      1.5,
      'it listens on TCP port 8000, and its healthcheck passes',
    ],
    [
      'when it listened during a healthcheck run that passes',
      { openings: [socket(1.55)], runs: [run(1.2, false), run(1.5, true)] },
      15,
      1.55,
      'it listens on TCP port 8000, and its healthcheck passes',
    ],
    [
      'later than it listens where its healthcheck still failed then: in the middle between the ends of the last failure and the pass',
      { openings: [socket(1.5)], runs: [run(1.6, false), run(10, false), run(10.4, true)] },
      15,
      10.3,
      'its healthcheck, run by Paceline',
    ],
    [
      'when its healthcheck passes at the first run',
      { runs: [run(0.8, true)] },
      15,
      0.8,
      'its healthcheck, run by Paceline',
    ],
    [
      'when its port answers, whatever its healthcheck said before',
      { expectsSign: true, openings: [port(3)], runs: [run(1, true), run(3.01, true)] },
      15,
      3,
      'TCP port 5432, and its healthcheck passes',
    ],
    [
      'when its healthcheck passes after its port answered, as after migrations',
      { expectsSign: true, openings: [port(1)], runs: [run(1.05, false), run(9.9, false), run(10.1, true)] },
      15,
      10.1,
      'its healthcheck, run by Paceline',
    ],
    [
      'when its healthcheck passes where the port that it declares never answers',
      { expectsSign: true, runs: [run(1, false), run(2, true)] },
      15,
      1.6,
      'its healthcheck, run by Paceline',
    ],
    [
      'when the engine finds it healthy before a run by Paceline passed',
      { runs: [run(1, false)] },
      2,
      2,
      'its healthcheck, run by the engine',
    ],
    [
      'when it listened after the last run by Paceline and before the engine found it healthy',
      { openings: [socket(1.8)], runs: [run(1, false)] },
      2,
      1.8,
      'it listens on TCP port 8000, and its healthcheck passes',
    ],
    [
      'where the engine asks every second, when its port answered less than two before',
      { asking: byEngine, expectsSign: true, openings: [port(1.2)] },
      2.1,
      1.2,
      'TCP port 5432, and its healthcheck passes',
    ],
    [
      'where the engine asks every second, when it is healthy, long after its port answered',
      { asking: byEngine, expectsSign: true, openings: [port(1.2)] },
      9.1,
      9.1,
      'its healthcheck, run by the engine',
    ],
    ['never after it is healthy', { runs: [run(1, false), run(2, true, 1)] }, 2, 2, 'its healthcheck, run by Paceline'],
  ])('%s', (_, evidence, healthySeconds, seconds, how) => {
    const ready = readyAt(seen(evidence), healthySeconds)!;
    expect(ready.seconds).toBeCloseTo(seconds);
    expect(howSeen(ready)).toBe(how);
  });

  test.each<[string, Partial<Evidence>, number | null]>([
    ['nothing told', {}, null],
    ['its healthcheck has failed so far', { openings: [socket(1)], runs: [run(1.1, false)] }, null],
    ['its healthcheck could not be run, and only the engine found it healthy', {}, 15],
    ['it has none', { asking: unasked }, null],
  ])('at an unknown time where %s', (_, evidence, healthySeconds) => {
    expect(readyAt(seen(evidence), healthySeconds)).toBeNull();
  });
});

describe('nothing more is to be told', () => {
  test.each<[string, Partial<Evidence>, boolean]>([
    ['once a run passed', { runs: [run(1, true)] }, true],
    ['not before', { openings: [socket(1)], runs: [run(1.1, false)] }, false],
    ['not while a sign is to come that may contradict it', { expectsSign: true, runs: [run(1, true)] }, false],
    ['nor by a run from before that sign', { expectsSign: true, openings: [port(2)], runs: [run(1, true)] }, false],
    ['but by one after it', { expectsSign: true, openings: [port(2)], runs: [run(1, true), run(2.1, true)] }, true],
  ])('%s', (_, evidence, told) => {
    expect(isTold(seen(evidence))).toBe(told);
  });
});
