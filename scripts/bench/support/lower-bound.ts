/**
 * No schedule of these trials on so many equal lanes is shorter: the work shared out evenly, the longest trial, and, for
 * every k, the k + 1 shortest of the k · lanes + 1 longest, since of those some lane has k + 1 (Dell'Amico and Martello 1995).
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
