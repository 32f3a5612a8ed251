/** What to change, with the evidence and the seconds it saves. */
import { type Inline, item, list, seconds } from '../blocks.ts';
import type { SectionMaker } from './section.ts';

export const advice: SectionMaker = {
  id: 'advice',
  title: 'Advice',
  make: (result) => ({
    summary: list(
      result.advice.map(({ message, evidence, savedSeconds, state }) => {
        const saves: Inline = savedSeconds === null ? '' : [' (saves ', seconds(savedSeconds), `, ${state})`];
        return item([message, saves], { sign: 'action', details: evidence });
      }),
    ),
  }),
};
