/** The formats that a run's result can be written in, with the names of their files. What needs more than the result is elsewhere. */
import type { RunResult } from '../../model/result.ts';
import { renderBencher } from './exchange/bencher.ts';
import { renderCsv } from './exchange/csv.ts';
import { renderGithubActionBenchmark } from './exchange/github-action-benchmark.ts';
import { renderJunit } from './exchange/junit.ts';
import { renderOpenMetrics } from './exchange/openmetrics.ts';
import { renderJson } from './json.ts';
import { renderMarkdown } from './markdown.ts';

export const RUN_FORMATS = {
  markdown: { file: 'report.md', render: renderMarkdown },
  json: { file: 'result.json', render: renderJson },
  junit: { file: 'junit.xml', render: renderJunit },
  openmetrics: { file: 'metrics.txt', render: renderOpenMetrics },
  csv: { file: 'figures.csv', render: renderCsv },
  bencher: { file: 'bencher.json', render: renderBencher },
  'github-action-benchmark': { file: 'github-action-benchmark.json', render: renderGithubActionBenchmark },
} as const satisfies Record<string, { readonly file: string; readonly render: (result: RunResult) => string }>;

export type RunFormat = keyof typeof RUN_FORMATS;

export const RUN_FORMAT_NAMES = Object.keys(RUN_FORMATS) as RunFormat[];

/** @returns the texts of the formats by the names of their files */
export function filesOfFormats(result: RunResult, formats: readonly RunFormat[]): Readonly<Record<string, string>> {
  return Object.fromEntries(formats.map((format) => [RUN_FORMATS[format].file, RUN_FORMATS[format].render(result)]));
}
