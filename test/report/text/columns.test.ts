import { describe, expect, test } from 'vitest';
import { layOut } from '../../../src/report/text/columns.ts';

describe('a column layout', () => {
  const rows = [
    ['build', '1.5 s', 'cold'],
    ['a long title', '40 ms', ''],
  ];

  test('lines up the columns of all rows, with two spaces between them', () => {
    const layout = layOut(rows, [{}, { align: 'right' }, {}]);
    expect(rows.map((row) => layout.row(row))).toEqual(['build         1.5 s  cold', 'a long title  40 ms']);
  });

  test('cuts a column to its most, and the last one to what is left of the width', () => {
    const layout = layOut(rows, [{ most: 6 }, {}, {}], { width: 30 });
    expect(layout.row(['a long title', '40 ms', 'a note that is far too long'])).toBe('a lon…  40 ms  a note that is…');
  });

  test('counts a wide character as two columns', () => {
    const layout = layOut([['日本', 'x']], [{}, {}]);
    expect(layout.row(['ab', 'x'])).toBe('ab    x');
  });

  test('paints a cell after it is padded, so that colours cost no columns', () => {
    const layout = layOut(rows, [{}, {}, {}]);
    expect(layout.row(['a', 'b', 'c'], (cell, column) => (column === 0 ? `<${cell}>` : cell))).toBe(
      '<a           >  b      c',
    );
  });
});
