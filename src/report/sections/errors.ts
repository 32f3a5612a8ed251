/** What failed, what to do, and the output that shows it. */
import { item, list } from '../blocks.ts';
import type { SectionMaker } from './section.ts';

export const errors: SectionMaker = {
  id: 'errors',
  title: 'Errors',
  make: (result) => ({
    summary: list(
      result.errors.map(({ what, next, detail }) => item(what, { sign: 'bad', details: [next], output: detail })),
    ),
  }),
};
