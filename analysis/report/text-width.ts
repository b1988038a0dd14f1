/** How wide a text will be, without a canvas to measure it on. */

const narrow = /[ijlI.,:;'|!()[\]/· ]/;
const wide = /[mwMW%@…^−±+=<>]/;

/** Relative to the font size; a little generous, since nobody knows the reader's fonts. */
function advance(character: string): number {
  if (narrow.test(character)) return 0.34;
  if (wide.test(character)) return 0.93;
  if (character >= 'A' && character <= 'Z') return 0.7;
  return 0.595;
}

export function textWidth(text: string, fontSize: number): number {
  let width = 0;
  for (const character of text) width += advance(character);
  return width * fontSize;
}
