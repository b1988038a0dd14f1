/** Straight lines through points. */
import { studentQuantile } from './student.js';

export interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** Standard errors. */
  readonly slopeError: number;
  readonly interceptError: number;
  /** Residual standard deviation. */
  readonly deviation: number;
  /** Of the residuals. */
  readonly degrees: number;
  /** Half-width of the slope's confidence interval, by Student's t. */
  readonly slopeHalfWidth: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Ordinary least squares. Null with fewer than three points, or all at one x. */
export function fitLine(points: readonly Point[], confidence: number): Line | null {
  const count = points.length;
  if (count < 3) return null;
  const mean = (of: (point: Point) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / count;
  const [centreX, centreY] = [mean(({ x }) => x), mean(({ y }) => y)];
  const spread = points.reduce((sum, { x }) => sum + (x - centreX) * (x - centreX), 0);
  if (spread === 0) return null;
  const slope =
    points.reduce((sum, { x, y }) => sum + (x - centreX) * (y - centreY), 0) / spread;
  const intercept = centreY - slope * centreX;
  const residual = (point: Point): number => point.y - centreY - slope * (point.x - centreX);
  const squares = points.reduce((sum, point) => sum + residual(point) * residual(point), 0);
  const degrees = count - 2;
  const deviation = Math.sqrt(squares / degrees);
  const slopeError = deviation / Math.sqrt(spread);
  return {
    slope,
    intercept,
    slopeError,
    interceptError: deviation * Math.sqrt(1 / count + (centreX * centreX) / spread),
    deviation,
    degrees,
    slopeHalfWidth: studentQuantile((1 + confidence) / 2, degrees) * slopeError,
  };
}
