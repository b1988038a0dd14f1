/** Whatever a message says: nothing breaks, then or in a later life, and nothing grows for it. */
import fc from 'fast-check';
import t from 'tap';
import { inventoryMessages } from '../../../core/coordination/inventory-messages.js';
import { messageTypes, type BuiltInMessage } from '../../../core/messages.js';
import type { Address } from '../../../core/process.js';
import { arbitraryMessage } from '../wire/arbitrary.js';
import { holds } from '../overlay/holds.js';
import { msUs, secondUs } from '../overlay/memory-world.js';
import { randomOf } from '../overlay/random.js';
import { parseRules } from '../../../core/rules/index.js';
import { config } from './fixtures.js';
import { agents, kinds, Plane, settleUs } from './plane.js';
import { inTime } from '../../length.js';

const step = 1e6;
const greatest = Number.MAX_SAFE_INTEGER;

/** Numbers of these names may be -1. */
const mayBeNone = new Set([
  'address', 'agent', 'handle', 'silent', 'alternate', 'alternates', 'manager', 'requester',
  'source', 'lost', 'gone',
]);

/** Of a number in a message: what it might be instead. */
function poisons(value: number): number[] {
  return [
    -1, 0, 1, 7, 300, value + 1, value + step, value + step + 1, value + 2 * step,
    2 ** 24 - 1, 2 ** 28, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 48, greatest - 1, greatest,
  ];
}

/** A copy, with every number replaced with that chance; addresses and rows may be -1. */
function poisoned<T>(value: T, chance: number, random: () => number, key = ''): T {
  if (typeof value === 'number') {
    if (random() >= chance) return value;
    const choices = key === '' ? [...poisons(value), NaN, Infinity, -1e308] : poisons(value);
    const chosen = choices[Math.floor(random() * choices.length)];
    if (key === '') return chosen as T;
    const least = mayBeNone.has(key) ? -1 : 0;
    return Math.max(least, Math.min(chosen, greatest - 1)) as T;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((one: unknown) => poisoned(one, chance, random, key)) as T;
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) =>
    [name, poisoned(inner as unknown, chance, random, name === 'metrics' ? '' : name)])) as T;
}

const everyone: readonly Address[] = [0, 1, 2, 3, 4, ...agents];
const address = fc.oneof(fc.constantFrom(...everyone), fc.constantFrom(-1, 99, 2 ** 31));
const hostile = fc.record({
  from: address,
  to: fc.constantFrom(...everyone),
  /** One of these, or one that was really sent with other numbers in it. */
  message: fc.option(fc.oneof(...messageTypes.map((type) => arbitraryMessage(type)))),
  which: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  chance: fc.constantFrom(0.02, 0.1, 0.5),
  seed: fc.nat(),
  thenMs: fc.oneof(fc.constant(0), fc.nat(300), fc.nat(4000)),
});

type Hostile = typeof hostile extends fc.Arbitrary<infer One> ? One : never;

/** Delivers them all; the longest that any one of them took, in ms. */
function attack({ world }: Plane, messages: readonly Hostile[]): number {
  let slowestMs = 0;
  for (const { from, to, message, which, chance, seed, thenMs } of messages) {
    const { sent } = world;
    // Of the latest few hundred, so that the wheels of the protocol are in.
    const real = sent[sent.length - 1 - Math.floor(which * Math.min(sent.length, 400))];
    const poison = message ?? poisoned(real.message, chance, randomOf(seed));
    const beganMs = performance.now();
    // Half of them as from whom they came, and to whom they went.
    const isSpoof = message !== null || seed % 2 === 0;
    world.deliver(isSpoof ? from : real.from, isSpoof ? to : real.to, poison);
    slowestMs = Math.max(slowestMs, performance.now() - beganMs);
    world.runFor(thenMs * msUs);
  }
  return slowestMs;
}

/** Everyone that is up restarts from what it stored. */
function rebirth(plane: Plane): void {
  plane.world.restart(...plane.managers, ...agents);
}

const given = [
  fc.nat(), fc.constantFrom('full-mesh', 'pastry'), fc.array(hostile, { maxLength: 30 }),
] as const;

function isSound(plane: Plane): boolean {
  return plane.wrong().length === 0 && plane.coordinators().length === 1;
}

/** Rules that ask hosts, and keep in mind all that travels; no action of theirs ever ends. */
const everything = {
  rules: parseRules([{ file: 'rules.yaml', text: `
rules:
  - name: stop
    scope: local
    when: entity.state == "up"
    for: 1s
    cooldown: 2s
    do: stop
    retry: { delay: 1s, max: 4s }
    limit: { atMost: 2, per: 10s, then: give-up, reset: 20s }
  - name: tell
    scope: local
    when: entity.state == "up"
    cooldown: 2s
    notify: '"it is up"'
` }], kinds),
  actions: { ...config.actions, deadlines: true, handOn: true },
  standbys: 2,
} as const;

/** What is sent only with those. */
const added = [
  'action-request', 'action-check', 'action-confirmed', 'resource-entrust', 'rules-remember',
] as const;

const heapMb = (): number => process.memoryUsage().heapUsed / 2 ** 20 +
  process.memoryUsage().arrayBuffers / 2 ** 20;

t.test('after any messages the next election succeeds and everything is managed', async (t) => {
  let slowestMs = 0;
  holds(t, fc.property(...given, (seed, overlay, messages) => {
    const plane = new Plane(seed, overlay);
    plane.world.runFor(5 * secondUs);
    slowestMs = Math.max(slowestMs, attack(plane, messages));
    plane.world.runFor(settleUs);
    plane.world.crash(...plane.coordinators());
    plane.world.runFor(2 * settleUs);
    return isSound(plane);
  }), inTime(20, 60));
  t.ok(slowestMs < 1000, `${slowestMs.toFixed(1)} ms for the slowest`);
});

t.test('what was stored meanwhile stops no later life', async (t) => {
  holds(t, fc.property(...given, (seed, overlay, messages) => {
    const plane = new Plane(seed, overlay);
    plane.world.runFor(5 * secondUs);
    attack(plane, messages);
    rebirth(plane);
    plane.world.runFor(2 * settleUs);
    return isSound(plane);
  }), inTime(14, 40));
});

t.test('so it is where hosts ask back and the state of rules travels', async (t) => {
  const sent = new Set<string>();
  holds(t, fc.property(...given, (seed, overlay, messages) => {
    const plane = new Plane(seed, overlay, everything);
    plane.world.runFor(8 * secondUs);
    plane.world.crash(plane.managers.find((one) => !plane.coordinators().includes(one))!);
    plane.world.runFor(5 * secondUs);
    attack(plane, messages);
    plane.world.runFor(settleUs);
    plane.world.crash(...plane.coordinators());
    plane.world.runFor(2 * settleUs);
    for (const { message: { type } } of plane.world.sent) sent.add(type);
    return isSound(plane);
  }), inTime(6, 60));
  for (const type of added) t.ok(sent.has(type), `${type} was sent, and so poisoned`);
});

t.test('so it is where standbys keep what is registered', async (t) => {
  const sent = new Set<string>();
  holds(t, fc.property(...given, (seed, overlay, messages) => {
    const plane = new Plane(seed, overlay, { inventory: true }, [98]);
    plane.world.runFor(8 * secondUs);
    const { ballot } = plane.world.observed('ballot-acknowledged').at(-1)!;
    plane.world.deliver(ballot!.address, agents[0], {
      type: 'agent-probe', ballot,
      entries: [{ resource: 98, token: { ballot: ballot!, sequence: 1 }, handle: 0 }],
    });
    // Of one that there is not.
    const asker = plane.managers.find((one) => !plane.coordinators().includes(one))!;
    plane.world.deliver(asker, asker, {
      type: 'resource-decommission', asker, hops: 0, resources: [99],
    });
    plane.world.runFor(secondUs);
    plane.world.crash(...plane.coordinators());
    plane.world.runFor(5 * secondUs);
    attack(plane, messages);
    plane.world.runFor(settleUs);
    rebirth(plane);
    plane.world.runFor(2 * settleUs);
    for (const { message: { type } } of plane.world.sent) sent.add(type);
    return isSound(plane);
  }), inTime(6, 60));
  for (const { type } of inventoryMessages) {
    t.ok(sent.has(type), `${type} was sent, and so poisoned`);
  }
});

t.test('a flood of them takes little room', async (t) => {
  const plane = new Plane(1);
  plane.world.runFor(5 * secondUs);
  const before = heapMb();
  const flood = fc.sample(hostile, { numRuns: inTime(1500, 5000), seed: 1 });
  const slowestMs = attack(plane, flood.map((one) => ({ ...one, thenMs: 0 })));
  plane.world.sent.length = 0;
  t.ok(heapMb() - before < 100, `${(heapMb() - before).toFixed(1)} MB more`);
  t.ok(slowestMs < 1000, `${slowestMs.toFixed(1)} ms for the slowest`);
});

const ballotsOf = (plane: Plane): number[] =>
  plane.world.observed('ballot-acknowledged').map(({ ballot }) => ballot?.counter ?? 0);

t.test('no message raises ballots by more than a million above the greatest known', (t) => {
  for (const counter of [step + 1, 2 ** 40, greatest - 9]) {
    const plane = new Plane(2);
    plane.world.runFor(5 * secondUs);
    const known = Math.max(...ballotsOf(plane));
    const ballot = { counter: known + counter, node: 'f'.repeat(32), incarnation: 1, address: 3 };
    const announce: BuiltInMessage = { type: 'coordinator-announce', ballot };
    const messages: BuiltInMessage[] = [
      { type: 'coordinator-status', ballot, coordinating: true, asked: true },
      { type: 'coordinator-probe', ballot },
      { type: 'overlay-broadcast', source: 3, payload: announce },
      { type: 'resource-register', agent: 10, hops: 0, ballot, entries: [] },
      { type: 'coordinator-yield', ballot, gone: [] },
      { type: 'resource-assigned', ballot, entries: [], alternates: [] },
    ];
    for (const [index, message] of messages.entries()) {
      plane.world.deliver(3, index === 5 ? 10 : 0, message);
    }
    plane.world.runFor(secondUs);
    plane.world.crash(...plane.coordinators());
    plane.world.runFor(settleUs);
    t.ok(isSound(plane));
    const raised = Math.max(...ballotsOf(plane)) - known;
    t.ok(raised <= 6 * step + 10, `${counter}: raised by ${raised}`);
  }
  t.end();
});

t.test('nodes that were raised to different heights come together again', (t) => {
  const plane = new Plane(3);
  plane.world.runFor(5 * secondUs);
  const known = Math.max(...ballotsOf(plane));
  const [raised] = plane.coordinators();
  plane.world.reaches = (from, to) => (from === raised) === (to === raised);
  for (let times = 1; times <= 7; times += 1) {
    const node = 'f'.repeat(32);
    // Nobody's: a manager's would have to answer before it counted.
    const ballot = { counter: known + times * step, node, incarnation: 1, address: 99 };
    plane.world.deliver(3, raised, {
      type: 'resource-register', agent: 10, hops: 0, ballot, entries: [],
    });
  }
  t.equal(Math.max(...ballotsOf(plane)), known + 7 * step + 1);
  plane.world.runFor(settleUs);
  plane.world.reaches = () => true;
  plane.world.runFor(2 * settleUs);
  t.ok(isSound(plane), plane.wrong().join(', '));
  t.end();
});
