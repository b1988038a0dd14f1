/** Stable rings of many sizes; a third dead at once; two halves that were apart. */
import { Ring, ringTimes, second } from '../core/overlay/pastry/ring.js';
import type { Check, Finding } from './check.js';

/** All nodes start within a second, and double their number in each round of asking. */
const joinUs = 60 * second;
/** Longer than any route or broadcast without dead nodes takes. */
const routeUs = 3 * second;

/** As derived in docs/bounds.md. */
export const repairUs = ringTimes.heartbeatPeriodUs + 10 * ringTimes.hopTimeoutUs;
export const mergeUs = ringTimes.probePeriodUs + 10 * ringTimes.hopTimeoutUs;

export const rings: Check = async (scale, progress) => {
  const sizes = scale === 'long' ? [10, 100, 1000, 10_000] : [10, 200];
  const lookups = scale === 'long' ? 10_000 : 1_000;
  const findings: Finding[] = [];
  for (const size of sizes) {
    progress(`${size} nodes`);
    const ring = new Ring(size, 1);
    ring.runFor(joinUs);
    findings.push(...stable(ring, size, lookups));
    progress(`30% of ${size} dead at once`);
    findings.push(afterDeaths(ring, size, lookups));
  }
  const size = scale === 'long' ? 1000 : 100;
  progress(`halves of ${size} apart for an hour`);
  findings.push(afterPartition(size));
  return findings;
};

/** Looks up random keys; how many ended elsewhere than at the closest live node, or not once. */
function misses(ring: Ring, lookups: number, waitUs: number): number {
  const live = ring.live();
  let right = 0;
  ring.repeated = 0;
  ring.onDelivery = ({ key, at }) => {
    if (ring.closest(key, live) === at) right += 1;
  };
  for (let count = 0; count < lookups; count += 1) ring.lookup(ring.anyOf(live));
  ring.runFor(waitUs);
  return lookups - right + ring.repeated;
}

function stable(ring: Ring, size: number, lookups: number): Finding[] {
  const routes = ring.sent('overlay-route');
  const missed = misses(ring, lookups, routeUs);
  const hops = (ring.sent('overlay-route') - routes) / lookups;
  const limit = Math.log(size) / Math.log(16) + 1;
  const origin = ring.anyOf(ring.live());
  ring.broadcast(origin);
  ring.runFor(routeUs);
  const once = ring.told.reduce((sum, times) => sum + (times === 1 ? 1 : 0), 0);
  const spreads = ring.sent('overlay-spread');
  return [
    {
      what: `${lookups} lookups among ${size}`,
      measured: `${missed} not once at the closest; ${hops.toFixed(2)} hops on average`,
      wanted: `none; at most ${limit.toFixed(2)} hops`,
      ok: missed === 0 && hops <= limit,
    },
    {
      what: `a broadcast among ${size}`,
      measured: `${once} told once, by ${spreads} messages`,
      wanted: `all but the origin, ${size - 1}`,
      ok: once === size - 1 && spreads === size - 1 && ring.told[origin] === 0,
    },
  ];
}

function afterDeaths(ring: Ring, size: number, lookups: number): Finding {
  const dead = ring.live().filter(() => ring.random() < 0.3);
  ring.crash(...dead);
  ring.runFor(repairUs);
  const wrong = ring.wrongLeafSets();
  // Entries of routing tables are found dead on the way.
  const missed = misses(ring, lookups, 8 * routeUs);
  return {
    what: `${dead.length} of ${size} dead for ${repairUs / second} s`,
    measured: `${missed} of ${lookups} lookups not once at the closest; ${wrong} leaf sets wrong`,
    wanted: 'none, none',
    ok: missed === 0 && wrong === 0 && dead.length > size / 6,
  };
}

function afterPartition(size: number): Finding {
  const ring = new Ring(size, 2);
  ring.runFor(joinUs);
  ring.world.setPartition([0, 1]);
  ring.runFor(3600 * second);
  const live = ring.live();
  const apart = [0, 1].map((side) =>
    ring.wrongLeafSets(live.filter((address) => address % 2 === side)));
  ring.world.setPartition(null);
  ring.runFor(mergeUs);
  const wrong = ring.wrongLeafSets();
  return {
    what: `two halves of ${size}, together for ${mergeUs / second} s after an hour apart`,
    measured: `${wrong} leaf sets wrong (${apart.join(' and ')} while apart)`,
    wanted: 'one ring of all (two rings while apart)',
    ok: wrong === 0 && apart.every((wrongOnes) => wrongOnes === 0),
  };
}
