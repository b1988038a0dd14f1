/** How copies of the inventory stay alike while messages overtake each other. */
import fc from 'fast-check';
import t from 'tap';
import { Copies } from '../../../core/coordination/copies.js';
import type { InventoryCopied, InventoryCopy } from
  '../../../core/coordination/inventory-messages.js';
import type { CoordinationMessage } from '../../../core/coordination/messages.js';
import type { Address, Environment, StoreValue } from '../../../core/process.js';
import { holds } from '../overlay/holds.js';
import { ballotOf, config, descriptorOf } from './fixtures.js';

/** A node with a copy; what it sends waits. */
class Node {
  readonly outbox: (InventoryCopy | InventoryCopied)[] = [];
  readonly copies: Copies;
  nowUs = 0;

  constructor(address: Address) {
    const disk = new Map<string, StoreValue>();
    const environment = {
      address, now: () => this.nowUs, observe: () => {},
      store: {
        get: (key: string) => disk.get(key), sync: () => {},
        put: (key: string, value: StoreValue) => void disk.set(key, value),
        delete: (key: string) => void disk.delete(key),
      },
    } as unknown as Environment<CoordinationMessage>;
    this.copies = new Copies({
      environment, config, life: 1, ballot: () => ballotOf(1),
      send: (_to, message) => void this.outbox.push(message as InventoryCopy | InventoryCopied),
    });
  }

  take(from: Address, message: InventoryCopy | InventoryCopied): void {
    if (message.type === 'inventory-copy') this.copies.onCopy(from, message);
    else this.copies.onCopied(from, message);
  }
}

/** The coordinator, at 0, has registered so many before its standby, at 1, is known. */
function pair(count: number): { readonly coordinator: Node; readonly standby: Node } {
  const coordinator = new Node(0);
  const standby = new Node(1);
  for (let resource = 0; resource < count; resource += 1) {
    coordinator.copies.inventory.register(
      { resource, agent: 5, incarnation: 1, descriptor: descriptorOf(resource) }, ballotOf(1),
    );
  }
  coordinator.copies.keepAt([1]);
  coordinator.copies.save();
  return { coordinator, standby };
}

t.test('whatever overtakes what, each piece is told once and all arrives', async (t) => {
  holds(t, fc.property(fc.integer({ min: 1, max: 200 }), fc.infiniteStream(fc.nat()),
    (count, draws) => {
      const { coordinator, standby } = pair(count);
      let pieces = 0;
      for (;;) {
        const sides = [coordinator, standby].filter(({ outbox }) => outbox.length > 0);
        if (sides.length === 0) break;
        const from = sides[draws.next().value! % sides.length];
        const [message] = from.outbox.splice(draws.next().value! % from.outbox.length, 1);
        if (message.type === 'inventory-copy') pieces += 1;
        if (from === coordinator) standby.take(0, message);
        else coordinator.take(1, message);
      }
      return pieces === Math.ceil(count / config.entriesPerMessage) &&
        standby.copies.inventory.size === count && coordinator.copies.heldByAll === count;
    }), 100);
});

t.test('a standby has all only once nothing that came shows a gap', async (t) => {
  const { coordinator, standby } = pair(7);
  const [first, second, third] = coordinator.outbox as InventoryCopy[];
  t.notOk(standby.copies.hasAllOf(0), 'nothing has come');
  standby.take(0, second);
  t.notOk(standby.copies.hasAllOf(0), 'the first is missing');
  standby.take(0, first);
  t.notOk(standby.copies.hasAllOf(0), 'the last is missing');
  standby.take(0, third);
  t.ok(standby.copies.hasAllOf(0));
});

t.test('a standby in a new life is told all again, after a period without a better word',
  async (t) => {
    const { coordinator, standby } = pair(7);
    for (const message of coordinator.outbox.splice(0)) standby.take(0, message);
    for (const message of standby.outbox.splice(0)) coordinator.take(1, message);
    t.equal(coordinator.copies.heldByAll, 7);
    const empty = new Node(1);
    coordinator.copies.inventory.register(
      { resource: 7, agent: 5, incarnation: 1, descriptor: descriptorOf(7) }, ballotOf(1),
    );
    coordinator.copies.save();
    for (let round = 0; round < 3; round += 1) {
      for (const message of coordinator.outbox.splice(0)) empty.take(0, message);
      for (const message of empty.outbox.splice(0)) coordinator.take(1, message);
      coordinator.nowUs += config.managers.heartbeatPeriodUs;
      coordinator.copies.check(coordinator.nowUs);
    }
    t.equal(empty.copies.inventory.size, 8);
    t.equal(coordinator.copies.heldByAll, 8);
  });

t.test('and so where nothing else changes meanwhile', async (t) => {
  const { coordinator, standby } = pair(7);
  const exchange = (other: Node): void => {
    for (let round = 0; round < 3; round += 1) {
      for (const message of coordinator.outbox.splice(0)) other.take(0, message);
      for (const message of other.outbox.splice(0)) coordinator.take(1, message);
    }
  };
  exchange(standby);
  const restarts = (other: Node): void => {
    coordinator.copies.livesAnew(1);
    t.ok(coordinator.copies.isDoubted(1));
    coordinator.nowUs += config.managers.heartbeatPeriodUs;
    coordinator.copies.check(coordinator.nowUs);
    exchange(other);
    t.notOk(coordinator.copies.isDoubted(1));
  };
  const empty = new Node(1);
  restarts(empty);
  t.equal(empty.copies.inventory.size, 7, 'its disk was lost');
  t.equal(coordinator.copies.heldByAll, 7);
});
