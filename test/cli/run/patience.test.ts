import { expect, test } from 'vitest';
import { untilAnswered } from '../../../src/cli/run/patience.ts';
import { reportFailure } from '../../../src/cli/failure.ts';
import type { Io } from '../../../src/cli/io.ts';

/** As the SDK throws it: its own error, with gRPC's as the cause. */
function refused(code: number): Error {
  const grpc = Object.assign(new Error(`${code} context deadline exceeded`), { code, details: 'late', metadata: {} });
  return new Error('Failed to get Workflow execution history', { cause: grpc });
}

const DEADLINE_EXCEEDED = 4;
const NOT_FOUND = 5;

function patience() {
  const clock = { ms: 0 };
  const over = new AbortController();
  return {
    over,
    options: {
      address: 'temporal.test:17233',
      worksHere: false,
      over: over.signal,
      nowMs: () => clock.ms,
      pause: async () => {
        clock.ms += 60_000;
      },
    },
  };
}

test('a server that answers late is asked again without a word', async () => {
  const errors = [refused(DEADLINE_EXCEEDED), refused(DEADLINE_EXCEEDED)];
  const ask = async () => {
    const error = errors.shift();
    if (error !== undefined) throw error;
    return 'answer';
  };
  expect(await untilAnswered(ask, patience().options)).toBe('answer');
});

test('after five minutes without an answer the message says that the run goes on', async () => {
  const asked = untilAnswered(() => Promise.reject(refused(DEADLINE_EXCEEDED)), patience().options);
  await expect(asked).rejects.toMatchObject({
    problem: {
      what: 'The Temporal server at temporal.test:17233 did not answer for 5 minutes.',
      next: 'The run goes on. Run the same command again: it attaches to the run.',
    },
  });
});

test('any other error is thrown at once, and so is a late answer after the run is over', async () => {
  const { options, over } = patience();
  await expect(untilAnswered(() => Promise.reject(refused(NOT_FOUND)), options)).rejects.toThrow('Failed to get');
  over.abort();
  await expect(untilAnswered(() => Promise.reject(refused(DEADLINE_EXCEEDED)), options)).rejects.toThrow('Failed to');
});

test.each([
  { what: 'a late answer', error: refused(DEADLINE_EXCEEDED), said: 'The Temporal server did not answer in time.' },
  { what: 'an error of the SDK', error: refused(NOT_FOUND), said: 'This is a bug in Paceline.' },
])('$what is reported as what it is', async ({ error, said }) => {
  const written: string[] = [];
  const io = { err: (text: string) => written.push(text), stderr: { color: false } } as unknown as Io;
  expect(await reportFailure(error, io)).toBe(2);
  expect(written.join('')).toContain(said);
});
