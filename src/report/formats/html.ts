/** report.html: one self-contained page of a run. */
import type { RunResult } from '../../model/result.ts';
import { type ReportContext, RESULT_ALONE } from '../context.ts';
import { runPage } from '../pages/run.ts';
import { renderPage } from './html/page.ts';

/** The whole report as one file that needs nothing else. */
export function renderHtml(result: RunResult, context: ReportContext = RESULT_ALONE): string {
  return renderPage(runPage(result, context));
}
