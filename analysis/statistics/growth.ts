/** What grows with a size: as a power of it, or by a part that stays and a part in proportion. */
import exp from '@stdlib/math-base-special-exp';
import ln from '@stdlib/math-base-special-ln';
import { fitLine, type Line, type Point } from './regression.js';
import { studentQuantile } from './student.js';

/** y = exp(intercept) x^slope: least squares on logarithms. */
export interface PowerLaw {
  readonly kind: 'power';
  readonly line: Line;
}

/** y = constant + perUnit x: least squares of the deviations relative to y. */
export interface AffineLaw {
  readonly kind: 'affine';
  readonly constant: number;
  readonly perUnit: number;
  /** Of the confidence intervals, by Student's t. */
  readonly constantHalfWidth: number;
  readonly perUnitHalfWidth: number;
}

export type GrowthLaw = PowerLaw | AffineLaw;

export interface GrowthFit {
  /** The one of the two that is nearer to the points. */
  readonly law: GrowthLaw;
  /** Also where the affine law is nearer. */
  readonly power: PowerLaw;
  /** The farthest of the points is off the law by this share of it. */
  readonly off: number;
}

/** Squares of logarithms: below it both laws go through the points. */
const ROUNDING = 1e-18;

/**
 * Both laws have two parameters, so the one that leaves less is the likelier.
 * Null with fewer than three points, all at one x, or any that is not positive.
 */
export function fitGrowth(points: readonly Point[], confidence: number): GrowthFit | null {
  if (points.some(({ x, y }) => !(x > 0 && y > 0))) return null;
  const line = fitLine(points.map(({ x, y }) => ({ x: ln(x), y: ln(y) })), confidence);
  if (line === null) return null;
  const power: PowerLaw = { kind: 'power', line };
  const affine = affineLaw(points, confidence);
  const squares = (law: GrowthLaw): number => points.reduce((sum, { x, y }) => {
    const at = growthAt(law, x);
    return at > 0 ? sum + ln(y / at) ** 2 : Infinity;
  }, 0);
  const [left, leftAffine] = [squares(power), affine === null ? Infinity : squares(affine)];
  const law = affine !== null && left > ROUNDING && leftAffine < left ? affine : power;
  const off = Math.max(...points.map(({ x, y }) => Math.abs(y / growthAt(law, x) - 1)));
  return { law, power, off };
}

export function growthAt(law: GrowthLaw, x: number): number {
  return law.kind === 'affine'
    ? law.constant + law.perUnit * x : exp(law.line.intercept + law.line.slope * ln(x));
}

/** As `lm(y ~ x, weights = 1 / y^2)` of R. */
function affineLaw(points: readonly Point[], confidence: number): AffineLaw | null {
  const sum = (of: (point: Point) => number): number =>
    points.reduce((total, point) => total + of(point), 0);
  // 1 = constant (1 / y) + perUnit (x / y), by the normal equations.
  const aa = sum(({ y }) => 1 / (y * y));
  const ab = sum(({ x, y }) => x / (y * y));
  const bb = sum(({ x, y }) => (x * x) / (y * y));
  const [a, b] = [sum(({ y }) => 1 / y), sum(({ x, y }) => x / y)];
  const determinant = aa * bb - ab * ab;
  if (!(determinant > 0)) return null;
  const constant = (a * bb - b * ab) / determinant;
  const perUnit = (b * aa - a * ab) / determinant;
  const degrees = points.length - 2;
  const left = sum(({ x, y }) => (1 - (constant + perUnit * x) / y) ** 2) / degrees;
  const t = studentQuantile((1 + confidence) / 2, degrees);
  return {
    kind: 'affine', constant, perUnit,
    constantHalfWidth: t * Math.sqrt((left * bb) / determinant),
    perUnitHalfWidth: t * Math.sqrt((left * aa) / determinant),
  };
}
