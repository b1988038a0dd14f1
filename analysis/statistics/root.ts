/** Where a rising function reaches a value. */

/** Halves [low, high] until neighbouring doubles remain. */
export function rootOf(
  rising: (x: number) => number, value: number, low: number, high: number,
): number {
  let [from, to] = [low, high];
  for (let middle = (from + to) / 2; middle > from && middle < to; middle = (from + to) / 2) {
    if (rising(middle) < value) from = middle;
    else to = middle;
  }
  return to;
}
