/** The gamma function, through its logarithm. */
import ln from '@stdlib/math-base-special-ln';

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
