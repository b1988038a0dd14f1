import fc from 'fast-check';

const point = fc.oneof(fc.nat(0x7f), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }));

/** Any code points; fast-check's own unit `binary` makes a table of all of them first. */
export function anyText(maxLength: number): fc.Arbitrary<string> {
  return fc.array(point, { maxLength }).map((points) => String.fromCodePoint(...points));
}
