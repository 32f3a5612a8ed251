/** What to change, with the evidence and the seconds it saves. */
import type { Advice } from '../../model/result.ts';
import { type Inline, item, list, quantity } from '../blocks.ts';
import type { SectionMaker } from './section.ts';

export const advice: SectionMaker = {
  id: 'advice',
  title: 'Advice',
  make: (result) => ({
    summary: list(
      result.advice.map((advice) =>
        item([advice.message, savedWords(advice)], { sign: 'action', details: advice.evidence }),
      ),
    ),
  }),
};

function savedWords({ saves, state }: Advice): Inline {
  if (saves === null || saves.predicted === null) return '';
  return [' (saves ', quantity(saves.predicted.value, saves.unit), `, ${state})`];
}
