/** What a section of a run's report is. To add one: a file here with a `SectionMaker`, and its name in index.ts. */
import type { RunResult } from '../../model/result.ts';
import type { ReportContext } from '../context.ts';
import type { Section } from '../blocks.ts';

export interface SectionMaker extends Pick<Section, 'id' | 'title' | 'folded'> {
  /** Blocks of the result; a section without blocks is not shown. */
  readonly make: (result: RunResult, context: ReportContext) => Partial<Omit<Section, 'id'>>;
}
