import { describe, expect, test } from 'vitest';
import { type RunEnd, runUntilPassed, startCheckSeconds } from '../../../src/collectors/startup/healthcheck-runs.ts';
import {
  type CheckRun,
  type Evidence,
  isTold,
  type Opening,
} from '../../../src/collectors/startup/readiness-evidence.ts';

interface Service {
  /** What a run that ends then comes to. */
  readonly endAt: (seconds: number) => RunEnd;
  readonly runSeconds?: number;
  /** Of that, CPU of the container; absent where it cannot be read. */
  readonly runCpuSeconds?: number;
  readonly openings?: readonly Opening[];
  readonly expectsSign?: boolean;
  readonly timeoutSeconds?: number;
  readonly intervalSeconds?: number;
  readonly sharing?: number;
  /** By then the engine found it healthy, or it ended. */
  readonly doneAt?: number;
}

const readyAfter = (seconds: number) => (at: number) => ({ kind: at >= seconds ? 'passed' : 'failed' }) as const;

/** By a clock that only runs and pauses move on. */
async function runs(service: Service) {
  const { endAt, runSeconds = 0.06, openings = [], expectsSign = false, doneAt = 15 } = service;
  let now = 0;
  const made: CheckRun[] = [];
  const refused: string[] = [];
  let cpu = 0;
  const evidence = (): Evidence => ({
    expectsSign,
    asking: { by: 'paceline' },
    openings: openings.filter(({ seconds }) => seconds <= now),
    runs: made,
  });
  await runUntilPassed({
    run: async () => {
      now += runSeconds;
      cpu += service.runCpuSeconds ?? 0;
      return endAt(now);
    },
    cpuSeconds: async () => (service.runCpuSeconds === undefined ? null : cpu),
    timeoutSeconds: service.timeoutSeconds ?? 30,
    intervalSeconds: service.intervalSeconds ?? 15,
    elapsedSeconds: () => now,
    evidence,
    isDone: () => now >= doneAt || isTold(evidence()),
    onRun: (run) => made.push(run),
    onRefused: (reason) => refused.push(reason),
    pause: async (seconds) => {
      const woken = openings.find((opening) => opening.seconds > now)?.seconds ?? Number.POSITIVE_INFINITY;
      now = Math.min(now + seconds, woken);
    },
    sharing: () => service.sharing ?? 1,
    signal: new AbortController().signal,
  });
  return { made, refused, now, busy: (made.length * runSeconds) / now };
}

const socket = (seconds: number): Opening => ({ seconds, sign: { kind: 'socket', port: 8000 } });
const port = (seconds: number): Opening => ({ seconds, sign: { kind: 'port', port: 8000 } });

describe("a service's own healthcheck is run until it passes", () => {
  test('and no longer, with a fifth of the time spent in its runs', async () => {
    const { made, busy } = await runs({ endAt: readyAfter(6) });
    expect(made.filter(({ passed }) => passed)).toHaveLength(1);
    expect(made.at(-1)?.endedSeconds).toBeLessThan(6.4);
    expect(busy).toBeGreaterThan(0.15);
    expect(busy).toBeLessThan(0.21);
  });

  test('by each of three services a third as often', async () => {
    expect((await runs({ endAt: readyAfter(6), sharing: 3 })).busy).toBeLessThan(0.08);
  });

  test('at once when it begins to listen', async () => {
    const { made } = await runs({ endAt: readyAfter(6.1), openings: [socket(6.1)] });
    expect(made.at(-1)?.startedSeconds).toBe(6.1);
  });

  test('hardly later where it began to listen during a run', async () => {
    const { made } = await runs({ endAt: readyAfter(0.1), openings: [socket(0.05)] });
    expect(made.map(({ startedSeconds }) => startedSeconds)).toEqual([0, expect.closeTo(0.21)]);
  });

  test('where one run takes seconds, with pauses in proportion, but no longer than the interval', async () => {
    const slow = await runs({ endAt: readyAfter(60), runSeconds: 2, intervalSeconds: 30, doneAt: 60 });
    expect(slow.made.map(({ startedSeconds }) => startedSeconds)).toEqual([0, 10, 20, 30, 40, 50]);
    const slower = await runs({ endAt: readyAfter(60), runSeconds: 5, intervalSeconds: 10, doneAt: 60 });
    expect(slower.made.map(({ startedSeconds }) => startedSeconds)).toEqual([0, 15, 30, 45]);
  });

  test('where others hold its runs up, as often as their CPU time allows', async () => {
    const held = await runs({ endAt: readyAfter(6), runSeconds: 0.5, runCpuSeconds: 0.015, doneAt: 7 });
    expect(held.made.slice(0, 2).map(({ startedSeconds }) => startedSeconds)).toEqual([0, expect.closeTo(0.5 + 0.24)]);
    const costly = await runs({ endAt: readyAfter(60), runSeconds: 2, runCpuSeconds: 2, doneAt: 20 });
    expect(costly.made.map(({ startedSeconds }) => startedSeconds)).toEqual([0, 10]);
  });

  test('a run beyond its timeout has failed, whatever its exit code', async () => {
    const { made } = await runs({ endAt: readyAfter(0), runSeconds: 4, timeoutSeconds: 3, doneAt: 5 });
    expect(made[0]).toMatchObject({ passed: false });
  });

  test('until the engine finds it healthy, or it ended', async () => {
    const { made, now } = await runs({ endAt: readyAfter(100), doneAt: 15 });
    expect(made.every(({ passed }) => !passed)).toBe(true);
    expect(now).toBeLessThan(15.4);
  });

  test('once a second at most while the port that it declares is silent, and at once when that answers', async () => {
    const { made } = await runs({ endAt: readyAfter(5), openings: [port(5)], expectsSign: true });
    expect(made.length).toBeLessThan(6);
    expect(made.at(-1)?.startedSeconds).toBe(5);
  });

  test('at its own interval where it passes and the port that it declares is silent', async () => {
    const { made } = await runs({ endAt: readyAfter(0), expectsSign: true, intervalSeconds: 5, doneAt: 15 });
    expect(made.map(({ startedSeconds }) => Math.round(startedSeconds))).toEqual([1, 6, 11]);
  });

  test('again where the engine refuses for a while, as during a restart', async () => {
    const { made, refused } = await runs({
      endAt: (at) => (at < 3 ? { kind: 'refused', reason: 'it is restarting' } : { kind: 'passed' }),
    });
    expect(refused.length).toBeLessThanOrEqual(3);
    expect(refused[0]).toBe('it is restarting');
    expect(made).toMatchObject([{ passed: true }]);
  });
});

test.each([
  ['no start period', { intervalSeconds: 30, startPeriodSeconds: 0, startIntervalSeconds: 5 }, 30],
  ['a start_interval that is shorter', { intervalSeconds: 30, startPeriodSeconds: 60, startIntervalSeconds: 0.5 }, 0.5],
  ['a start_interval that is longer', { intervalSeconds: 1, startPeriodSeconds: 60, startIntervalSeconds: 5 }, 5],
])('a starting service is checked by the engine as it has %s', (_, healthcheck, seconds) => {
  expect(startCheckSeconds(healthcheck)).toBe(seconds);
});
