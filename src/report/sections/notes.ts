/** What else the reader should know, such as images that were replaced by stand-ins. */
import type { RunResult } from '../../model/result.ts';
import { item, list } from '../blocks.ts';
import type { SectionMaker } from './section.ts';

export const notes: SectionMaker = {
  id: 'notes',
  title: 'Notes',
  make: (result) => ({ summary: list([...result.notes, ...standIns(result)].map((note) => item(note))) }),
};

/** Figures taken with a stand-in are not those of the real image. */
function standIns({ hosts }: RunResult): readonly string[] {
  const lines = hosts.flatMap((host) => host.standIns.map(({ image, standIn }) => `${standIn} stood in for ${image}`));
  return [...new Set(lines)];
}
