/**
 * Whole results and reports by cases: test/golden/<case>/facts.json is what was stored, the files next to it are made
 * from it. `UPDATE_GOLDEN=1 npm run test:unit` rewrites them; read the diff before you commit it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { factsFileOf, parseFactsFile, resultOfFacts } from '../../src/analysis/facts-file.ts';
import type { RunResult } from '../../src/model/result.ts';
import { renderComment } from '../../src/report/formats/comment.ts';
import { renderFacts, renderJson } from '../../src/report/formats/json.ts';
import { renderHtml } from '../../src/report/formats/html.ts';
import { renderMarkdown } from '../../src/report/formats/markdown.ts';
import { resultSchema } from '../../src/report/schema/result-schema.ts';
import { renderSummary } from '../../src/report/formats/terminal-summary.ts';
import { renderResult } from '../../src/report/formats/terminal.ts';
import { displayWidth } from '../../src/report/text/width.ts';

const FOLDER = new URL('../golden/', import.meta.url);
const CASES = readdirSync(FOLDER);

const FORMS: Readonly<Record<string, (result: RunResult) => string>> = {
  'result.json': renderJson,
  'report.md': renderMarkdown,
  'comment.md': (result) =>
    renderComment({
      project: result.project,
      result,
      comparison: null,
      trend: null,
      reportUrl: 'https://github.com/acme/shop/actions/runs/1',
    }),
  'summary.txt': (result) => renderSummary(result, { color: false, width: 96 }),
  'terminal.txt': (result) => renderResult(result, { color: false, width: 96 }),
};

/** Five that ended in different ways: a page is long. */
const WITH_PAGE = new Set(['pass', 'red-suite', 'missed-total', 'build-failed', 'slow-healthcheck']);

describe.each(CASES)('%s', (name) => {
  const file = parseFactsFile(readFileSync(new URL(`${name}/facts.json`, FOLDER), 'utf8'), 'facts.json');
  const result = resultOfFacts(file, 'facts.json');

  test.each(Object.keys(FORMS))('gives the %s that was approved', (file) => {
    const url = new URL(`${name}/${file}`, FOLDER);
    const rendered = FORMS[file]!(result);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(url, rendered);
    expect(rendered).toBe(readFileSync(url, 'utf8'));
  });

  test.runIf(WITH_PAGE.has(name))('gives the report.html that was approved, apart from its style and script', () => {
    const url = new URL(`${name}/report.html`, FOLDER);
    const page = renderHtml(result, { facts: file.facts, trends: [] })
      .replace(/<style>[\s\S]*?<\/style>/, '<style></style>')
      .replace(/<script>[\s\S]*?<\/script>/, '<script></script>')
      .replaceAll(/'sha256-[^']+'/g, "'sha256-…'");
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(url, page);
    expect(page).toBe(readFileSync(url, 'utf8'));
  });

  test('is a result by its schema', () => {
    expect(resultSchema.parse(result)).toEqual(result);
  });

  test('ends on the screen in at most 13 lines, to which the command adds two', () => {
    for (const width of [60, 80, 100]) {
      const text = renderSummary(result, { color: false, width });
      expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(13);
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      const tooWide = text.split('\n').filter((line) => displayWidth(line) > width && line.trim().includes(' '));
      expect(tooWide).toEqual([]);
    }
  });

  test('obeys the terminal: no control character, no line over the width', () => {
    const text = renderResult(result, { color: false, width: 96 });
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    // A word that is longer than a line (a path, a hash) is never cut.
    const tooWide = text.split('\n').filter((line) => displayWidth(line) > 96 && line.trim().includes(' '));
    expect(tooWide).toEqual([]);
  });

  test('says the same in colour', () => {
    const colored = renderResult(result, { color: true, width: 96 });
    expect(colored).not.toBe(renderResult(result, { color: false, width: 96 }));
    // oxlint-disable-next-line no-control-regex
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(renderResult(result, { color: false, width: 96 }));
  });

  test('is the same when it is made again from the facts.json that a run writes', () => {
    const written = renderFacts(factsFileOf(file.facts, file.compared));
    expect(resultOfFacts(parseFactsFile(written, name), name)).toEqual(JSON.parse(renderJson(result)));
  });
});
