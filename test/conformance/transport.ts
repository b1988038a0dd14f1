/** What every transport must do; each implementation runs it. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Test } from 'tap';
import { sizeOf } from '../../core/codec.js';
import { messageTypes, type BuiltInMessage } from '../../core/messages.js';
import type { Address } from '../../core/process.js';
import type { Transport } from '../../core/transport.js';
import { arbitraryMessage } from '../core/wire/arbitrary.js';

/** Some transports that reach each other. Addresses are 0 to `addresses` - 1. */
export interface TransportWorld {
  readonly addresses: number;
  /** Where the address must be opened. */
  transportOf(address: Address): Transport;
  /** Lets some time pass, in which messages arrive. */
  advance(): Promise<void>;
  stop(): Promise<void>;
}

interface Arrival {
  readonly at: Address;
  readonly from: Address;
  readonly message: BuiltInMessage;
}

const node = 'ab'.repeat(16);
const numbered = (hop: number): BuiltInMessage => ({ type: 'overlay-ack', hop, node });

/** A message of about a megabyte. */
function snapshot(): BuiltInMessage {
  const ballot = { counter: 1, node, incarnation: 1, address: 0 };
  const entries = Array.from({ length: 11_000 }, (_, resource) => ({
    resource,
    token: { ballot, sequence: resource },
    removed: false,
    agent: 7,
    descriptor: {
      name: `web-${resource}`,
      kind: 'service',
      host: `host-${resource}`,
      zone: 'north',
      labels: { group: 'web', tier: 'front' },
    },
    state: 'up' as const,
    incarnation: 1,
    metrics: [0.25, resource],
  }));
  return { type: 'model-snapshot', ballot, part: { incarnation: 1, from: 0, to: 1, entries } };
}

class Stations {
  readonly arrivals: Arrival[] = [];
  readonly world: TransportWorld;

  constructor(world: TransportWorld) {
    this.world = world;
  }

  open(at: Address) {
    return this.world.transportOf(at).open(at, (from, message) => {
      this.arrivals.push({ at, from, message: message as BuiltInMessage });
    });
  }

  /** What arrives at `at`, sent again and again until something does: any one may be lost. */
  async hear(at: Address, send: () => void): Promise<Arrival | undefined> {
    const before = this.arrivals.length;
    for (let tries = 0; tries < 100; tries += 1) {
      send();
      await this.world.advance();
      const found = this.arrivals.slice(before).find((arrival) => arrival.at === at);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** Runs the suite as subtests of `t`, each in a world of its own. */
export async function transportConformance(
  t: Test,
  create: () => Promise<TransportWorld>,
): Promise<void> {
  const check = (name: string, body: (t: Test, stations: Stations) => Promise<void>) =>
    t.test(name, async (t) => {
      const world = await create();
      try {
        await body(t, new Stations(world));
      } finally {
        await world.stop();
      }
    });

  await check('what arrives is as it was sent, and from whom', everyType);
  await check('between all pairs, and to oneself', allPairs);
  await check('never within the call that sends', notWithin);
  await check('to where nobody is, nothing happens', deadAddress);
  await check('nothing arrives after closing; opened again, it does', closing);
  await check('a megabyte passes, and smaller ones beside it', large);
  await check('thousands at once, each whole', many);
}

async function everyType(t: Test, stations: Stations): Promise<void> {
  const port = stations.open(1);
  stations.open(2);
  for (const type of messageTypes) {
    for (const message of fc.sample(arbitraryMessage(type), { numRuns: 5, seed: 1 })) {
      const arrival = await stations.hear(2, () => port.send(2, structuredClone(message)));
      t.ok(isDeepStrictEqual(arrival, { at: 2, from: 1, message }), type);
    }
  }
}

async function allPairs(t: Test, stations: Stations): Promise<void> {
  const addresses = Array.from({ length: stations.world.addresses }, (_, address) => address);
  const ports = addresses.map((address) => stations.open(address));
  for (const from of addresses) {
    for (const to of addresses) {
      const hop = from * 1000 + to;
      const arrival = await stations.hear(to, () => ports[from].send(to, numbered(hop)));
      t.same(arrival, { at: to, from, message: numbered(hop) }, `${from} to ${to}`);
    }
  }
}

async function notWithin(t: Test, stations: Stations): Promise<void> {
  let inside = false;
  let arrived = 0;
  const { world } = stations;
  const port = world.transportOf(0).open(0, () => {
    arrived += 1;
    t.notOk(inside, 'not within the call');
  });
  for (let tries = 0; tries < 100 && arrived < 3; tries += 1) {
    inside = true;
    port.send(0, numbered(1));
    inside = false;
    await world.advance();
  }
  t.equal(arrived, 3);
}

async function deadAddress(t: Test, stations: Stations): Promise<void> {
  const port = stations.open(0);
  for (let to = 1; to < stations.world.addresses; to += 1) port.send(to, numbered(to));
  await stations.world.advance();
  t.same(stations.arrivals, []);
}

async function closing(t: Test, stations: Stations): Promise<void> {
  const sender = stations.open(0);
  for (let round = 0; round < 3; round += 1) {
    const receiver = stations.open(1);
    t.ok(await stations.hear(1, () => sender.send(1, numbered(round))), 'open');
    t.throws(() => stations.world.transportOf(1).open(1, () => {}), RangeError);
    // In flight when it closes.
    sender.send(1, numbered(100));
    receiver.close();
    receiver.close();
    receiver.send(0, numbered(101));
    const before = stations.arrivals.length;
    sender.send(1, numbered(102));
    for (let wait = 0; wait < 5; wait += 1) await stations.world.advance();
    t.equal(stations.arrivals.length, before, 'closed');
  }
}

async function large(t: Test, stations: Stations): Promise<void> {
  const message = snapshot();
  t.ok(sizeOf(message) > 1_000_000, `${sizeOf(message)} bytes`);
  const port = stations.open(0);
  stations.open(1);
  const arrival = await stations.hear(1, () => {
    port.send(1, structuredClone(message));
    port.send(1, numbered(1));
  });
  t.ok(arrival, 'something arrived');
  for (let wait = 0; wait < 100; wait += 1) {
    if (stations.arrivals.some((one) => one.message.type === 'model-snapshot')) break;
    await stations.world.advance();
  }
  const whole = stations.arrivals.find((one) => one.message.type === 'model-snapshot');
  t.ok(isDeepStrictEqual(whole?.message, message), 'whole');
}

async function many(t: Test, stations: Stations): Promise<void> {
  const { addresses } = stations.world;
  const ports = Array.from({ length: addresses }, (_, address) => stations.open(address));
  for (let to = 1; to < addresses; to += 1) {
    await stations.hear(to, () => ports[0].send(to, numbered(0)));
  }
  stations.arrivals.length = 0;
  const count = 20_000;
  for (let hop = 0; hop < count; hop += 1) {
    const from = hop % addresses;
    ports[from].send((from + 1) % addresses, numbered(hop));
    if (hop % 1000 === 999) await stations.world.advance();
  }
  for (let wait = 0; wait < 50; wait += 1) await stations.world.advance();
  const wrong = stations.arrivals.filter(({ at, from, message }) => {
    const { hop } = message as { hop: number };
    return from !== hop % addresses || at !== (from + 1) % addresses;
  });
  t.same(wrong, []);
  const arrived = stations.arrivals.length;
  t.ok(arrived > count / 2 && arrived <= count, `${arrived} of ${count}`);
}
