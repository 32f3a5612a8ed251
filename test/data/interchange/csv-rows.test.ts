import { expect, test } from 'vitest';
import { csvRows } from '../../../src/data/interchange/csv-rows.ts';

test.each<[string, string, [number, string[]][]]>([
  [
    'line ends of every kind, also within quotes',
    'a,b\r\n"x\r\ny",2\r\n\r\n3,4\n"q\nz" , "5"\r6,7',
    [
      [1, ['a', 'b']],
      [2, ['x\r\ny', '2']],
      [5, ['3', '4']],
      [6, ['q\nz', '5']],
      [8, ['6', '7']],
    ],
  ],
  [
    'semicolons',
    'a;b,c\n1;2',
    [
      [1, ['a', 'b,c']],
      [2, ['1', '2']],
    ],
  ],
  [
    'tabs',
    'a\tb\n1\t',
    [
      [1, ['a', 'b']],
      [2, ['1', '']],
    ],
  ],
  [
    'bars',
    'a | b\n1 | 2',
    [
      [1, ['a', 'b']],
      [2, ['1', '2']],
    ],
  ],
  [
    "a spreadsheet's hint",
    'sep=;\r\na;b\r\n"1,5";2',
    [
      [2, ['a', 'b']],
      [3, ['1,5', '2']],
    ],
  ],
  [
    'a byte order mark',
    '\u{feff}a,b\n1,2',
    [
      [1, ['a', 'b']],
      [2, ['1', '2']],
    ],
  ],
  [
    'comments above',
    '# by x, at y\n# z\na,b\n1,2',
    [
      [3, ['a', 'b']],
      [4, ['1', '2']],
    ],
  ],
  [
    'quotes within a cell',
    'a,b\n5" disk,"a ""b"""',
    [
      [1, ['a', 'b']],
      [2, ['5" disk', 'a "b"']],
    ],
  ],
  [
    'a comma at the end of each line',
    'a,b,\n1,2,',
    [
      [1, ['a', 'b', '']],
      [2, ['1', '2', '']],
    ],
  ],
  [
    'letters of several bytes',
    '"é\né",b\n1,2',
    [
      [1, ['é\né', 'b']],
      [3, ['1', '2']],
    ],
  ],
  ['nothing', '', []],
  ['blank lines alone', '\n \n', []],
])('rows with their lines: %s', (_, text, expected) => {
  expect(csvRows(text)).toEqual({ kind: 'rows', rows: expected.map(([line, cells]) => ({ line, cells })) });
});

test('of several delimiters in the first line, the first whose header is the one looked for', () => {
  const fits = (header: readonly string[]) => header.includes('value');
  expect(csvRows('a;b,value\n1,2', fits)).toMatchObject({ rows: [{ cells: ['a;b', 'value'] }, { cells: ['1', '2'] }] });
  expect(csvRows('a;value\n1,2;3', fits)).toMatchObject({ rows: [{ cells: ['a', 'value'] }, { cells: ['1,2', '3'] }] });
});

test.each([
  ['a,b\n"x\ny",1\n"never,2\n3,4\n', { kind: 'faulty', line: 4, quote: 'neverClosed' }],
  ['a,b\n"x"y,1\n', { kind: 'faulty', line: 2, quote: 'closedWithinCell' }],
])('reports the line of a quote that is not closed at the end of its cell: %j', (text, expected) => {
  expect(csvRows(text)).toEqual(expected);
});
