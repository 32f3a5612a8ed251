/** Shares with their interval, in the form that benchmarks print. */

/** For 95 %: https://doi.org/10.1080/01621459.1927.10502953 (Wilson 1927). Also right for shares near 0 and 1. */
const Z = 1.959964;

/** @returns both ends, from 0 to 1. The whole range if there are no cases. */
export function wilson(hits: number, cases: number): { readonly low: number; readonly high: number } {
  if (cases === 0) return { low: 0, high: 1 };
  const share = hits / cases;
  const scale = 1 + Z ** 2 / cases;
  const middle = share + Z ** 2 / (2 * cases);
  const reach = Z * Math.sqrt((share * (1 - share)) / cases + Z ** 2 / (4 * cases ** 2));
  return { low: Math.max(0, (middle - reach) / scale), high: Math.min(1, (middle + reach) / scale) };
}

/** "39 of 40, 98 % (95 % interval 87 to 100 %)" */
export function shareWords(hits: number, cases: number): string {
  const { low, high } = wilson(hits, cases);
  const percent = (ratio: number) => Math.round(100 * ratio);
  return `${hits} of ${cases}, ${percent(hits / cases)} % (95 % interval ${percent(low)} to ${percent(high)} %)`;
}

/** "0.02 % (95 % interval 0.01 to 0.05 %, n 33600)", for small shares. */
export function smallShareWords(hits: number, cases: number): string {
  const { low, high } = wilson(hits, cases);
  const share = hits / cases;
  const percent = (ratio: number) => (100 * ratio).toFixed(ratio < 0.1 ? 2 : 1);
  return `${percent(share)} % (95 % interval ${percent(low)} to ${percent(high)} %, n ${cases})`;
}
