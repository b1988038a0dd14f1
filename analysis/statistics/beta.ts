/** The regularised incomplete beta function. */
import exp from '@stdlib/math-base-special-exp';
import ln from '@stdlib/math-base-special-ln';

const PRECISION = 1e-15;
const MOST_TERMS = 10_000;
/** Instead of zero in a denominator. */
const TINY = 1e-300;

/** Of Lanczos' approximation with g = 7 and 9 terms (Press et al., Numerical Recipes, 6.1). */
const lanczos: readonly number[] = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
];

/** The logarithm of the gamma function, for x >= 0.5, to some 14 digits. */
export function lnGamma(x: number): number {
  const y = x - 1;
  const base = y + 7.5;
  const sum = lanczos.reduce((total, term, k) => (k === 0 ? term : total + term / (y + k)), 0);
  return 0.5 * ln(2 * Math.PI) + (y + 0.5) * ln(base) - base + ln(sum);
}

/** I_x(a, b) for x in [0, 1] and a, b >= 0.5; by its continued fraction (ibid., 6.4). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = exp(lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * ln(x) + b * ln(1 - x));
  // On the other side the fraction would converge slowly.
  if (x < (a + 1) / (a + b + 2)) return (front * fraction(x, a, b)) / a;
  return 1 - (front * fraction(1 - x, b, a)) / b;
}

/** By the method of Lentz. */
function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / apart(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < MOST_TERMS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / apart(1 + even * d);
    c = apart(1 + even / c);
    value *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / apart(1 + odd * d);
    c = apart(1 + odd / c);
    value *= c * d;
    if (Math.abs(c * d - 1) < PRECISION) break;
  }
  return value;
}

function apart(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
