/** Mean, spread and skewness of a sample. */

export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Of the sample, by n - 1; 0 of a single value. */
  readonly deviation: number;
  /** Third central moment over the 3/2 power of the second; 0 where all are equal. */
  readonly skewness: number;
}

/** Of at least one value. */
export function momentsOf(values: readonly number[]): Moments {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  let [squares, cubes] = [0, 0];
  for (const value of values) {
    const off = value - mean;
    squares += off * off;
    cubes += off * off * off;
  }
  const spread = squares / count;
  return {
    count, mean,
    deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : 0,
    skewness: spread > 0 ? cubes / count / (spread * Math.sqrt(spread)) : 0,
  };
}
