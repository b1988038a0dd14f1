/** What every implementation of Election must do, whoever it lets win. */
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { compareBallots } from '../../core/identity.js';
import type { Address } from '../../core/process.js';
import { ElectionNet, type MakeElection } from '../core/election/net.js';
import { holds } from '../core/overlay/holds.js';
import { msUs, type Call } from '../core/overlay/memory-world.js';
import { overlayTimes } from '../core/overlay/node.js';

export type { MakeElection } from '../core/election/net.js';

export interface ElectionTraits {
  /**
   * So long after everybody started, or after all that live missed the coordinator, they agree on
   * one, with up to two nodes dead that they did not know of. Messages take 1 to 5 ms, a hop fails
   * after 50 ms, peers are probed every 500 ms.
   */
  readonly electedUs: number;
}

const worlds = fc.record({ seed: fc.nat(), count: fc.integer({ min: 5, max: 12 }) });
/** Everyone has probed everyone. */
const roundUs = (count: number): number => (count + 1) * overlayTimes.probePeriodUs;

/** A net of nodes that elect, and the suite's ways to use it. */
interface Bench {
  readonly electedUs: number;
  readonly settled: (count: number, seed: number) => ElectionNet;
}

export function electionConformance(
  name: string, make: MakeElection, { electedUs }: ElectionTraits,
): void {
  const settled = (count: number, seed: number): ElectionNet => {
    const net = new ElectionNet(count, seed, make);
    net.world.runFor(electedUs);
    return net;
  };
  t.test(`${name} as an election`, async (t) => {
    succeeding(t, { electedUs, settled });
    meeting(t, { electedUs, settled });
    remembering(t, make, { electedUs, settled });
  });
}

function succeeding(t: Test, { electedUs, settled }: Bench): void {
  t.test('who starts together agrees on one, which alone coordinates', async (t) => {
    holds(t, fc.property(worlds, ({ seed, count }) => settled(count, seed).agreed() !== null), 30);
  });

  t.test('a coordinator that crashed is succeeded under a greater ballot', async (t) => {
    holds(t, fc.property(worlds, fc.boolean(), ({ seed, count }, another) => {
      const net = settled(count, seed);
      const before = net.agreed();
      if (before === null) return false;
      const { address } = before;
      net.world.crash(address, ...(another ? [(address + 1) % count] : []));
      net.suspect();
      net.world.runFor(electedUs);
      const after = net.agreed();
      return after !== null && after.counter > before.counter && after.address !== address;
    }), 30);
  });

  t.test('after a false alarm, all agree still, and nobody goes on asking', async (t) => {
    holds(t, fc.property(worlds, ({ seed, count }) => {
      const net = settled(count, seed);
      net.suspect();
      net.world.runFor(electedUs);
      const ballot = net.agreed();
      net.world.runFor(4 * electedUs);
      return ballot !== null && compareBallots(net.agreed(), ballot) === 0;
    }), 20);
  });

  t.test('a coordinator that comes back finds out, or takes a new ballot', async (t) => {
    holds(t, fc.property(worlds, fc.boolean(), ({ seed, count }, noticed) => {
      const net = settled(count, seed);
      const { address } = net.agreed()!;
      net.world.restart(address);
      if (noticed) net.suspect();
      net.world.runFor(2 * electedUs);
      const ballot = net.agreed();
      return ballot !== null && (ballot.address !== address || ballot.incarnation === 2);
    }), 30);
  });
}

function meeting(t: Test, { electedUs, settled }: Bench): void {
  t.test('of two coordinators that meet one steps down, once', async (t) => {
    holds(t, fc.property(worlds, ({ seed, count }) => {
      const net = settled(count, seed);
      const first = net.agreed()!.address;
      const side = (node: Address): boolean => node % 2 === first % 2;
      net.world.reaches = (from, to) => side(from) === side(to);
      net.world.runFor(roundUs(count));
      const others = net.world.live().filter((node) => !side(node));
      net.suspect(...others);
      net.world.runFor(2 * electedUs);
      const second = net.agreed(others)?.address;
      if (second === undefined || net.agreed(net.world.live().filter(side)) === null) return false;
      net.world.reaches = () => true;
      net.world.runFor(roundUs(count) + electedUs);
      const winner = net.agreed()?.address;
      const loser = winner === first ? second : first;
      return winner !== undefined && net.nodes[loser].deposed === 1 && net.broken() === null;
    }), 20);
  });

  t.test('only the coordinator renews, and all acknowledge its greater ballot', async (t) => {
    const net = settled(6, 8);
    const before = net.agreed()!;
    const other = (before.address + 1) % 6;
    net.world.within(other, () => net.nodes[other].election.renew());
    net.world.runFor(electedUs);
    t.same(net.agreed(), before);
    const { election } = net.nodes[before.address];
    net.world.within(before.address, () => election.renew());
    net.world.runFor(electedUs);
    t.equal(net.agreed()?.address, before.address);
    t.equal(compareBallots(net.agreed(), before), 1);
  });
}

function remembering(t: Test, make: MakeElection, { electedUs }: Bench): void {
  t.test('a ballot is durable before anyone hears of it, wherever a crash falls', async (t) => {
    let crashes = 0;
    for (const call of ['put', 'sync', 'observe', 'send', 'setTimer'] satisfies Call[]) {
      for (let nth = 0; nth < 8; nth += 1) {
        const net = new ElectionNet(4, 9, make);
        const calls = new Map<Address, number>();
        net.world.crashesAt = (address, made) => {
          if (made !== call || net.nodes[address]?.election.ballot === undefined) return false;
          const count = (calls.get(address) ?? 0) + 1;
          calls.set(address, count);
          return count === nth + 1;
        };
        net.world.runFor(electedUs);
        crashes += 4 - net.world.live().length;
        net.world.crashesAt = () => false;
        const all = [0, 1, 2, 3];
        net.world.crash(...all);
        net.world.start(...all);
        net.world.runFor(electedUs);
        net.suspect();
        net.world.runFor(electedUs);
        if (net.agreed() === null) t.fail(`${call} ${nth}: nobody is agreed on`);
        t.equal(net.broken(), null, `${call} ${nth}`);
      }
    }
    t.ok(crashes >= 10, `crashed at ${crashes} of the calls`);
  });

  const deed = fc.record({
    do: fc.constantFrom('crash', 'start', 'suspect', 'split', 'join', 'run'),
    node: fc.nat(6),
    forMs: fc.nat(600),
  });
  t.test('whatever happens, ballots never go back, and in the end all agree', async (t) => {
    holds(t, fc.property(fc.nat(), fc.array(deed, { maxLength: 25 }), (seed, deeds) => {
      const net = new ElectionNet(7, seed, make);
      net.world.loss = 0.1;
      net.world.repetition = 0.1;
      for (const { do: what, node, forMs } of deeds) {
        if (what === 'crash') net.world.crash(node);
        else if (what === 'start') net.world.restart(node);
        else if (what === 'suspect' && net.world.isUp(node)) net.suspect(node);
        else if (what === 'split') net.world.reaches = (from, to) => (from > node) === (to > node);
        else if (what === 'join') net.world.reaches = () => true;
        net.world.runFor(forMs * msUs);
      }
      net.world.loss = 0;
      net.world.reaches = () => true;
      if (net.world.live().length === 0) net.world.start(0);
      net.world.runFor(roundUs(7));
      net.suspect();
      net.world.runFor(roundUs(7) + 4 * electedUs);
      return net.agreed() !== null && net.broken() === null;
    }), 40);
  });
}
