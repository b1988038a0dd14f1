/** Student's t distribution. */
import { incompleteBeta } from './beta.js';
import { rootOf } from './root.js';

/** P(T <= t) with so many degrees of freedom. */
export function studentCdf(t: number, degrees: number): number {
  const tail = 0.5 * studentTails(t, degrees);
  return t > 0 ? 1 - tail : tail;
}

/** P(|T| >= |t|). */
export function studentTails(t: number, degrees: number): number {
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** The t that a share p of the distribution does not exceed, p in (0, 1). */
export function studentQuantile(p: number, degrees: number): number {
  if (p === 0.5) return 0;
  if (p < 0.5) return -studentQuantile(1 - p, degrees);
  let high = 1;
  while (studentCdf(high, degrees) < p) high *= 2;
  return rootOf((t) => studentCdf(t, degrees), p, 0, high);
}
