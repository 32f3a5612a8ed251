/**
 * What holds for every kind of chart. golden/<kind>.svg is what was approved by looking at it in a browser;
 * `UPDATE_GOLDEN=1` rewrites it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import sax from 'sax';
import { describe, expect, test } from 'vitest';
import { NARROW_PIXELS, WIDE_PIXELS } from '../../../src/report/charts/chart.ts';
import { drawBothWidths } from '../../../src/report/charts/draw.ts';
import { CHART_STYLE } from '../../../src/report/charts/style.ts';
import { kinds, replaced } from './samples.ts';

const KINDS = Object.keys(kinds());
const OPTIONS = { idPrefix: 'c1' };
const HOSTILE = '</title></svg><script>alert(1)</script>"\' onload=x &amp; ]]>\u0000\u202e\ud800';

interface Element {
  name: string;
  attributes: Readonly<Record<string, string>>;
}

/** The elements of well-formed XML; anything else throws. */
function elementsOf(svg: string): Element[] {
  const found: Element[] = [];
  const parser = sax.parser(true);
  // Without a handler, sax throws on what is not well formed.
  parser.onopentag = ({ name, attributes }) => found.push({ name, attributes: attributes as Record<string, string> });
  parser.write(svg).close();
  return found;
}

function expectHarmless(svg: string): void {
  expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
  const elements = elementsOf(svg);
  const allowed = ['svg', 'title', 'desc', 'g', 'a', 'path', 'rect', 'line', 'circle', 'text', 'defs', 'pattern'];
  expect(elements.map(({ name }) => name).filter((name) => !allowed.includes(name))).toEqual([]);
  const attributes = elements.flatMap(({ attributes }) => Object.keys(attributes));
  expect(attributes.filter((name) => name === 'style' || name.startsWith('on'))).toEqual([]);
}

describe.each(KINDS)('%s', (kind) => {
  test('is drawn as approved', () => {
    const svg = `${kinds()[kind]!.draw(OPTIONS).replaceAll('><', '>\n<')}\n`;
    const url = new URL(`golden/${kind}.svg`, import.meta.url);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(url, svg);
    expect(svg).toBe(readFileSync(url, 'utf8'));
  });

  test.each([200, NARROW_PIXELS, WIDE_PIXELS, 1600])(
    'has a size of its own only as a ratio, at %s pixels',
    (widthPixels) => {
      const svg = kinds()[kind]!.draw({ ...OPTIONS, widthPixels });
      const root = elementsOf(svg)[0]!.attributes;
      expect(root['viewBox']).toMatch(/^0 0 \d+ \d+$/);
      expect(root).not.toHaveProperty('width');
      expectHarmless(svg);
    },
  );

  test('has a name and a description for screen readers', () => {
    const { draw, describe } = kinds()[kind]!;
    const svg = draw(OPTIONS);
    const [root, title, desc] = elementsOf(svg);
    expect(root!.attributes['aria-labelledby']).toBe(`${title!.attributes['id']} ${desc!.attributes['id']}`);
    expect(root!.attributes['role']).toBe(svg.includes('<a ') ? 'group' : 'img');
    expect(describe()).toMatch(/^[^.].*\.$/s);
    expect(svg).toContain(`>${describe()}</desc>`);
  });

  test('repeats no id when it is drawn for two widths', () => {
    const { svg } = drawBothWidths(kinds()[kind]!.chart, OPTIONS.idPrefix);
    const ids = [...svg.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!);
    expect(ids.length).toBe(new Set(ids).size);
    for (const [, id] of svg.matchAll(/url\(#([^)]*)\)/g)) expect(ids).toContain(id);
  });

  test('draws the same from the same data', () => {
    expect(kinds()[kind]!.draw(OPTIONS)).toBe(kinds()[kind]!.draw(OPTIONS));
  });

  test('shows hostile text as text', () => {
    const verbatim = new Set(['x', 'unit', 'series', 'kind', 'id', 'verdict']);
    const hostile = kinds((data) =>
      replaced(data, (value, key) => (typeof value === 'string' && !verbatim.has(key) ? HOSTILE : value)),
    );
    const svg = hostile[kind]!.draw({ idPrefix: '"><script>' });
    expectHarmless(svg);
    expect(svg).not.toContain('<a ');
    expect(svg).toContain('&lt;script&gt;');
  });

  test.each<[string, (value: unknown) => unknown]>([
    ['empty', (value) => (Array.isArray(value) ? [] : value)],
    ['with one item in each list', (value) => (Array.isArray(value) ? value.slice(0, 1) : value)],
    ['without a number', (value) => (typeof value === 'number' ? NaN : value)],
    ['with infinite numbers', (value) => (typeof value === 'number' ? Infinity : value)],
    ['with null for each number', (value) => (typeof value === 'number' ? null : value)],
    ['with zeros', (value) => (typeof value === 'number' ? 0 : value)],
    ['with one value throughout', (value) => (typeof value === 'number' ? 7 : value)],
    ['with negative numbers', (value) => (typeof value === 'number' ? -value : value)],
    ['with tiny numbers', (value) => (typeof value === 'number' ? value * 1e-12 : value)],
    ['with huge numbers', (value) => (typeof value === 'number' ? value * 1e300 : value)],
  ])('is harmless %s', (_, change) => {
    const { draw, describe } = kinds((data) => replaced(data, change))[kind]!;
    expectHarmless(draw(OPTIONS));
    expect(describe()).not.toMatch(/NaN|Infinity|undefined/);
  });
});

test('every class of a colour that a chart uses has a colour in the style', () => {
  const drawn = Object.values(kinds()).map(({ draw }) => draw(OPTIONS));
  const used = [...drawn.join('').matchAll(/\b(c-[\w-]+)/g)].map(([, name]) => name!);
  expect([...new Set(used)].filter((name) => name !== 'c-none' && !CHART_STYLE.includes(`.${name}{`))).toEqual([]);
});
