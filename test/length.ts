/**
 * Tests are quick: they try some of the cases, seeds and moments that they could. With
 * HOWDAH_TESTS=long, as `npm run soak -- tests` has it, they try all of them.
 */
export const isLong = process.env['HOWDAH_TESTS'] === 'long';

/** What a test takes where it must be quick, and where there is time. */
export function inTime<T>(quick: T, long: T): T {
  return isLong ? long : quick;
}
