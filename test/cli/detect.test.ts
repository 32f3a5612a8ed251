/** `paceline detect`: what goes in and what comes out; how well it detects is for test/analysis/changepoints and the bench. */
import { tmpdir } from 'node:os';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pacelineHere } from '../support/paceline.ts';

const detect = (input: string, ...argv: string[]) => pacelineHere(['detect', ...argv], { cwd: tmpdir(), input });
const STEP = [10, 10.2, 9.9, 10.1, 10, 10.1, 9.9, 10, 14, 14.1, 13.9, 14, 14.2];
const csv = (delimiter: string) => STEP.map((value, index) => `run ${index}${delimiter}${value}`).join('\n');

describe('paceline detect', () => {
  test('gives the first run of each new level of each series, and nothing else on stdout', async () => {
    const series = [STEP, [1, 2], STEP.map((value) => 1 / value)];
    expect(await detect(JSON.stringify({ series }))).toEqual({
      code: 0,
      stdout: '{"changePoints":[[8],[],[8]]}\n',
      stderr: '',
    });
  });

  test('no series have no change points', async () => {
    expect((await detect('{"series":[]}')).stdout).toBe('{"changePoints":[]}\n');
  });

  test.each([
    ['lower', 'regression'],
    ['higher', 'improvement'],
  ])('--detail shows what changed by how much, where %s is better', async (better, direction) => {
    const { stdout } = await detect(JSON.stringify({ series: [STEP] }), '--detail', '--better', better);
    expect(JSON.parse(stdout)).toEqual({
      changePoints: [[8]],
      detail: [
        {
          kind: 'noisy',
          scale: 'log',
          changePoints: [
            {
              index: 8,
              direction,
              before: 10,
              after: 14,
              effect: expect.closeTo(0.4, 1) as number,
              interval: { low: expect.closeTo(0.38, 1) as number, high: expect.closeTo(0.42, 1) as number },
              confidence: expect.closeTo(1, 3) as number,
            },
          ],
          segments: [
            { start: 0, end: 8, level: 10, sigma: expect.any(Number) as number, drift: null },
            { start: 8, end: 13, level: 14, sigma: expect.any(Number) as number, drift: null },
          ],
        },
      ],
    });
  });

  test.each<[string, string, string[]]>([
    ['a column alone', STEP.join('\n'), []],
    ['a column alone with a header and a last newline', `seconds\r\n${STEP.join('\r\n')}\r\n`, []],
    ['a column by name', `run,seconds\n${csv(',')}`, ['--column', 'seconds']],
    ['a quoted name with a comma in it', `run,"seconds, all"\n${csv(',')}`, ['--column', 'seconds, all']],
    ['a column by number, with semicolons', `run;seconds\n${csv(';')}`, ['--column', '2']],
    ['tabs and no header', csv('\t'), ['--column', '2']],
    ['a byte order mark', `\uFEFFseconds,\n${STEP.map((value) => `${value},`).join('\n')}`, ['--column', 'seconds']],
  ])('takes CSV: %s', async (_, input, argv) => {
    expect(await detect(input, ...argv)).toEqual({ code: 0, stdout: '{"changePoints":[[8]]}\n', stderr: '' });
  });

  test.each<[string, string, string[], RegExp]>([
    ['nothing', '', [], /^paceline: The input is empty\.\n/],
    ['an empty series', '{"series":[[1],[]]}', [], /^paceline: series\[1\] is empty\.\n/],
    [
      'NaN',
      '{"series":[[1,2],[1,NaN,3]]}',
      [],
      /^paceline: series\[1\]\[1\] is "NaN", which is not a finite number\.\n/,
    ],
    ['-Infinity', '{"series":[[-Infinity]]}', [], /series\[0\]\[0\] is "-Infinity", which is not a finite number/],
    [
      'a number that is too large',
      '{"series":[[1,1e999]]}',
      [],
      /series\[0\]\[1\] is "Infinity", which is not a finite number/,
    ],
    ['null', '{"series":[[1,null]]}', [], /series\[0\]\[1\] is null, which is not a finite number/],
    ['text', '{"series":[["12"]]}', [], /series\[0\]\[0\] is "12", which is not a finite number/],
    ['a number where a series should be', '{"series":[1,2]}', [], /series\[0\] is 1, which is not a list of numbers/],
    ['JSON of another shape', '{"data":[[1]]}', [], /The input has no list `series`\.\nPass \{"series":/],
    ['JSON that is cut off', '{"series":[[1,2', [], /The input is not valid JSON: /],
    ['a column of JSON', '{"series":[[1,2]]}', ['--column', 'a'], /The input is JSON, which has no columns/],
    [
      'a cell that is not a number',
      'a,b\n1,2\n2,x\n',
      ['--column', 'b'],
      /Column b in line 3 is "x", which is not a finite number/,
    ],
    ['a cell that is empty', 'a,b\n1,2\n2,\n', ['--column', 'b'], /Column b in line 3 is empty/],
    [
      'a missing value in the first line',
      'NaN\n1\n2\n',
      [],
      /Column 1 in line 1 is "NaN", which is not a finite number/,
    ],
    ['a line that is too short', 'a,b\n1,2\n2\n', ['--column', 'b'], /Column b in line 3 is empty/],
    [
      'several columns',
      'a,b\n1,2\n',
      [],
      /has 2 columns\.\nSelect one with --column\. The first line has "a", "b"\.\n/,
    ],
    ['a column that is not there', 'a,b\n1,2\n', ['--column', 'c'], /There is no column c\.\nUse a number from 1 to 2/],
    ['a header alone', 'seconds\n', ['--column', 'seconds'], /The column has no values/],
    ['a quote that is not closed', 'a\n"1\n2\n', [], /A quote in line 2 is not closed/],
    ['a direction that is none', '{"series":[]}', ['--better', 'more'], /Allowed choices are lower, higher/],
  ])('refuses %s with its place', async (_, input, argv, said) => {
    const { code, stdout, stderr } = await detect(input, ...argv);
    expect(stderr).toMatch(said);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('any input gives JSON or an error with a reason', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `{"series":${json}}`),
        ),
        async (input) => {
          const { code, stdout, stderr } = await detect(input);
          const isAnswer = code === 0 && /^\{"changePoints":\[.*\]\}\n$/.test(stdout);
          const isRefusal = code === 2 && stdout === '' && !stderr.includes('defect');
          expect(isAnswer || isRefusal).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});
