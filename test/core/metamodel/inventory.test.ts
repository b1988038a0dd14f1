import { deepStrictEqual, equal, ok } from 'node:assert';
import fc from 'fast-check';
import t from 'tap';
import type { Ballot, Token } from '../../../core/identity.js';
import { Inventory, inventoryRowBytes } from '../../../core/metamodel/inventory.js';
import { holds } from '../overlay/holds.js';

const descriptor = { name: 'a', kind: 'service', host: 'host-1', zone: 'zone-1', labels: {} };
const node = { agent: 7, incarnation: 1, descriptor };

function ballotOf(counter: number): Ballot {
  return { counter, node: '0'.repeat(32), incarnation: 1, address: 0 };
}

function nameOf({ ballot, sequence }: Token): string {
  return `${ballot.counter}/${sequence}`;
}

/** A copy, and beside it the plainest one that there is: all that was ever added and removed. */
class Copy {
  readonly inventory = new Inventory();
  readonly added = new Map<string, { resource: number; number: Token }>();
  readonly removed = new Set<string>();
  readonly ballot: Ballot;

  constructor(counter: number) {
    this.ballot = ballotOf(counter);
  }

  register(resource: number): void {
    if (this.inventory.has(resource)) return;
    this.inventory.register({ resource, ...node }, this.ballot);
    this.#note(resource);
  }

  remove(resource: number): void {
    if (!this.inventory.has(resource)) return;
    this.removed.add(nameOf(this.inventory.number(resource)!));
    this.inventory.remove(resource);
  }

  /** Takes over the whole of another, told in pieces. */
  merge(other: Copy, limit: number): void {
    const named = new Set<number>();
    for (const { entries, isLast } of other.inventory.since(0, limit, Infinity)) {
      for (const { resource, number } of entries) {
        named.add(resource);
        this.inventory.enter({ resource, number, ...node });
      }
      if (isLast) this.inventory.close(other.inventory.passed, named);
    }
    for (const [name, one] of other.added) this.added.set(name, one);
    for (const name of other.removed) this.removed.add(name);
    const best = new Map<number, Token>();
    for (const { resource, number } of this.added.values()) {
      if (this.removed.has(nameOf(number))) continue;
      const before = best.get(resource);
      const isMore = before === undefined || number.ballot.counter > before.ballot.counter;
      if (before !== undefined) this.removed.add(nameOf(isMore ? before : number));
      if (isMore) best.set(resource, number);
    }
  }

  get held(): string[] {
    const held: string[] = [];
    for (const resource of this.inventory.resources()) {
      held.push(`${resource}:${nameOf(this.inventory.number(resource)!)}`);
    }
    return held.sort();
  }

  get expected(): string[] {
    return [...this.added.values()]
      .filter(({ number }) => !this.removed.has(nameOf(number)))
      .map(({ resource, number }) => `${resource}:${nameOf(number)}`).sort();
  }

  #note(resource: number): void {
    const number = this.inventory.number(resource)!;
    this.added.set(nameOf(number), { resource, number });
  }
}

const step = fc.record({
  do: fc.constantFrom('register', 'register', 'remove', 'merge'),
  copy: fc.nat(2), other: fc.nat(2), resource: fc.nat(5), limit: fc.integer({ min: 1, max: 3 }),
});

t.test('copies merge into what a record of all additions and removals says', async (t) => {
  holds(t, fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    const copies = [new Copy(1), new Copy(2), new Copy(3)];
    for (const { do: what, copy, other, resource, limit } of steps) {
      if (what === 'register') copies[copy].register(resource);
      else if (what === 'remove') copies[copy].remove(resource);
      else if (copy !== other) copies[copy].merge(copies[other], limit);
      for (const one of copies) deepStrictEqual(one.held, one.expected);
    }
    for (const [to, from] of [[0, 1], [0, 2], [1, 0], [2, 0]]) copies[to].merge(copies[from], 2);
    for (const one of copies) {
      deepStrictEqual(one.held, copies[0].held, 'all hold the same');
      equal(one.inventory.checksum, copies[0].inventory.checksum);
      ok(one.inventory.hasPassed(copies[0].inventory.passed));
    }
  }));
});

t.test('one who is told the changes holds what there is', async (t) => {
  holds(t, fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    const source = new Copy(1);
    const follower = new Inventory();
    let held = 0;
    for (const { do: what, resource, limit } of steps) {
      if (what === 'register') source.register(resource);
      else if (what === 'remove') source.remove(resource);
      else {
        // Not always all of it: what is not told now is told next time.
        for (const piece of source.inventory.since(held, limit, limit)) {
          equal(piece.from, held);
          for (const { resource: one, number, descriptor: is } of piece.entries) {
            if (is === null) follower.removeNumbered(one, number);
            else follower.enter({ resource: one, number, ...node });
          }
          if (piece.isLast) follower.close(source.inventory.passed, null);
          held = piece.to;
        }
        source.inventory.forgetRemovals(held);
      }
    }
    for (const { entries } of source.inventory.since(held, 2, Infinity)) {
      for (const { resource: one, number, descriptor: is } of entries) {
        if (is === null) follower.removeNumbered(one, number);
        else follower.enter({ resource: one, number, ...node });
      }
    }
    equal(follower.size, source.inventory.size);
    equal(follower.checksum, source.inventory.checksum);
  }));
});

t.test('after a split decommission wins, and a name used again is new', async (t) => {
  const left = new Copy(1);
  left.register(4);
  const right = new Copy(2);
  right.merge(left, 1);
  left.remove(4);
  right.merge(left, 1);
  t.notOk(right.inventory.has(4), 'the other side had not heard of it');
  right.register(4);
  left.merge(right, 1);
  t.equal(left.inventory.number(4)!.ballot.counter, 2, 'a new registration');
});

t.test('what was decommissioned leaves nothing behind', async (t) => {
  const copy = new Inventory();
  for (let round = 0; round < 100; round += 1) {
    copy.register({ resource: 3, ...node }, ballotOf(1));
    copy.remove(3);
  }
  copy.forgetRemovals(copy.version);
  t.strictSame(copy.passed, { upTo: [{ ballot: ballotOf(1), sequence: 100 }], single: [] });
  t.strictSame(copy.since(1, 10, 10).flatMap(({ entries }) => entries), []);
});

t.test('a resource takes no more than its share of 64 bytes', async (t) => {
  t.ok(inventoryRowBytes <= 64, `${inventoryRowBytes}`);
  const copy = new Inventory();
  copy.register({ resource: 16_777_215, ...node }, ballotOf(1));
  t.ok(copy.has(16_777_215));
  t.notOk(copy.has(5));
  t.equal(copy.entry(5), null);
});
