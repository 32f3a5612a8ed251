/** What several pages share. */
import { code, type Inline, type Section } from '../blocks.ts';
import { minute } from '../text/minute.ts';

/** Sections that have something to show. */
export function present(sections: readonly Omit<Section, 'details'>[]): readonly Section[] {
  return sections.filter(({ summary }) => summary.length > 0).map((section) => ({ ...section, details: [] }));
}

/** "Started 2026-11-29 06:40 UTC; workflow compare/shop/…" */
export function aboutRun({
  startedAt,
  workflowId,
}: {
  readonly startedAt: string;
  readonly workflowId: string;
}): Inline {
  return [`Started ${minute(startedAt)} UTC; workflow `, code(workflowId), '.'];
}
