/** Where a rising function reaches a value. */

const MOST_STEPS = 200;
const PRECISION = 1e-15;

/** By false position with halved weights (Illinois); by halves where that leaves the interval. */
export function rootOf(
  rising: (x: number) => number, value: number, low: number, high: number,
): number {
  let [from, to] = [low, high];
  let [below, above] = [rising(from) - value, rising(to) - value];
  let [last, side] = [Infinity, 0];
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const straight = (from * above - to * below) / (above - below);
    const x = straight > from && straight < to ? straight : (from + to) / 2;
    const off = rising(x) - value;
    if (off === 0 || Math.abs(x - last) <= PRECISION * Math.abs(x)) return x;
    last = x;
    if (off < 0) {
      [from, below] = [x, off];
      if (side < 0) above /= 2;
      side = -1;
    } else {
      [to, above] = [x, off];
      if (side > 0) below /= 2;
      side = 1;
    }
  }
  return last;
}
