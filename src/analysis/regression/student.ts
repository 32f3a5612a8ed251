/** Student's t, as far as the decisions need it. */
import { normalTail } from '../statistics/normal.ts';

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
