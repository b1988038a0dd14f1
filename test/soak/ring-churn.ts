/** A ring whose nodes come and go: what maintenance costs, and where lookups end. */
import ln from '@stdlib/math-base-special-ln';
import { Ring, second } from '../core/overlay/pastry/ring.js';
import type { Check, Finding } from './check.js';

const hour = 3600 * second;
/** Sessions are exponential with a median of 2 hours; then a node is down for a while. */
const meanSessionUs = (2 * hour) / Math.LN2;
const meanDownUs = hour / 6;
/** Nodes that start together are not yet in the churn's balance, nor is the ring's quiet cost. */
const settleUs = 600 * second;

interface Churned {
  readonly perNodeSecond: number;
  readonly lookups: number;
  readonly right: number;
  readonly crashes: number;
}

export const ringChurn: Check = async (scale, progress) => {
  const [hours, nodes] = scale === 'long' ? [4, 1000] : [0.5, 150];
  const ring = new Ring(nodes, 1);
  progress('a quiet ring');
  ring.runFor(settleUs);
  const quiet = costOver(ring, hours * hour / 4);
  progress(`${hours} hours of churn`);
  const { perNodeSecond, lookups, right, crashes } = churn(ring, hours * hour);
  const share = right / lookups;
  return [
    {
      what: `maintenance at ${nodes} nodes, quiet`,
      measured: `${quiet.toFixed(3)} messages per node and second`,
      wanted: 'at most 0.5',
      ok: quiet <= 0.5,
    },
    {
      what: `the same, sessions of 2 h (${crashes} crashes)`,
      measured: `${perNodeSecond.toFixed(3)} messages per node and second`,
      wanted: 'at most 0.5',
      ok: perNodeSecond <= 0.5 && crashes > hours * nodes / 5,
    },
    {
      what: `${lookups} lookups meanwhile`,
      measured: `${(100 * share).toFixed(4)}% at the closest node of the ring`,
      wanted: 'at least 99.9%',
      ok: share >= 0.999 && lookups >= hours * 25_000 - 1,
    },
  ] satisfies Finding[];
};

/** Maintenance messages per node that is up, and second, while time passes. */
function costOver(ring: Ring, us: number): number {
  const before = ring.maintenance();
  ring.runFor(us);
  return (ring.maintenance() - before) / (ring.live().length * (us / second));
}

function churn(ring: Ring, forUs: number): Churned {
  const endUs = ring.nowUs + forUs;
  const exponential = (meanUs: number): number =>
    Math.ceil(-meanUs * ln(1 - ring.random()));
  let crashes = 0;
  let upUs = 0;
  const schedule = (delayUs: number, act: () => void): void => {
    const atUs = ring.nowUs + delayUs;
    if (atUs < endUs) ring.world.callAt(atUs, act);
  };
  for (const address of ring.live()) {
    const up = (): void => schedule(exponential(meanSessionUs), () => {
      ring.crash(address);
      crashes += 1;
      schedule(exponential(meanDownUs), () => {
        ring.world.restartHost(address);
        up();
      });
    });
    up();
  }
  let lookups = 0;
  let right = 0;
  ring.onDelivery = ({ at, key }) => {
    if (ring.closest(key, ring.active()) === at) right += 1;
  };
  const step = second / 4;
  const perStep = Math.ceil((100_000 * step) / (4 * hour));
  const before = ring.maintenance();
  for (let left = forUs - 20 * second; left > 0; left -= step) {
    const active = ring.active();
    upUs += ring.live().length * step;
    for (let count = 0; count < perStep; count += 1) {
      ring.lookup(ring.anyOf(active));
      lookups += 1;
    }
    ring.runFor(step);
  }
  const perNodeSecond = (ring.maintenance() - before) / (upUs / second);
  ring.runFor(20 * second);
  return { perNodeSecond, lookups, right, crashes };
}
