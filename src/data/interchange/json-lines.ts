/** JSON lines: one point a line, as Paceline has it. */
import { z } from 'zod';
import type { ExternalPoint } from '../../model/external-point.ts';
import { FIGURE, isoTime, NAME, parseJson, type Reader, shaped, unreadable } from './reading.ts';

const POINT = z.object({
  name: NAME,
  measure: NAME,
  unit: z.string(),
  better: z.enum(['lower', 'higher']),
  value: FIGURE,
  low: FIGURE.nullable(),
  high: FIGURE.nullable(),
  commit: z.string().nullable(),
  at: z.string(),
});

export const readJsonLines: Reader = (text, context) =>
  text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const place = `line ${index + 1}`;
    const inLine = { ...context, file: `${context.file}, ${place}` };
    const json = parseJson(line, inLine);
    if (typeof json !== 'object') throw unreadable(context, place, 'this is no object');
    const point = shaped(POINT, json, inLine);
    return [{ ...point, at: isoTime(point.at, 'at', inLine) }];
  });

export function writeJsonLines(points: readonly ExternalPoint[]): string {
  return points.map((point) => `${JSON.stringify(point)}\n`).join('');
}
