/** JSON lines: one point per line, in Paceline's own form. */
import { z } from 'zod';
import type { ExternalPoint } from '../../model/external-point.ts';
import { commitOf, FIGURE, isoTime, NAME, parseJson, type Reader, shaped, unreadable } from './reading.ts';

const POINT = z.object({
  name: NAME,
  measure: NAME,
  unit: z.string(),
  better: z.enum(['lower', 'higher']),
  value: FIGURE,
  low: FIGURE.nullable(),
  high: FIGURE.nullable(),
  commit: z.string().nullable(),
  at: z.union([z.string(), z.number()]),
});

export const readJsonLines: Reader = (text, reading) =>
  text.split('\n').flatMap((written, index) => {
    // Concatenated files contain their byte order marks.
    const line = written.replace(/^\u{feff}+/u, '');
    if (line.trim() === '') return [];
    const place = `line ${index + 1}`;
    const inLine = { ...reading, file: `${reading.file}, ${place}` };
    const json = parseJson(line, inLine);
    if (typeof json !== 'object') throw unreadable(reading, place, 'this is not an object');
    const point = shaped(POINT, json, inLine);
    const commit = point.commit === null ? null : commitOf(point.commit, place, reading);
    return [{ point: { ...point, commit, at: isoTime(point.at, `${place}: at`, reading) }, place, marks: [] }];
  });

export function writeJsonLines(points: readonly ExternalPoint[]): string {
  return points.map((point) => `${JSON.stringify(point)}\n`).join('');
}
