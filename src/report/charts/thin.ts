/** Long series, thinned to what a screen can show. */

export interface Spot {
  at: number;
  value: number | null;
}

/**
 * The lowest and the highest point of each column, in the order of the series, and the first and last point of all. A column
 * that has only points without a value keeps one of them: the gap stays a gap. Series that fit are returned as they are.
 *
 * @param columnOf the column of a point, which never falls as the series goes on
 */
export function thinned<P extends Spot>(
  points: readonly P[],
  columns: number,
  columnOf: (point: P) => number,
): readonly P[] {
  if (points.length <= 2 * columns) return points;
  const kept = new Set<number>([0, points.length - 1]);
  for (let start = 0; start < points.length; ) {
    const column = columnOf(points[start]!);
    let [lowest, highest, end] = [-1, -1, start];
    for (; end < points.length && columnOf(points[end]!) === column; end++) {
      const value = points[end]!.value;
      if (value === null) continue;
      if (lowest < 0 || value < points[lowest]!.value!) lowest = end;
      if (highest < 0 || value > points[highest]!.value!) highest = end;
    }
    kept.add(lowest < 0 ? start : lowest).add(highest < 0 ? start : highest);
    start = end;
  }
  return [...kept].sort((a, b) => a - b).map((i) => points[i]!);
}

/** Runs of neighbours that have a value. */
export function pieces<P extends Spot>(points: readonly P[]): P[][] {
  const found: P[][] = [];
  let open: P[] | null = null;
  for (const point of points) {
    if (point.value === null) open = null;
    else if (open) open.push(point);
    else found.push((open = [point]));
  }
  return found;
}
