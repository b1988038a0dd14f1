/** The standard normal distribution. */
import erfc from '@stdlib/math-base-special-erfc';
import erfinv from '@stdlib/math-base-special-erfinv';

/** The share of it up to z. */
export function normalCdf(z: number): number {
  return 0.5 * erfc(-z / Math.SQRT2);
}

/** The z that a share p of it does not exceed, p in (0, 1). */
export function normalQuantile(p: number): number {
  return Math.SQRT2 * erfinv(2 * p - 1);
}
