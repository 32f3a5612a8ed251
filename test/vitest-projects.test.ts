import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FIGURES } from '../vitest.config.ts';

test('every file that is to run alone exists', () => {
  expect(FIGURES.filter((file) => !existsSync(new URL(`../${file}`, import.meta.url)))).toEqual([]);
});
