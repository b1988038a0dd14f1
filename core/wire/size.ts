/** How many bytes the parts of messages have, without writing them. */

/** Of an integer from 0 to 2^53 - 1. Short, so that an optimizing compiler copies it. */
export function uintSize(value: number): number {
  if (value < 0x80) return 1;
  return value < 0x4000 ? 2 : largeUintSize(value);
}

function largeUintSize(value: number): number {
  if (value < 0x200000) return 3;
  if (value < 0x10000000) return 4;
  if (value < 0x800000000) return 5;
  if (value < 0x40000000000) return 6;
  return value < 0x2000000000000 ? 7 : 8;
}

/** Of UTF-8 alone; a lone surrogate becomes U+FFFD, which has three as well. */
export function utf8Size(text: string): number {
  let size = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    size += unit < 0x800 ? 1 : 2;
    // A pair of surrogates has four bytes: the first's three, and one for the second.
    const pair = (unit & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00;
    if (pair) index += 1;
  }
  return size;
}

/** Of a text after its length. */
export function textSize(text: string): number {
  const size = utf8Size(text);
  return uintSize(size) + size;
}

export function labelsSize(labels: Readonly<Record<string, string>>): number {
  const keys = Object.keys(labels);
  let size = uintSize(keys.length);
  for (const key of keys) size += textSize(key) + textSize(labels[key]);
  return size;
}

/** Null has a byte, as the empty list has. */
export function valuesSize(values: readonly number[] | null): number {
  return values === null ? 1 : uintSize(values.length + 1) + 8 * values.length;
}
