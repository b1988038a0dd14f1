/** Ticks that people can read. */

const digits = [1, 2, 5];

/**
 * Ticks within the domain: powers of ten; with twos and fives between them where there are few;
 * every other, or fewer, where there are many.
 */
export function logTicks([low, high]: readonly [number, number], most = 7): number[] {
  const first = Math.floor(Math.log10(low));
  const decades = Array.from(
    { length: Math.ceil(Math.log10(high)) - first + 1 },
    (_, index) => first + index,
  );
  const within = (value: number): boolean => value >= low * 0.999 && value <= high * 1.001;
  // Written and read, since a power of ten is not exact by multiplication.
  const tens = decades.map((power) => Number(`1e${power}`)).filter(within);
  if (tens.length < 3) {
    return decades.flatMap((power) => digits.map((d) => Number(`${d}e${power}`))).filter(within);
  }
  const every = Math.ceil(tens.length / most);
  return tens.filter((_, index) => (tens.length - 1 - index) % every === 0);
}

/** From zero, so many at most, by ones, twos or fives. */
export function linearTicks(high: number, most: number): number[] {
  const least = high / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [...digits, 10].map((digit) => digit * power).find((size) => size >= least)!;
  // Written and read, since tenths are not exact.
  return Array.from({ length: Math.floor(high / step) + 1 }, (_, index) =>
    Number((index * step).toPrecision(12)));
}

const raised = Array.from({ length: 16 }, (_, power) =>
  `⁻${String(power).replaceAll(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)])}`);
const power = 'floor(log(datum.value) / LN10 + 1e-9)';
const leading = `round(datum.value / pow(10, ${power}))`;

/** `1,000`, `0.01`, and `10⁻⁸` for what would be a row of zeros. */
export const logLabels =
  `datum.value > 0.0009 ? format(datum.value, ',') : (${leading} == 1 ? '' : ${leading} + '·') + ` +
  `'10' + ${JSON.stringify(raised)}[-${power}]`;

/** A format would be combined with a precision, and 200 become 2e+2. */
export const plainLabels = "format(datum.value, ',')";

const percentLabels = "format(datum.value, '~%')";

/** Of a measure in that unit, as Vega's expression. */
export function labelsOf(unit: string): string {
  return unit === '%' ? percentLabels : plainLabels;
}
