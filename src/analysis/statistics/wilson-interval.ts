/** Of a standard normal distribution: 95 % are within. */
const Z = 1.959964;

/**
 * The 95 % interval of a proportion, which stays within 0 and 1 and holds for few trials.
 * E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference. JASA 22 (1927), 209–212.
 * @param n at least 1
 */
export function wilsonInterval(successes: number, n: number): { readonly low: number; readonly high: number } {
  const p = successes / n;
  const middle = p + (Z * Z) / (2 * n);
  const half = Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n));
  const scale = 1 + (Z * Z) / n;
  return { low: Math.max(0, (middle - half) / scale), high: Math.min(1, (middle + half) / scale) };
}
