import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FIGURES, LONGEST } from '../vitest.config.ts';

test('every file that is to run alone or first exists', () => {
  expect([...FIGURES, ...LONGEST].filter((file) => !existsSync(new URL(`../${file}`, import.meta.url)))).toEqual([]);
});
