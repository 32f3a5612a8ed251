/** The list of sections, and what becomes of one that throws. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analysis/analyze.ts';
import { quantity, seconds } from '../../src/report/blocks.ts';
import { RESULT_ALONE } from '../../src/report/context.ts';
import { renderMarkdown } from '../../src/report/formats/markdown.ts';
import { SECTIONS, sectionsOf } from '../../src/report/sections/index.ts';
import { plain } from '../../src/report/text/plain.ts';
import { factsOf, FULL, trialOf } from '../analysis/facts.ts';

const result = analyze(factsOf({ trials: [trialOf(FULL, { seconds: 38 })] }));

describe('the sections of a report', () => {
  test('have ids of their own that a link can hold', () => {
    const ids = SECTIONS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z-]+$/);
  });

  test('are all in the list', () => {
    const helpers = new Set([
      'index.ts',
      'section.ts',
      'headline.ts',
      'verdict-marks.ts',
      'build-steps.ts',
      'failed-trial.ts',
      'worker-chart.ts',
      'resource-chart.ts',
    ]);
    const files = readdirSync(new URL('../../src/report/sections/', import.meta.url)).filter(
      (file) => !helpers.has(file),
    );
    expect(SECTIONS).toHaveLength(files.length);
  });

  test('that throw are replaced by a message, and the others are shown', () => {
    const [first] = SECTIONS;
    const second = SECTIONS.find(({ id }) => id === 'scenarios');
    const broken = {
      ...first!,
      make: () => {
        throw new Error('no such row');
      },
    };
    const made = sectionsOf(result, RESULT_ALONE, [broken, second!]);
    expect(made.map(({ id }) => id)).toEqual([first!.id, second!.id]);
    const [block] = made[0]!.summary;
    expect(block).toMatchObject({ kind: 'list', items: [{ sign: 'warning' }] });
    expect(JSON.stringify(block)).toContain('no such row');
  });

  test('without blocks are left out', () => {
    const empty = { id: 'empty', title: 'Empty', make: () => ({}) };
    expect(sectionsOf(result, RESULT_ALONE, [empty])).toEqual([]);
  });
});

describe('an inline', () => {
  test.each([
    ['text', 'a < b', 'a < b'],
    ['a value with its unit', seconds(61), '1 min 1 s'],
    ['a target', { kind: 'limit', value: 2e9, unit: 'byte' } as const, '< 2 GB'],
    ['a sequence', ['took ', seconds(2), ', ', quantity(0.5, 'ratio')], 'took 2 s, 50 %'],
    ['a line break', 'a\nb', 'a b'],
  ])('is plain text: %s', (_, inline, expected) => {
    expect(plain(inline)).toBe(expected);
  });

  test('loses its markup in Markdown, and keeps the spaces between its parts', () => {
    const named = { ...result, notes: ['see <b>a_b</b> | c'] };
    expect(renderMarkdown(named)).toContain('- see &lt;b&gt;a\\_b&lt;/b&gt; \\| c\n');
  });
});
