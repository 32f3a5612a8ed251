/** Signs for marks, in text. Each takes two columns of a terminal. */
import type { Mark, Sign } from '../blocks.ts';

export const MARKS: Readonly<Record<Mark, string>> = { good: '✅', bad: '❌', warning: '❗', none: '– ' };

export const SIGNS: Readonly<Record<Sign, string>> = { ...MARKS, action: '→ ' };

/** For pages, where colour and a word say it as well. */
export const PAGE_SIGNS: Readonly<Record<Sign, string>> = { good: '✓', bad: '✗', warning: '!', none: '–', action: '→' };

/** What stands where there is no value. */
export const NO_VALUE = '–';
