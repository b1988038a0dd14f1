/**
 * How much of the beginning of a series to leave out: the marginal standard error rule on batches
 * of five (White, "An effective truncation heuristic for bias reduction in simulation output",
 * Simulation 69, 1997; White, Cobb and Spratt, WSC 2000).
 */

const BATCH = 5;

export interface Truncation {
  /** Values to leave out, a multiple of five. */
  readonly leftOut: number;
  /** The least lies where no more may be left out: the series may not have become steady at all. */
  readonly atEnd: boolean;
}

/** Leaves out what makes the mean of the rest the surest, at most half. Null: fewer than 50. */
export function mser5(values: readonly number[]): Truncation | null {
  const batches = Array.from({ length: Math.floor(values.length / BATCH) }, (_, index) =>
    values.slice(index * BATCH, (index + 1) * BATCH).reduce((sum, one) => sum + one, 0) / BATCH);
  const { length } = batches;
  if (length < 10) return null;
  const half = Math.floor(length / 2);
  let [best, least] = [0, Infinity];
  for (let left = 0; left <= half; left += 1) {
    const rest = batches.slice(left);
    const mean = rest.reduce((sum, one) => sum + one, 0) / rest.length;
    const squares = rest.reduce((sum, one) => sum + (one - mean) * (one - mean), 0);
    const error = squares / (rest.length * rest.length);
    if (error < least) [best, least] = [left, error];
  }
  return { leftOut: best * BATCH, atEnd: best === half };
}
