/** How many failures two laws imply where nodes live, fail, are repaired, and live again. */
import { sample, type Distribution } from '../../experiment/random/distributions.js';
import { draw, streamKey } from '../../experiment/random/streams.js';

/** Enough to see a law by, and done in a second. */
const MOST_DRAWN = 400_000;
const MOST_ROUNDS = 40;

export interface Renewals {
  readonly mean: number;
  /** Between these, 95% of times, by the mean and its deviation over the rounds. */
  readonly lower: number;
  readonly upper: number;
}

/** @param expected - about how many there will be; nodes start new, as those of a scenario do */
export function renewals(
  { lifetime, repair, nodes, seconds, expected, seed }: {
    readonly lifetime: Distribution; readonly repair: Distribution;
    readonly nodes: number; readonly seconds: number;
    readonly expected: number; readonly seed: number;
  },
): Renewals {
  const each = Math.max(1, expected + nodes);
  const rounds = Math.max(2, Math.min(MOST_ROUNDS, Math.floor(MOST_DRAWN / each)));
  const some = Math.max(1, Math.min(nodes, Math.floor((nodes * MOST_DRAWN) / (rounds * each))));
  const key = streamKey(seed, 'fit/renewals');
  let left = 2 * MOST_DRAWN;
  const counts = Array.from({ length: rounds }, (_, round) => {
    let failures = 0;
    for (let node = 0; node < some; node += 1) {
      let at = sample(lifetime, draw(key, round, node, 0));
      // A law that makes nodes fail without end is far off in any case.
      for (let turn = 1; at < seconds && left > 0; turn += 1, left -= 1) {
        failures += 1;
        at += sample(repair, draw(key, round, node, 2 * turn - 1)) +
          sample(lifetime, draw(key, round, node, 2 * turn));
      }
    }
    return (failures * nodes) / some;
  });
  const mean = counts.reduce((sum, count) => sum + count, 0) / rounds;
  const squares = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0);
  // A part of the nodes scatters more than all of them.
  const off = 1.96 * Math.sqrt((squares / (rounds - 1)) * (some / nodes));
  return { mean, lower: Math.max(0, mean - off), upper: mean + off };
}
