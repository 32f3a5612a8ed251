import { readFileSync, writeFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFactsFile, resultOfFacts } from '../../../src/analysis/facts-file.ts';
import type { CompareResult, ComparedPart } from '../../../src/model/comparison.ts';
import type { Measured } from '../../../src/model/regression.ts';
import type { RunResult } from '../../../src/model/result.ts';
import {
  type CommentContent,
  isWorthAComment,
  MOST_COMMENT_CHARACTERS,
  renderComment,
} from '../../../src/report/formats/comment.ts';
import { label, mermaidGantt, mermaidLines } from '../../../src/report/formats/mermaid.ts';
import { commentMarker, commentText } from '../../../src/report/text/comment-text.ts';
import { hostile as anyHostile } from '../../support/hostile.ts';

const SPARKS = [
  '-->',
  '<!-- paceline:shop -->',
  '```',
  '@octocat',
  'acme/shop#7',
  'GH-7',
  'https://evil.example/x',
  'www.evil.example',
  '$x$',
  '$&',
  '%%{init: {}}%%',
  ';',
  ':',
  '"',
  'click',
  'section',
  'title',
  'end',
  '&#64;all',
  '</details>',
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...SPARKS), anyHostile), { maxLength: 6 })
  .map((parts) => parts.join(''));

const measured = (value: number): Measured => ({ value, hostId: 'h', startedAt: null, disturbed: null, tests: null });

function part(title: string, verdict: 'regressed' | 'noChange', name = 'tests/test_a.py::test_slow'): ComparedPart {
  const head = verdict === 'regressed' ? 15 : 10;
  return {
    suspect: { phase: 'test', scenario: 'full' },
    title,
    comparison: {
      kind: 'judged',
      verdict,
      ratio: head / 10,
      interval: { low: 1.4, high: 1.6, coverage: 0.95 },
      n: 5,
      minimumDetectableEffect: 0.1,
      threshold: 0.2,
      message: 'Measured.',
    },
    baseSeconds: 10,
    headSeconds: head,
    pairs: [1, 2, 3, 4, 5].map((i) => ({
      base: measured(10 + i / 100),
      head: measured(head + i / 100),
      first: 'base',
    })),
    ...(verdict === 'regressed'
      ? {
          moved: [
            {
              kind: 'test',
              name,
              baseSeconds: 1,
              headSeconds: 6,
              share: 1,
              cause: { class: 'test', name, baseSeconds: 1, headSeconds: 6, share: 1, evidence: [] },
            },
          ],
        }
      : {}),
  };
}

function comparison(parts: readonly ComparedPart[], summary = 'Full Suite is 50 % slower.'): CompareResult {
  return {
    verdict: parts.some(({ comparison }) => comparison.kind === 'judged' && comparison.verdict === 'regressed')
      ? 'regressed'
      : 'noChange',
    summary,
    schemaVersion: 2,
    runId: 'r',
    workflowId: 'w',
    project: 'shop',
    startedAt: '2026-01-01T00:00:00.000Z',
    base: { ref: 'main', commit: '1a2b3c4d5e' },
    head: { ref: 'topic', commit: '5e6f7a8b9c' },
    parts,
    errors: [],
    notes: [],
  };
}

const content = (more: Partial<CommentContent>): CommentContent => ({
  project: 'shop',
  result: null,
  comparison: null,
  trend: null,
  reportUrl: null,
  ...more,
});
const markersIn = (text: string) => text.match(/<!--/g)?.length ?? 0;

function goldenResult(name: string): RunResult {
  const file = readFileSync(new URL(`../../golden/${name}/facts.json`, import.meta.url), 'utf8');
  return resultOfFacts(parseFactsFile(file, name), name);
}

describe('a comment', () => {
  test('on a change that is slower is the one that was approved', () => {
    const url = new URL('golden/comment-regressed.md', import.meta.url);
    const compared = comparison([part('Full Suite', 'regressed'), part('Quick', 'noChange')]);
    const rendered = renderComment(
      content({
        result: goldenResult('slow-healthcheck'),
        comparison: compared,
        reportUrl: 'https://github.com/acme/shop/actions/runs/1',
      }),
    );
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(url, rendered);
    expect(rendered).toBe(readFileSync(url, 'utf8'));
  });

  test('names the cause and its seconds', () => {
    const text = renderComment(content({ comparison: comparison([part('Full Suite', 'regressed')]) }));
    expect(text).toContain('| ❌ Full Suite | 10 s | 15 s | +50 % | test tests/test\\_a.py::test\\_slow');
    expect(text).toContain('explains 5 s of 5 s');
    expect(text).toContain('xychart-beta');
  });

  test.each([
    ['a comparison without a difference', { comparison: comparison([part('A', 'noChange')]) }, false],
    ['a part that is slower', { comparison: comparison([part('A', 'regressed')]) }, true],
    ['a run that passed', { result: goldenResult('pass') }, false],
    ['tests that failed', { result: goldenResult('red-suite') }, true],
    ['a missed target', { result: goldenResult('missed-total') }, true],
  ])('has something to say after %s, or has not', (_, given, expected) => {
    expect(isWorthAComment(content(given))).toBe(expected);
  });

  test('of any text: one marker, nothing that GitHub obeys, no fence that ends early, never too long', () => {
    fc.assert(
      fc.property(hostile, hostile, fc.integer({ min: 1, max: 3000 }), (text, project, times) => {
        const long = text.repeat(times);
        const result = goldenResultWith(long);
        const body = renderComment(
          content({
            project,
            result,
            comparison: comparison([part(long, 'regressed', long)], long),
            reportUrl: `https://a.example/${text}`,
          }),
        );
        expect(body.length).toBeLessThanOrEqual(MOST_COMMENT_CHARACTERS);
        expect(body.startsWith(`${commentMarker(project)}\n`)).toBe(true);
        expect(markersIn(body)).toBe(1);
        expect(body.match(/-->/g)!.length - (body.match(/0 --> /g)?.length ?? 0)).toBe(1);
        const unlinked = body
          .slice(body.indexOf('\n'))
          .replace(/\[Full report\]\(https:[^)\n]*\)/, '')
          .replaceAll(/```mermaid[^`]*```/g, '');
        expect(unlinked).not.toMatch(/@[a-z0-9]|[^\\&]#\d|gh-\d|www\.|<script/i);
        expect(unlinked).not.toMatch(/:\/\//);
        expect((body.match(/^```/gm) ?? []).length % 2).toBe(0);
        expect(body.match(/<details>/g)?.length).toBe(body.match(/<\/details>/g)?.length);
        expect(body).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
      }),
      { numRuns: 150 },
    );
  });
});

const PASSED = goldenResult('slow-healthcheck');
function goldenResultWith(text: string): RunResult {
  return {
    ...PASSED,
    summary: text,
    scenarios: PASSED.scenarios.map((scenario) => ({ ...scenario, name: text })),
    startup: PASSED.startup.map((service) => ({ ...service, service: text })),
    alerts: Array.from({ length: 20 }, () => ({
      kind: 'regression',
      state: 'confirmed',
      metric: null,
      scenario: text,
      message: text,
      gate: true,
    })),
    advice: PASSED.advice.map((advice) => ({ ...advice, message: text, where: { file: text, line: 3 } })),
    errors: [{ type: 'BuildFailed', what: text, next: text, detail: text }],
  };
}

describe('a marker', () => {
  test('is one comment of HTML for any name, and another one for another name', () => {
    expect(commentMarker('shop')).toBe('<!-- paceline:shop -->');
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        expect(commentMarker(a)).toMatch(/^<!-- paceline:[A-Za-z0-9_/.]+ -->$/);
        const same = (text: string) => text.toWellFormed().normalize('NFC');
        expect(commentMarker(a) === commentMarker(b)).toBe(same(a) === same(b));
      }),
    );
  });
});

test.each([
  ['@octocat', '@&#8203;octocat'],
  ['fixes #7', 'fixes \\#&#8203;7'],
  ['GH-7', 'GH-&#8203;7'],
  ['https://evil.example', 'https:&#8203;//evil.example'],
  ['a | b', 'a \\| b'],
  ['<b>', '&lt;b&gt;'],
  ['costs $5', 'costs $&#8203;5'],
])('the text %s is only text', (text, shown) => {
  expect(commentText(text)).toBe(shown);
});

describe('Mermaid', () => {
  test('a label has no sign of its grammar, and is short', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(label(text)).toMatch(/^[\p{L}\p{N} ._/()+,…-]+$/u);
        expect(Array.from(label(text)).length).toBeLessThanOrEqual(48);
        expect(label(text)).not.toContain('--');
      }),
    );
  });

  test('bars without a length and lines without figures are not drawn', () => {
    const bars = [
      { label: 'a', fromSeconds: 1, toSeconds: 1 },
      { label: 'b', fromSeconds: 0, toSeconds: Number.NaN },
    ];
    expect(mermaidGantt({ title: 't', sections: [{ title: 's', bars }] })).toEqual([]);
    expect(mermaidLines({ title: 't', labels: ['1'], unit: 's', lines: [{ values: [1] }] })).toEqual([]);
    expect(mermaidLines({ title: 't', labels: ['1', '2'], unit: 's', lines: [{ values: [1, Infinity] }] })).toEqual([]);
  });
});
