/** Gives different names to figures with the same name and moment. Otherwise a store would keep only one of them. */
import { type ExternalPoint, pointKey } from '../../model/external-point.ts';
import type { ReadFigure, ReadingNote } from './reading.ts';

/**
 * Renames figures with the same name, measure, moment and commit: by what distinguishes them (`make (jobs=2)`), or else by a
 * number (`make (2)`). An identical figure is dropped. Each change is noted.
 * @param figures in the order of the file, which determines the numbers: the same file gives the same names again
 */
export function keptApart(figures: readonly ReadFigure[], note: (note: ReadingNote) => void): readonly ExternalPoint[] {
  const alike = Map.groupBy(figures, ({ point }) => pointKey(point));
  if (alike.size === figures.length) return figures.map(({ point }) => point);
  const named = figures.flatMap((figure) => {
    const group = alike.get(pointKey(figure.point))!;
    const first = group.find((other) => isSame(other, figure))!;
    if (first === figure) return [{ figure, name: nameWithin(group, figure) }];
    const { place, point } = figure;
    note({ kind: 'leftOut', place, name: point.name, why: `it is identical to the figure in ${first.place}` });
    return [];
  });
  const taken = new Set<string>();
  return named.map(({ figure: { point, place }, name }) => {
    const free = freeName(name, (candidate) => !taken.has(pointKey({ ...point, name: candidate })));
    taken.add(pointKey({ ...point, name: free }));
    if (free !== point.name) note({ kind: 'keptApart', place, name: point.name, as: free });
    return { ...point, name: free };
  });
}

function isSame(a: ReadFigure, b: ReadFigure): boolean {
  return JSON.stringify([a.point, a.marks]) === JSON.stringify([b.point, b.marks]);
}

/** Adds the marks that are not the same in the whole group. */
function nameWithin(group: readonly ReadFigure[], { point, marks }: ReadFigure): string {
  const telling = marks.filter((mark) => !group.every((other) => other.marks.includes(mark)));
  return telling.length === 0 ? point.name : `${point.name} (${telling.join(', ')})`;
}

function freeName(name: string, isFree: (name: string) => boolean): string {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name} (${number})`;
    if (isFree(candidate)) return candidate;
  }
}
