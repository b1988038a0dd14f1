/** Student's t distribution. */
import erfinv from '@stdlib/math-base-special-erfinv';
import { incompleteBeta } from './beta.js';

/** P(T <= t) with so many degrees of freedom. */
export function studentCdf(t: number, degrees: number): number {
  const tail = 0.5 * incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
  return t > 0 ? 1 - tail : tail;
}

/** The t that a share p of the distribution does not exceed, p in (0, 1). */
export function studentQuantile(p: number, degrees: number): number {
  if (p === 0.5) return 0;
  if (p < 0.5) return -studentQuantile(1 - p, degrees);
  let high = 1;
  while (studentCdf(high, degrees) < p) high *= 2;
  let low = 0;
  // Halved until neighbouring doubles remain.
  for (let middle = high / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (studentCdf(middle, degrees) < p) low = middle;
    else high = middle;
  }
  return high;
}

/** The z that a share p of the standard normal distribution does not exceed, p in (0, 1). */
export function normalQuantile(p: number): number {
  return Math.SQRT2 * erfinv(2 * p - 1);
}
