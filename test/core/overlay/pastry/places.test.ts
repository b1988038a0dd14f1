import fc from 'fast-check';
import t from 'tap';
import { compareCloseness } from '../../../../core/overlay/index.js';
import {
  compareClockwise, compareNearness, contactOf, digitAt, placeOf, sharedDigits,
} from '../../../../core/overlay/pastry/contact.js';
import { LeafSet, sideLength } from '../../../../core/overlay/pastry/leaf-set.js';
import { RoutingTable } from '../../../../core/overlay/pastry/routing-table.js';
import { holds } from '../holds.js';

const size = 1n << 128n;
const idOf = (place: bigint): string => BigInt.asUintN(128, place).toString(16).padStart(32, '0');
/** Anywhere; and often so near to each other that the first 52 bits do not tell them apart. */
const place = fc.oneof(
  fc.bigInt({ min: 0n, max: size - 1n }),
  fc.bigInt({ min: -3n, max: 3n }).map((offset) => BigInt.asUintN(128, offset)),
  fc.bigInt({ min: -3n, max: 3n }).map((offset) => (size >> 1n) + offset),
  fc.bigInt({ min: -3n, max: 3n }).map((offset) => BigInt.asUintN(128, offset << 75n)),
);

t.test('the order round the ring is that of whole ids', async (t) => {
  holds(t, fc.property(place, place, place, (from, a, b) => {
    const order = compareClockwise(placeOf(idOf(from)), placeOf(idOf(a)), placeOf(idOf(b)));
    const way = BigInt.asUintN(128, a - from) - BigInt.asUintN(128, b - from);
    return Math.sign(order) === (way < 0n ? -1 : way > 0n ? 1 : 0);
  }), 3000);
});

t.test('nearness is the closeness of whole ids', async (t) => {
  holds(t, fc.property(place, place, place, (key, a, b) => {
    const order = compareNearness(placeOf(idOf(key)), placeOf(idOf(a)), placeOf(idOf(b)));
    return Math.sign(order) === compareCloseness(idOf(key), idOf(a), idOf(b));
  }), 3000);
});

t.test('digits', async (t) => {
  const [one, other] = ['0f3a'.padEnd(32, '0'), '0f3b'.padEnd(32, '0')];
  t.equal(sharedDigits(one, other), 3);
  t.equal(sharedDigits(one, one), 32);
  t.same([0, 1, 2, 3].map((position) => digitAt(one, position)), [0, 15, 3, 10]);
});

const isSame = (some: readonly unknown[], others: readonly unknown[]): boolean =>
  some.length === others.length && some.every((one, index) => one === others[index]);

const nodes = fc.uniqueArray(place, { minLength: 1, maxLength: 40 });

t.test('a leaf set holds the nearest on either side, whatever came and went', async (t) => {
  holds(t, fc.property(nodes, fc.array(fc.nat()), ([self, ...others], gone) => {
    const leaves = new LeafSet(placeOf(idOf(self)));
    const contacts = others.map((other, address) => contactOf({ address, node: idOf(other) }));
    for (const contact of contacts) {
      const wanted = leaves.wants(contact);
      if (wanted && !leaves.mayWant(contact.node)) return false;
      if (leaves.add(contact) !== wanted || leaves.add(contact)) return false;
    }
    const right = [...contacts].sort((a, b) => compareClockwise(leaves.self, a, b));
    const nearest = right.slice(0, sideLength);
    const farthest = right.slice(-sideLength).reverse();
    if (!isSame(leaves.right, nearest) || !isSame(leaves.left, farthest)) return false;
    for (const address of gone) leaves.remove(address);
    const left = new Set(gone);
    if (contacts.some((contact) => leaves.wants(contact) && !leaves.mayWant(contact.node))) {
      return false;
    }
    return leaves.members.every(({ address }) => !left.has(address)) &&
      nearest.every(({ address }) => left.has(address) !== (leaves.get(address) !== undefined));
  }), 300);
});

t.test('whoever comes, goes and comes again: who is wanted may be wanted', async (t) => {
  const deeds = fc.array(fc.record({ out: fc.boolean(), address: fc.nat(39) }), { maxLength: 80 });
  holds(t, fc.property(nodes, deeds, ([self, ...others], comings) => {
    const leaves = new LeafSet(placeOf(idOf(self)));
    const contacts = others.map((other, address) => contactOf({ address, node: idOf(other) }));
    return comings.every(({ out, address }) => {
      if (address >= contacts.length) return true;
      if (out) leaves.remove(address);
      else leaves.add(contacts[address]);
      return contacts.every((contact, at) => {
        const isMember = leaves.left.includes(contact) || leaves.right.includes(contact);
        if ((leaves.get(at) === contact) !== isMember) return false;
        if (leaves.members.includes(contact) !== isMember) return false;
        return !leaves.wants(contact) || leaves.mayWant(contact.node);
      });
    });
  }), 200);
});

t.test('the closest member is taken, and only keys between the ends are covered', async (t) => {
  holds(t, fc.property(nodes, place, ([self, ...others], key) => {
    const leaves = new LeafSet(placeOf(idOf(self)));
    for (const [address, other] of others.entries()) {
      leaves.add(contactOf({ address, node: idOf(other) }));
    }
    const all = [leaves.self, ...leaves.members].map(({ node }) => node);
    const best = all.sort((a, b) => compareCloseness(idOf(key), a, b))[0];
    const closest = (leaves.closest(placeOf(idOf(key))) ?? leaves.self).node;
    if (closest !== best) return false;
    if (others.length <= sideLength) return leaves.covers(placeOf(idOf(key)));
    if (leaves.closed) return leaves.covers(placeOf(idOf(key)));
    const first = BigInt(`0x${leaves.left.at(-1)!.node}`);
    const last = BigInt(`0x${leaves.right.at(-1)!.node}`);
    const inside = BigInt.asUintN(128, key - first) <= BigInt.asUintN(128, last - first);
    return leaves.covers(placeOf(idOf(key))) === inside;
  }), 300);
});

t.test('of two for one cell the nearer in the network is kept', async (t) => {
  const self = '0'.repeat(32);
  const table = new RoutingTable(self);
  const [one, two, other] = ['01', '02', '1'].map((start, address) =>
    contactOf({ address, node: start.padEnd(32, '0') }));
  const near = contactOf({ address: 9, node: '011'.padEnd(32, '0') });
  for (const contact of [one, two, other]) table.offer(contact);
  table.offer(near);
  t.equal(table.at(near.node), one, 'what is not measured replaces nothing');
  near.rttUs = 1000;
  table.offer(near);
  t.equal(table.at(one.node), near);
  one.rttUs = 2000;
  table.offer(one);
  t.equal(table.at(one.node), near);
  t.same(table.row(1), [near, two]);
  t.same(table.row(0), [other]);
  t.equal(table.remove(one), false);
  t.equal(table.remove(near), true);
  t.same(table.entries, [other, two]);
});

t.test('a table knows one node at an address: hearsay of another changes nothing', async (t) => {
  const table = new RoutingTable('0'.repeat(32));
  const [one, former, next] = ['1', '2', '11'].map((start) =>
    contactOf({ address: 7, node: start.padEnd(32, '0') }));
  t.equal(table.offer(one), true);
  t.equal(table.offer(former), false);
  t.equal(table.remove(former), false);
  t.equal(table.get(7), one);
  const nearer = contactOf({ address: 8, node: next.node });
  nearer.rttUs = 1000;
  t.equal(table.offer(nearer), true);
  t.equal(table.get(7), undefined, 'whose cell another has taken');
  t.equal(table.offer(former), true);
  t.same(table.entries, [nearer, former]);
});
