/**
 * A random order of any number of things that takes no memory: where each stands is computed, by a
 * Feistel network over a power of four, whose results beyond the end are sent through it again
 * (Black and Rogaway 2002, "Ciphers with arbitrary finite domains": cycle walking).
 */

/** Four would do for large halves (Luby and Rackoff 1988); few things are mixed well by eight. */
const rounds = 8;
/** Bits of a half at least: with fewer some orders of two or three things come much oftener. */
const leastHalfBits = 3;

/** Which of `size` things stands at `place`, in the order that `key` (32 bits) stands for. */
export function permuted(key: number, size: number, place: number): number {
  const halfBits = Math.max(leastHalfBits, Math.ceil((32 - Math.clz32(size - 1)) / 2));
  let at = place;
  // Within its cycle, so it ends: at the latest where it began.
  do at = mixed(key, halfBits, at);
  while (at >= size);
  return at;
}

function mixed(key: number, halfBits: number, value: number): number {
  const mask = (1 << halfBits) - 1;
  let left = value >>> halfBits;
  let right = value & mask;
  for (let round = 0; round < rounds; round += 1) {
    const next = left ^ (scrambled(key, round, right) & mask);
    left = right;
    right = next;
  }
  return (left << halfBits) | right;
}

/** The finalizer of MurmurHash3 over key, round and value. */
function scrambled(key: number, round: number, value: number): number {
  let hash = Math.imul(key ^ Math.imul(round + 1, 0x9e3779b9), 0x85ebca6b) ^ value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
