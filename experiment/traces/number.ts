/** Numbers straight from bytes: a trace of a hundred megabytes is mostly numbers. */

const ZERO = 48;
const NINE = 57;
const DOT = 46;
/** So many digits are exact in a double, and so are powers of ten up to 22. */
const EXACT_DIGITS = 15;

/** Of the bytes from `from` up to, not including, `to`; NaN where they are no number. */
export function numberAt(bytes: Buffer, from: number, to: number): number {
  if (to - from > EXACT_DIGITS) return slowly(bytes, from, to);
  let value = 0;
  let scale = 0;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at];
    if (byte >= ZERO && byte <= NINE) {
      value = value * 10 + (byte - ZERO);
      scale *= 10;
    } else if (byte === DOT && scale === 0 && to - from > 1) scale = 1;
    else return slowly(bytes, from, to);
  }
  return scale > 1 ? value / scale : value;
}

function slowly(bytes: Buffer, from: number, to: number): number {
  const text = bytes.toString('latin1', from, to);
  return text === '' || !/^[-+0-9.]/.test(text) || /^[-+]?0[xob]/i.test(text) ? NaN : Number(text);
}
