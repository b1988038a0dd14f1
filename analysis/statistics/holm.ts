/** Many comparisons at once: Holm, "A simple sequentially rejective multiple test procedure". */

/**
 * Adjusted p values (Scand. J. Statist. 6, 1979): those below 5% are different, and the chance
 * that any of them is not is at most 5%, however they depend on each other.
 */
export function holm(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => values[a] - values[b]);
  const adjusted: number[] = [];
  let least = 0;
  for (const [rank, index] of order.entries()) {
    least = Math.max(least, Math.min(1, (values.length - rank) * values[index]));
    adjusted[index] = least;
  }
  return adjusted;
}
