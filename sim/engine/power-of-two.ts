/** 2^exponent, exactly; `**` is left to the engine by the language. For exponents from 0 up. */
export function powerOfTwo(exponent: number): number {
  let power = 1;
  for (let step = 0; step < exponent; step += 1) power *= 2;
  return power;
}
