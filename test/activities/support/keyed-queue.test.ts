import { expect, test } from 'vitest';
import { createKeyedQueue } from '../../../src/activities/support/keyed-queue.ts';

const never = () => new AbortController().signal;

test('work of one key runs one after the other, in the order in which it came; of two keys at once', async () => {
  const queue = createKeyedQueue();
  const log: string[] = [];
  const gate = Promise.withResolvers<void>();
  const work = (key: string, name: string, until?: Promise<void>) =>
    queue.run(key, never(), async () => {
      log.push(`${name} begins`);
      await until;
      log.push(`${name} ends`);
    });
  const all = [work('a', 'a1', gate.promise), work('a', 'a2'), work('a', 'a3'), work('b', 'b1')];
  await all[3];
  expect(log).toEqual(['a1 begins', 'b1 begins', 'b1 ends']);
  gate.resolve();
  await Promise.all(all);
  expect(log.slice(3)).toEqual(['a1 ends', 'a2 begins', 'a2 ends', 'a3 begins', 'a3 ends']);
});

test('work that fails lets the next of its key begin, and fails its own caller alone', async () => {
  const queue = createKeyedQueue();
  const failing = queue.run('a', never(), async () => {
    throw new Error('no luck');
  });
  const next = queue.run('a', never(), async () => 'fine');
  await expect(failing).rejects.toThrow('no luck');
  expect(await next).toBe('fine');
});

test('who is aborted while waiting leaves without having worked, and does not let others past the one at work', async () => {
  const queue = createKeyedQueue();
  const gate = Promise.withResolvers<void>();
  const log: string[] = [];
  const first = queue.run('a', never(), async () => {
    await gate.promise;
    log.push('first');
  });
  const impatient = new AbortController();
  const second = queue.run('a', impatient.signal, async () => void log.push('second'));
  const third = queue.run('a', never(), async () => void log.push('third'));
  impatient.abort(new Error('enough'));
  await expect(second).rejects.toThrow('enough');
  expect(log).toEqual([]);
  gate.resolve();
  await Promise.all([first, third]);
  expect(log).toEqual(['first', 'third']);
});

test('who comes aborted to a key that is taken does not begin', async () => {
  const queue = createKeyedQueue();
  const gate = Promise.withResolvers<void>();
  const first = queue.run('a', never(), () => gate.promise);
  const late = queue.run('a', AbortSignal.abort(new Error('too late')), async () => 'began');
  await expect(late).rejects.toThrow('too late');
  gate.resolve();
  await first;
});
