/**
 * The files of a report, by name: the same for everyone who writes them. What makes pages is loaded only here, when it is needed:
 * most commands write no page.
 */
import type { VerifyAdviceResult } from '../model/advice.ts';
import type { CompareResult } from '../model/comparison.ts';
import type { RunResult } from '../model/result.ts';
import type { TuneResult } from '../model/tune.ts';
import type { ReportContext } from './context.ts';

export type Files = Readonly<Record<string, string>>;

/** Of a run. */
export async function runFiles(result: RunResult, context: ReportContext): Promise<Files> {
  const [{ renderJson }, { renderMarkdown }] = await Promise.all([
    import('./formats/json.ts'),
    import('./formats/markdown.ts'),
  ]);
  return {
    'result.json': renderJson(result),
    'report.md': renderMarkdown(result),
    'report.html': await runHtml(result, context),
  };
}

/** report.html alone. */
export async function runHtml(result: RunResult, context: ReportContext): Promise<string> {
  const { renderHtml } = await import('./formats/html.ts');
  return renderHtml(result, context);
}

export async function comparisonFiles(result: CompareResult): Promise<Files> {
  const { renderComparisonMarkdown } = await import('./comparison.ts');
  return {
    'comparison.json': json(result),
    'comparison.md': renderComparisonMarkdown(result),
    'comparison.html': await comparisonHtml(result),
  };
}

/** comparison.html alone. */
export async function comparisonHtml(result: CompareResult): Promise<string> {
  const [{ comparisonPage }, { renderPage }] = await Promise.all([
    import('./pages/comparison.ts'),
    import('./formats/html/page.ts'),
  ]);
  return renderPage(comparisonPage(result));
}

export async function verificationFiles(result: VerifyAdviceResult): Promise<Files> {
  const [{ renderVerificationMarkdown }, { verificationPage }, { renderPage }] = await Promise.all([
    import('./verification.ts'),
    import('./pages/verification.ts'),
    import('./formats/html/page.ts'),
  ]);
  return {
    'verification.json': json(result),
    'verification.md': renderVerificationMarkdown(result),
    'verification.html': renderPage(verificationPage(result)),
  };
}

export async function tuningFiles(result: TuneResult): Promise<Files> {
  const [{ renderTuningMarkdown }, { tuningPage }, { renderPage }] = await Promise.all([
    import('./tune.ts'),
    import('./pages/tune.ts'),
    import('./formats/html/page.ts'),
  ]);
  return {
    'tune.json': json(result),
    'tune.md': renderTuningMarkdown(result),
    'tune.html': renderPage(tuningPage(result)),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
