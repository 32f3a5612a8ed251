/** Student's t and the normal distribution, as far as the decisions need them. */

/** Standard normal: the power of 80 % for which smallest detectable effects are given. */
export const Z_POWER = 0.8416;

/**
 * The two-sided quantile of Student's t: |t| stays below it with the given probability (Hill 1970, Algorithm 396, Communications of the ACM
 * 13, 619–620, to six digits from three degrees of freedom on; one and two in closed form).
 * @param coverage above 0 and below 1 @param degrees of freedom, a whole number from 1 on
 */
export function studentQuantile(coverage: number, degrees: number): number {
  const p = 1 - coverage;
  if (degrees === 1) return 1 / Math.tan((p * Math.PI) / 2);
  if (degrees === 2) return Math.sqrt(2 / (p * (2 - p)) - 2);
  const n = degrees;
  const a = 1 / (n - 0.5);
  const b = 48 / a ** 2;
  let c = ((20_700 * a) / b - 98) * a - 16 + 96.36;
  const d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt((a * Math.PI) / 2) * n;
  let x = d * p;
  let y = x ** (2 / n);
  if (y > 0.05 + a) {
    x = normalQuantile(p / 2);
    y = x ** 2;
    if (n < 5) c += 0.3 * (n - 4.5) * (x + 0.6);
    c += (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b;
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x;
    y = a * y ** 2;
    y = y > 0.002 ? Math.expm1(y) : 0.5 * y ** 2 + y;
  } else {
    y =
      ((1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y - 1) * ((n + 1) / (n + 2)) +
      1 / y;
  }
  return Math.sqrt(n * y);
}

/** The probability that a standard normal exceeds z: Abramowitz and Stegun 7.1.26, absolute error below 1e-7. */
export function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const tail = 0.5 * series * Math.exp(-(x ** 2));
  return z >= 0 ? tail : 1 - tail;
}

/** The z with P(Z < z) = p, for p below a half: Abramowitz and Stegun 26.2.23, then two steps of Newton's method. */
function normalQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(p));
  let z =
    t - (2.515517 + 0.802853 * t + 0.010328 * t ** 2) / (1 + 1.432788 * t + 0.189269 * t ** 2 + 0.001308 * t ** 3);
  for (let step = 0; step < 2; step += 1) {
    z += (normalTail(z) - p) / (Math.exp(-(z ** 2) / 2) / Math.sqrt(2 * Math.PI));
  }
  return -z;
}
