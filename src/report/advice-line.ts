import type { Advice } from '../model/result.ts';
import { savesWords } from './advice-words.ts';
import { code, type Inline, message } from './blocks.ts';

/** One line: where, what, and the seconds it saves. */
export function adviceLine(advice: Advice): Inline {
  const { where } = advice;
  const saves = savesWords(advice);
  return [
    where === null ? '' : [code(`${where.file}:${where.line}`), ' '],
    message(advice.message),
    saves === '' ? '' : ` (${saves})`,
  ];
}
