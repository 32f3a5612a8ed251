import { describe, expect, test } from 'vitest';
import { leftOutSentence } from '../../src/analysis/left-out.ts';
import type { Lack, LeftOut } from '../../src/model/plan.ts';

const XDIST: Lack = { kind: 'package', name: 'pytest-xdist' };
const COV: Lack = { kind: 'package', name: 'pytest-cov' };
const leftOut = (...lacks: Lack[][]): LeftOut => ({
  of: 4,
  scenarios: lacks.map((each, index) => ({ name: `S${index}`, lacks: each })),
  dockerfile: 'Dockerfile.test',
});

describe('one line says what was left out, why, and what enables it', () => {
  test.each<[LeftOut, string]>([
    [
      leftOut([XDIST, COV], [XDIST], [XDIST, COV]),
      '3 of 4 default scenarios were left out: the image has no pytest-xdist and no pytest-cov; install them in Dockerfile.test to enable them.',
    ],
    [
      { ...leftOut([XDIST], [XDIST], [XDIST]), dockerfile: null },
      '3 of 4 default scenarios were left out: the image has no pytest-xdist; install it in the image to enable them.',
    ],
    [
      leftOut([{ kind: 'marker', name: 'slow' }]),
      '1 of 4 default scenarios was left out: pytest is strict about markers, and the project registers no `slow`; register it to enable it.',
    ],
    [
      leftOut(...Array.from({ length: 4 }, (): Lack[] => [{ kind: 'command', name: 'python' }])),
      'All 4 default scenarios were left out: the image has no `python`; install Python with pytest, pytest-xdist and pytest-cov in Dockerfile.test to enable them.',
    ],
    [
      leftOut([{ kind: 'plugin', name: 'pytest-xdist' }, COV]),
      '1 of 4 default scenarios was left out: the image has no pytest-cov and pytest does not load pytest-xdist, as the project is configured; install it in Dockerfile.test and have pytest load it to enable it.',
    ],
  ])('%#', (given, sentence) => {
    expect(leftOutSentence(given)).toBe(sentence);
  });
});
