import { expect, test } from 'vitest';
import { diedWithEngine } from '../../../src/collectors/outcome/engine-restart.ts';

/** Minutes and seconds past noon. */
const at = (time: string | null) => (time === null ? null : `2026-01-01T12:${time}Z`);

test.each<[string, string | null, string | null, number | null, string | null, boolean]>([
  ['were stopped with it', '00:00', '05:00', 137, '05:08', true],
  ['ended by its signal in their own way', '00:00', '05:00', 2, '05:08', true],
  ['were found gone when it came back', '00:00', '05:09', 255, '05:08', true],
  ['passed just before', '00:00', '05:00', 0, '05:08', false],
  ['failed long before', '00:00', '03:00', 1, '05:08', false],
  ['began after it', '05:10', '05:20', 137, '05:08', false],
  ['went on through it, and failed later', '00:00', '06:00', 1, '05:08', false],
  ['run on an engine that does not tell its start', '00:00', '05:00', 137, null, false],
  ['never ran', null, null, 128, '05:08', false],
])('tests that %s', (_, startedAt, finishedAt, exitCode, engine, expected) => {
  const state = { startedAt: at(startedAt), finishedAt: at(finishedAt), exitCode };
  expect(diedWithEngine(state, at(engine))).toBe(expected);
});
