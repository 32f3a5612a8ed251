import { describe, expect, it } from 'vitest';
import { fanOut } from '../../src/workflows/fan-out.ts';

const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('the fan-out', () => {
  it.each([1, 2, 3, 8])('keeps at most %d at work and takes them in order', async (lanes) => {
    const begun: number[] = [];
    let atWork = 0;
    let most = 0;
    await fanOut(
      [0, 1, 2, 3, 4, 5],
      lanes,
      async (item) => {
        begun.push(item);
        most = Math.max(most, (atWork += 1));
        await tick();
        atWork -= 1;
      },
      () => undefined,
    );
    expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
    expect(most).toBe(Math.min(lanes, 6));
  });

  it('stops at the first failure, waits for the running lanes, and passes the failure on', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    let stops = 0;
    const work = async (item: number) => {
      begun.push(item);
      if (item === 1) throw new Error('first');
      await tick();
      ended.push(item);
    };
    await expect(fanOut([0, 1, 2, 3], 2, work, () => (stops += 1))).rejects.toThrow('first');
    expect({ begun, ended, stops }).toEqual({ begun: [0, 1], ended: [0], stops: 1 });
  });
});
