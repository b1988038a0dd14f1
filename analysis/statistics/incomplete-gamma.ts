/** The regularised incomplete gamma function (Press et al., Numerical Recipes, 6.2). */
import exp from '@stdlib/math-base-special-exp';
import ln from '@stdlib/math-base-special-ln';
import { lnGamma } from '../../experiment/random/ln-gamma.js';

const PRECISION = 1e-15;
const MOST_TERMS = 10_000;
/** Instead of zero in a denominator. */
const TINY = 1e-300;

/** P(a, x), the share of a gamma variate of shape a that is at most x; a >= 0.5. */
export function incompleteGamma(a: number, x: number): number {
  if (x <= 0) return 0;
  const front = exp(a * ln(x) - x - lnGamma(a));
  return x < a + 1 ? front * series(a, x) : 1 - front * fraction(a, x);
}

function series(a: number, x: number): number {
  let [term, sum] = [1 / a, 1 / a];
  for (let n = 1; n < MOST_TERMS && term > sum * PRECISION; n += 1) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** By the method of Lentz. */
function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < MOST_TERMS; n += 1) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / apart(an * d + b);
    c = apart(b + an / c);
    value *= c * d;
    if (Math.abs(c * d - 1) < PRECISION) break;
  }
  return value;
}

function apart(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
