import type { Scalar } from 'yaml';

/**
 * Where each character of a YAML scalar's value stands in the file: `offsets[i]` for `value[i]`,
 * and one more for the end. Needed because quotes, escapes, folds and indents make the two differ.
 * All but white space stands in both in the same order; white space that YAML made (a fold) is
 * placed where the text before it ends.
 */
export function scalarOffsets(scalar: Scalar, text: string): number[] {
  const value = scalar.type === 'PLAIN' ? (scalar.source ?? '') : String(scalar.value);
  const offsets: number[] = [];
  let at = contentStart(scalar, text);
  for (const character of value.split('')) {
    const space = /\s/.test(character);
    if (!space) at = skipFolds(at, text, scalar.type === 'QUOTE_DOUBLE');
    offsets.push(at);
    const width = characterWidth(at, text, scalar.type);
    if (!space || width > 1 || text[at] === character) at += width;
  }
  offsets.push(at);
  return offsets;
}

function contentStart(scalar: Scalar, text: string): number {
  const start = scalar.range?.[0] ?? 0;
  if (scalar.type === 'QUOTE_DOUBLE' || scalar.type === 'QUOTE_SINGLE') return start + 1;
  if (scalar.type === 'BLOCK_FOLDED' || scalar.type === 'BLOCK_LITERAL') {
    const lineEnd = text.indexOf('\n', start);
    return lineEnd < 0 ? text.length : lineEnd + 1;
  }
  return start;
}

/** From `at` past white space; in double quotes past escaped line ends too. */
function skipFolds(at: number, text: string, escapes: boolean): number {
  let next = at;
  for (;;) {
    if (/\s/.test(text[next] ?? '')) next += 1;
    else if (escapes && text[next] === '\\' && /[\r\n]/.test(text[next + 1] ?? '')) next += 2;
    else return next;
  }
}

/** How many characters of the file write the one character of the value at `at`. */
function characterWidth(at: number, text: string, type: Scalar['type']): number {
  if (type === 'QUOTE_SINGLE') return text[at] === "'" ? 2 : 1;
  if (type !== 'QUOTE_DOUBLE' || text[at] !== '\\') return 1;
  const escape = text[at + 1] ?? '';
  return { x: 4, u: 6, U: 10 }[escape] ?? 2;
}
