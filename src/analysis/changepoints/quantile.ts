/**
 * The value below which a share of the sorted samples is found, interpolated between neighbours (type 7 of Hyndman and Fan
 * 1996, Sample Quantiles in Statistical Packages).
 * @param sorted ascending, at least one
 */
export function quantile(sorted: Float64Array, share: number): number {
  const position = (sorted.length - 1) * share;
  const lower = Math.floor(position);
  const below = sorted[lower]!;
  const above = sorted[Math.min(lower + 1, sorted.length - 1)]!;
  return below + (above - below) * (position - lower);
}
