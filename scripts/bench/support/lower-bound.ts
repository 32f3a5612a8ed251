/**
 * No schedule of these trials on this number of equal lanes is shorter. The bound uses the evenly shared work, the longest trial,
 * and, for every k, the k + 1 shortest of the k · lanes + 1 longest: one lane has k + 1 of those (Dell'Amico and Martello 1995).
 * @param seconds of each trial @returns seconds
 */
export function lowerBound(seconds: readonly number[], lanes: number): number {
  const longestFirst = seconds.toSorted((a, b) => b - a);
  const bounds = [sum(longestFirst) / lanes];
  for (let k = 0; k * lanes < longestFirst.length; k += 1) {
    bounds.push(sum(longestFirst.slice(k * (lanes - 1), k * lanes + 1)));
  }
  return Math.max(...bounds);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
