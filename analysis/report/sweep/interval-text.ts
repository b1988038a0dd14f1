/** Estimates with their intervals, as texts. */

const MOST_DIGITS = 4;

/** `1.00 ± 0.01`: two digits of the half-width, but so many after the point at least. */
export function withInterval(value: number, halfWidth: number, leastDigits = 0): string {
  // Unless it is one of rounding errors.
  const order = halfWidth > 1e-4 ? Math.floor(Math.log10(halfWidth)) : 0;
  const digits = Math.min(MOST_DIGITS, Math.max(leastDigits, 1 - order, 0));
  const text = Math.abs(value).toFixed(digits);
  const sign = value < 0 && Number(text) !== 0 ? '−' : '';
  return `${sign}${text} ± ${halfWidth.toFixed(digits)}`;
}

/** With its sign, also where it is positive. */
export function signed(text: string): string {
  return text.startsWith('−') ? text : `+${text}`;
}
