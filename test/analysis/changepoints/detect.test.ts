import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyzeSeries, currentSegment, detectChanges, segments } from '../../../src/analysis/changepoints/detect.ts';
import { createRandom } from '../../../src/plan/random.ts';

const lower = { better: 'lower' } as const;
const indices = (values: readonly number[]) => detectChanges(values, lower).map(({ index }) => index);

/** About normal, mean 0, standard deviation 1: twelve uniforms less six. */
function noise(seed: number, length: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length }, () => Array.from({ length: 12 }, random).reduce((sum, value) => sum + value, -6));
}

function runs(seed: number, length: number, level: (index: number) => number, cv = 0.03): number[] {
  return noise(seed, length).map((value, index) => level(index) * (1 + cv * value));
}

const seeds = fc.integer({ min: 0, max: 1e6 });

describe('a step', () => {
  test('is found where it is, with its size, an interval around it and its direction', () => {
    const values = runs(1, 60, (index) => (index < 40 ? 100 : 120));
    const [change, ...others] = detectChanges(values, lower);
    expect(others).toEqual([]);
    expect(change).toMatchObject({ index: 40, direction: 'regression' });
    expect(change!.effect).toBeCloseTo(0.2, 1);
    expect(change!.interval.low).toBeLessThan(0.2);
    expect(change!.interval.high).toBeGreaterThan(0.2);
    expect(change!.confidence).toBeGreaterThan(0.999);
    expect([change!.before, change!.after].map(Math.round)).toEqual([
      Math.round(segments(values)[0]!.level),
      Math.round(segments(values)[1]!.level),
    ]);
  });

  test.each([
    ['four runs after the beginning', 4],
    ['four runs before the end', 56],
    ['in the middle', 30],
  ])('of 30 percent in 3 percent of noise is found %s', (_, place) => {
    const found = Array.from({ length: 100 }, (__, seed) =>
      indices(runs(seed, 60, (index) => (index < place ? 100 : 130))).some((index) => Math.abs(index - place) <= 2),
    );
    expect(found.filter(Boolean).length).toBeGreaterThanOrEqual(90);
  });

  test('down is as much a change as up, an improvement, and the other way round where higher is better', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const up = runs(seed, 50, (index) => (index < 25 ? 100 : 115));
        const down = up.map((value) => 1 / value);
        const directions = (values: readonly number[], better: 'lower' | 'higher') =>
          detectChanges(values, { better }).map(({ direction }) => direction);
        expect(directions(up, 'lower')).toEqual(['regression']);
        expect(directions(down, 'lower')).toEqual(['improvement']);
        expect(directions(up, 'higher')).toEqual(['improvement']);
        expect(directions(down, 'higher')).toEqual(['regression']);
      }),
      { numRuns: 50, seed: 6 },
    );
  });

  test('that is smaller than 4 % is not worth a word', () => {
    expect(indices(runs(1, 400, (index) => (index < 200 ? 100 : 102), 0.005))).toEqual([]);
  });

  test('that is smaller than the noise is found if it lasts', () => {
    const found = Array.from({ length: 100 }, (_, seed) =>
      indices(runs(seed, 200, (index) => (index < 100 ? 100 : 108), 0.1)),
    );
    expect(found.filter((places) => places.length > 0).length).toBeGreaterThanOrEqual(85);
  });

  test('after another is found too', () => {
    const found = indices(runs(4, 90, (index) => (index < 30 ? 100 : index < 60 ? 130 : 90)));
    expect(found).toEqual([30, 60]);
  });
});

describe('nothing is said of', () => {
  test.each<[string, readonly number[]]>([
    ['a single run', [5]],
    ['two', [5, 50]],
    ['five with noise, whatever they look like', [5, 5.1, 50, 51, 50]],
    ['a constant', Array<number>(50).fill(7)],
    ['zeros', Array<number>(50).fill(0)],
    ['a constant with one outlier', Array.from({ length: 50 }, (_, index) => (index === 20 ? 70 : 7))],
    ['zeros with one that is not', Array.from({ length: 50 }, (_, index) => (index === 20 ? 1 : 0))],
    ['two values in turn', Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? 10 : 12))],
  ])('%s', (_, values) => {
    expect(indices(values)).toEqual([]);
    expect(segments(values)).toHaveLength(1);
  });

  // Rates of healthy series, not each of them: a detector that is never wrong finds nothing.
  test.each<[string, (seed: number) => number[]]>([
    ['healthy noise', (seed) => runs(seed, 80, () => 100)],
    [
      'single spikes of 60 %',
      (seed) => runs(seed, 80, () => 100).map((value, index) => (index % 17 === seed % 17 ? value * 1.6 : value)),
    ],
    [
      'two modes',
      (seed) => {
        const random = createRandom(seed, 1);
        return runs(seed, 80, () => (random() < 0.4 ? 120 : 100));
      },
    ],
    ['a drift of 40 % over 80 runs', (seed) => runs(seed, 80, (index) => 100 * (1 + index / 200))],
  ])('%s', (_, series) => {
    const alarmed = Array.from({ length: 100 }, (__, seed) => indices(series(seed)).length).filter(Boolean);
    expect(alarmed.length).toBeLessThanOrEqual(6);
  });
});

describe('a drift', () => {
  test('is a segment of its own with its total change, and no change point', () => {
    const { changePoints, segments: found } = analyzeSeries(
      runs(5, 120, (index) => 100 * (1 + (0.4 * index) / 120)),
      lower,
    );
    expect(changePoints).toEqual([]);
    expect(found).toHaveLength(1);
    expect(found[0]!.drift).toBeCloseTo(0.4, 1);
  });

  test('is not what two levels are', () => {
    const found = segments(runs(6, 120, (index) => (index < 60 ? 100 : 130)));
    expect(found.map(({ drift }) => drift)).toEqual([null, null]);
  });

  test('that begins after a level starts a segment, not an alarm', () => {
    const { changePoints, segments: found } = analyzeSeries(
      runs(7, 200, (index) => 100 * (1 + Math.max(0, index - 100) / 150), 0.01),
      lower,
    );
    expect(changePoints).toEqual([]);
    expect(found.length).toBeGreaterThanOrEqual(2);
    expect(found.at(-1)!.drift).toBeGreaterThan(0.3);
  });
});

describe('a metric without noise', () => {
  const sizes = [...Array<number>(20).fill(500), ...Array<number>(20).fill(530)];

  test('has changed at the first run with the new level, with an exact effect', () => {
    const [change] = detectChanges(sizes.slice(0, 21), lower);
    expect(change).toMatchObject({ index: 20, before: 500, after: 530, confidence: 1 });
    expect(change!.interval.low).toBeCloseTo(0.06, 9);
    expect(change!.interval.high).toBeCloseTo(0.06, 9);
    expect(analyzeSeries(sizes, lower).kind).toBe('deterministic');
  });

  test('that creeps is reported once it has come 4 %', () => {
    const creeping = Array.from({ length: 100 }, (_, index) => 1_000 + 10 * Math.floor(index / 10));
    expect(indices(creeping)).toEqual([40, 90]);
  });
});

describe('values that have no logarithm', () => {
  test('are compared in medians of the others', () => {
    const { scale, changePoints } = analyzeSeries([...runs(8, 30, () => 10), 0, ...runs(9, 30, () => 15)], lower);
    expect(scale).toBe('linear');
    expect(changePoints).toHaveLength(1);
    expect(changePoints[0]!.index).toBeGreaterThanOrEqual(29);
    expect(changePoints[0]!.index).toBeLessThanOrEqual(32);
  });

  test('may be negative', () => {
    expect(indices(noise(10, 60).map((value, index) => value + (index < 30 ? -20 : 20)))).toEqual([30]);
  });
});

describe('the newest segment', () => {
  test('is what a next run is compared with', () => {
    const current = currentSegment(runs(11, 60, (index) => (index < 40 ? 100 : 120)));
    expect(current).toMatchObject({ start: 40, end: 60, drift: null });
    expect(current.level).toBeGreaterThan(116);
    expect(current.level).toBeLessThan(124);
    expect(current.sigma).toBeGreaterThan(0.015);
    expect(current.sigma).toBeLessThan(0.06);
  });
});

describe('whatever comes', () => {
  const anything = fc.oneof(
    fc.array(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), { minLength: 1, maxLength: 80 }),
    fc.array(fc.double({ noNaN: true, min: 1e-300, max: 1e300 }), { minLength: 1, maxLength: 80 }),
    fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 80 }),
    fc.array(fc.constantFrom(1, 1, 1, 1, 1, 2, 1e9), { minLength: 1, maxLength: 80 }),
    fc
      .array(fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 30 })), { minLength: 1, maxLength: 6 })
      .map((pieces) => pieces.flatMap(([level, length]) => Array<number>(length).fill(level))),
  );

  test('segments follow each other without gaps, change points begin some of them, and every figure is finite', () => {
    fc.assert(
      fc.property(anything, (values) => {
        const { changePoints, segments: found } = analyzeSeries(values, lower);
        expect(found.map(({ start }) => start)).toEqual([0, ...found.slice(0, -1).map(({ end }) => end)]);
        expect(found.at(-1)!.end).toBe(values.length);
        const starts = new Set(found.slice(1).map(({ start }) => start));
        for (const { index, direction, before, after, effect, interval, confidence } of changePoints) {
          expect(starts.has(index)).toBe(true);
          for (const figure of [before, after, effect, interval.low, interval.high, confidence])
            expect(Number.isFinite(figure)).toBe(true);
          expect(effect > 0 ? 'regression' : 'improvement').toBe(direction);
          expect(interval.low <= effect && effect <= interval.high).toBe(true);
          expect(confidence).toBeGreaterThan(0.99);
        }
        for (const { level, sigma } of found) expect(Number.isFinite(level) && sigma > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('the same values give the same answer, and are left as they were', () => {
    fc.assert(
      fc.property(anything, (values) => {
        const copy = [...values];
        expect(analyzeSeries(values, lower)).toEqual(analyzeSeries(copy, lower));
        expect(values).toEqual(copy);
      }),
    );
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    '%d is refused with its place',
    (value) => {
      expect(() => detectChanges([1, 2, value, 4], lower)).toThrow(
        new RangeError(`value 2 is ${value}, which is not a finite number`),
      );
    },
  );

  test('no values are refused', () => {
    expect(() => detectChanges([], lower)).toThrow(new RangeError('no values'));
  });
});
