import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandText } from '../../../src/plan/command-text.ts';
import { lines, oneLine } from '../../../src/report/text/foreign.ts';
import { block, code, escaped, escapedForTemporal, table } from '../../../src/report/text/markdown-text.ts';
import { displayWidth, padEnd, padStart, truncate, wrap } from '../../../src/report/text/width.ts';

const anyText = fc.string({ unit: 'binary' });

describe('foreign text', () => {
  test.each([
    ['an escape sequence', 'a\u001b[31mb', 'a\\x1b[31mb'],
    ['an 8-bit control', 'a\u009b31m', 'a\\x9b31m'],
    ['a backspace', 'ab\b', 'ab\\x08'],
    ['a bidirectional override', 'a\u202eb', 'a\\u202eb'],
    ['line breaks', 'a \r\n b\tc', 'a b c'],
    ['half a character', 'a\ud800', 'a\ufffd'],
    ['what is harmless', 'naïve 表 👩‍🔧 “x”', 'naïve 表 👩‍🔧 “x”'],
  ])('shows %s', (_, text, shown) => {
    expect(oneLine(text)).toBe(shown);
  });

  test('never holds what a terminal obeys', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(oneLine(text)).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
        expect(lines(text).join('')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      }),
    );
  });
});

describe('width', () => {
  test.each([
    ['abc', 3],
    ['表計算', 6],
    ['✅', 2],
    ['e\u0301', 1],
    ['–', 1],
    ['', 0],
  ])('of %s is %d', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });

  test('is what padding and cutting keep to', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, columns) => {
        expect(displayWidth(truncate(text, columns))).toBeLessThanOrEqual(columns);
        expect(displayWidth(padEnd(truncate(text, columns), columns))).toBe(columns);
        expect(displayWidth(padStart(truncate(text, columns), columns))).toBe(columns);
      }),
    );
  });

  test('breaks lines at spaces, and never between a figure and its unit', () => {
    expect(wrap('took 1 min 26 s, under 5 min.', 10)).toEqual(['took 1 min', '26 s,', 'under', '5 min.']);
    expect(wrap('a long-long-word b', 4)).toEqual(['a', 'long-long-word', 'b']);
    expect(wrap('', 10)).toEqual(['']);
  });

  test('no word is lost by wrapping', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/)), fc.integer({ min: 1, max: 30 }), (words, columns) => {
        expect(wrap(words.join(' '), columns).join(' ')).toBe(words.join(' '));
      }),
    );
  });
});

describe('Markdown', () => {
  test.each([
    ['a|b', 'a\\|b'],
    ['<img src=x>', '&lt;img src=x&gt;'],
    ['`x` *y* _z_', '\\`x\\` \\*y\\* \\_z\\_'],
    ['[a](b)', '\\[a\\](b)'],
    ['a\nb', 'a b'],
    ['\\|', '\\\\\\|'],
    ['@all &amp; #1', '&#64;all &amp;amp; \\#1'],
  ])('%j is shown as it is', (text, shown) => {
    expect(escaped(text)).toBe(shown);
  });

  test("is literal in Temporal's UI, which shows an entity as it is written", () => {
    expect(escapedForTemporal('a < b & <c> | *d*\n`e` @f')).toBe('a \\< b \\& \\<c\\> \\| \\*d\\* \\`e\\` @f');
  });

  test('a cell never ends a row or a column', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const cell of [escaped(text), code(text)]) {
          const [row] = table('l', ['A'], [[cell]]).slice(2);
          expect(row!.split('\n')).toHaveLength(1);
          expect(row!.match(/(?<!\\)(?:\\\\)*\|/g)!.length).toBeGreaterThanOrEqual(2);
          expect(escaped(text).replaceAll(/\\[\\|]/g, '')).not.toContain('|');
        }
      }),
    );
  });

  test('code is fenced by more backticks than it holds', () => {
    expect(code('a`b')).toBe('``a`b``');
    expect(code('`a`')).toBe('`` `a` ``');
    expect(block(['```', 'x'])).toEqual(['````text', '```', 'x', '````']);
  });
});

test.each([
  [['python', '-m', 'pytest', '-m', 'not slow'], "python -m pytest -m 'not slow'"],
  [['sh', '-c', "echo 'x'"], "sh -c 'echo '\\''x'\\'''"],
  [[''], "''"],
])('the command %j is one that can be pasted', (argv, text) => {
  expect(commandText(argv)).toBe(text);
});
