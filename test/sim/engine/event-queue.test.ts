import fc from 'fast-check';
import t from 'tap';
import { HeapQueue } from '../../../sim/engine/heap-queue.js';
import { EqualKeysError, type EventQueue } from '../../../sim/engine/queue.js';
import { WheelQueue } from '../../../sim/engine/wheel-queue.js';

const LATEST = 2 ** 53;
const queues: Readonly<Record<string, () => EventQueue>> = {
  wheel: () => new WheelQueue(),
  heap: () => new HeapQueue(),
};

/** What a command does: a push so far ahead of the last popped event, some pops, or a look. */
type Command =
  | { readonly kind: 'push'; readonly ahead: number; readonly receiver: number }
  | { readonly kind: 'burst'; readonly ahead: number; readonly count: number }
  | { readonly kind: 'pop'; readonly count: number }
  | { readonly kind: 'peek' };

const ahead = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 1, 1000, 50_000, 10_000_000) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 30 }) },
  { weight: 4, arbitrary: fc.integer({ min: 20_000, max: 80_000 }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 10_000_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 1e12 }) },
  { weight: 1, arbitrary: fc.maxSafeInteger().map(Math.abs) },
);

const commands = fc.array(
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        kind: fc.constant('push' as const),
        ahead,
        receiver: fc.integer({ min: 0, max: 5 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('burst' as const),
        ahead,
        count: fc.integer({ min: 2, max: 400 }),
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('pop' as const),
        count: fc.integer({ min: 1, max: 6 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('pop' as const),
        count: fc.integer({ min: 7, max: 600 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('peek' as const) }) },
  ),
  { maxLength: 400, size: 'max' },
);

/** The wheel and the heap side by side: each call goes to both, and what they say must agree. */
class Pair {
  readonly wheel = new WheelQueue();
  readonly heap = new HeapQueue();
  now = 0;
  serial = 0;
  /** Receivers by slot. */
  readonly pending = new Map<number, number>();

  constructor() {
    this.wheel.ahead = {
      add: (receiver, slot) => {
        if (this.pending.get(slot) !== receiver) throw new Error(`${slot} is not to come`);
      },
      end: () => {},
    };
  }

  push(time: number, receiver: number): void {
    // The order counts up for some and down for others, so that insertion order is no help.
    const serial = ++this.serial;
    const order = serial % 3 === 0 ? -serial : serial;
    const sender = serial % 4;
    this.pending.set(serial, receiver);
    this.wheel.push(Math.min(time, LATEST), receiver, sender, order, serial, ~serial);
    this.heap.push(Math.min(time, LATEST), receiver, sender, order, serial, ~serial);
  }

  pop(): boolean {
    const popped = this.heap.pop();
    if (this.wheel.pop() !== popped) throw new Error(`one pops at ${this.now}, one does not`);
    if (popped) {
      this.now = this.heap.time;
      this.pending.delete(this.heap.slot);
    }
    this.compare();
    return popped;
  }

  compare(): void {
    if (this.wheel.size !== this.heap.size) {
      throw new Error(`sizes: ${this.wheel.size}, ${this.heap.size}`);
    }
    const wheel = describe(this.wheel);
    const heap = describe(this.heap);
    if (wheel !== heap) throw new Error(`wheel: ${wheel}, heap: ${heap}`);
  }

  peek(): void {
    const wheel = this.wheel.peekTime();
    const heap = this.heap.peekTime();
    if (wheel !== heap) throw new Error(`next time: wheel ${wheel}, heap ${heap}`);
  }

  run(command: Command): void {
    if (command.kind === 'push') {
      this.push(this.now + command.ahead, command.receiver);
    } else if (command.kind === 'burst') {
      const time = this.now + command.ahead;
      for (let i = 0; i < command.count; i++) this.push(time, (i * 7) % 50);
    } else if (command.kind === 'pop') {
      for (let i = 0; i < command.count; i++) this.pop();
    } else {
      this.peek();
    }
  }

  drain(): void {
    while (this.pop());
    this.peek();
  }
}

function describe(queue: EventQueue): string {
  const { time, receiver, sender, order, slot, note } = queue;
  return [time, receiver, sender, order, slot, note].join(' ');
}

t.test('the wheel and the heap agree event by event', async (t) => {
  fc.assert(
    fc.property(commands, (list) => {
      const pair = new Pair();
      for (const command of list) pair.run(command);
      pair.drain();
    }),
    { numRuns: 300, seed: 1 },
  );
  t.pass('300 random sequences of pushes and pops');
});

type Random = (n: number) => number;

/** A cheap deterministic generator for the long tests; its quality does not matter. */
function generator(seed: number): Random {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return Math.floor((((z ^ (z >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}

/** Long workloads, large enough for every kind of tuning: what to push for each event popped. */
const workloads: Readonly<
  Record<string, { start: number; events: number; next: (pair: Pair, random: Random) => void }>
> = {
  'timers and messages': {
    start: 5_000,
    events: 60_000,
    next(pair, random) {
      if (random(2) === 0) pair.push(pair.now + 20_000 + random(60_000), random(100));
      else pair.push(pair.now + 10_000_000, random(100));
    },
  },
  'delays of nothing': {
    start: 300,
    events: 40_000,
    next(pair, random) {
      pair.push(pair.now + (random(10) < 9 ? 0 : 1_000_000), random(100));
    },
  },
  'a thousand at each instant': {
    start: 3_000,
    events: 40_000,
    next: (pair, random) => pair.push(pair.now + 10_000 - (pair.now % 10_000), random(10_000)),
  },
  'everything in the open bucket, then years of nothing': {
    start: 10,
    events: 40_000,
    next(pair, random) {
      pair.push(pair.now + (random(5_000) === 0 ? 1e14 : random(40)), random(3));
    },
  },
  'sparse, then dense, then sparse': {
    start: 50,
    events: 60_000,
    next(pair, random) {
      const dense = pair.serial > 10_000 && pair.serial < 50_000;
      pair.push(pair.now + random(dense ? 5_000 : 3_600_000_000), random(100));
    },
  },
  'growing and shrinking': {
    start: 1,
    events: 50_000,
    next(pair, random) {
      const growing = Math.floor(pair.now / 100_000_000) % 2 === 0 && pair.heap.size < 20_000;
      pair.push(pair.now + random(10_000_000), random(100));
      if (growing) pair.push(pair.now + random(20_000_000), random(100));
      else if (pair.heap.size > 50) pair.pop();
    },
  },
};

for (const [name, { start, events, next }] of Object.entries(workloads)) {
  t.test(`the wheel and the heap agree: ${name}`, async (t) => {
    const pair = new Pair();
    const random = generator(7);
    for (let i = 0; i < start; i++) pair.push(random(10_000_000), random(100));
    for (let i = 0; i < events && pair.pop(); i++) {
      next(pair, random);
      if (i % 97 === 0) pair.peek();
    }
    pair.drain();
    t.equal(pair.wheel.size, 0);
  });
}

for (const [name, create] of Object.entries(queues)) {
  t.test(`${name}: size, peekTime and the current event`, async (t) => {
    const queue = create();
    t.equal(queue.size, 0);
    t.equal(queue.peekTime(), Infinity);
    t.equal(queue.pop(), false);
    queue.push(20, 3, 2, -7, 99, -8);
    queue.push(LATEST, 1, 1, Number.MAX_SAFE_INTEGER, -1, 2_147_483_647);
    t.equal(queue.size, 2);
    t.equal(queue.peekTime(), 20);
    t.equal(queue.size, 2, 'looking takes nothing away');
    queue.push(10, 2_147_483_647, 2_147_483_647, 0, 5, 0);
    t.equal(queue.peekTime(), 10, 'an event earlier than the one that was looked at');
    t.ok(queue.pop());
    t.equal(describe(queue), '10 2147483647 2147483647 0 5 0');
    t.ok(queue.pop());
    t.equal(describe(queue), '20 3 2 -7 99 -8');
    t.ok(queue.pop());
    const last = `${LATEST} 1 1 ${Number.MAX_SAFE_INTEGER} -1 2147483647`;
    t.equal(describe(queue), last);
    t.equal(queue.pop(), false);
    t.equal(describe(queue), last, 'still current');
    t.equal(queue.peekTime(), Infinity);
  });

  t.test(`${name}: within an instant by receiver, sender, order`, async (t) => {
    const queue = create();
    const keys = [
      [0, 9, 9],
      [1, 0, 5],
      [1, 2, -3],
      [1, 2, 4],
      [1, 3, -9],
      [2, 0, 0],
    ];
    for (const index of [3, 0, 5, 2, 4, 1]) {
      const [receiver, sender, order] = keys[index];
      queue.push(1_000, receiver, sender, order, index, 0);
    }
    for (let index = 0; index < keys.length; index++) {
      t.ok(queue.pop());
      t.equal(queue.slot, index);
    }
  });

  t.test(`${name}: equal keys are an error, wherever they lie`, async (t) => {
    for (const [before, ahead] of [
      [0, 1_000_000],
      [200, 1_000_000],
      [200, 0],
    ]) {
      const queue = create();
      queue.push(5, 1, 1, 1, 0, 0);
      for (let i = 0; i < before; i++) queue.push(5 + ahead, 7, 1, i, 0, 0);
      queue.pop();
      queue.push(5 + ahead, 8, 2, 3, 10, 0);
      for (let i = 0; i < before; i++) queue.push(5 + ahead, 9, 1, i, 0, 0);
      queue.push(5 + ahead, 8, 2, 3, 11, 0);
      for (let i = 0; i < before; i++) t.ok(queue.pop());
      const error = t.throws(() => queue.pop());
      t.type(error, EqualKeysError);
      t.match(error, { time: 5 + ahead, receiver: 8, sender: 2, order: 3 });
      t.match(String(error), /time \d+ us, receiver 8, sender 2, order 3/);
    }
  });
}

t.test('the wheel tells of all that was pushed in time before it comes', async (t) => {
  const queue = new WheelQueue();
  const told: number[] = [];
  let ends = 0;
  queue.ahead = { add: (_receiver, slot) => told.push(slot), end: () => { ends += 1; } };
  for (let i = 0; i < 1_000; i++) queue.push(1_000 + i * i, 1, 0, i, i, 0);
  while (queue.pop()) {
    // What comes at once comes too late for that.
    if (told.includes(queue.slot) === (queue.slot === 1_000)) t.fail(`${queue.slot}`);
    if (queue.slot === 500) queue.push(queue.time, 1, 0, 1_000, 1_000, 0);
  }
  t.same(told.toSorted((a, b) => a - b), Array.from({ length: 1_000 }, (_, i) => i));
  t.ok(ends > 1 && ends < 1_000, `in ${ends} parts`);
});

t.test('the wheel needs no more memory for long runs with few pending', async (t) => {
  const queue = new WheelQueue();
  for (let i = 0; i < 1_000; i++) queue.push(i, i, 0, 0, 0, 0);
  const sizes: number[] = [];
  for (let i = 1; i <= 400_000; i++) {
    queue.pop();
    // Mostly late, now and then far ahead.
    queue.push(queue.time + (i % 50 === 0 ? 3_600_000_000 : i % 3), i % 1_000, 0, i, 0, 0);
    if (i % 100_000 === 0) sizes.push(queue.bytes);
  }
  t.equal(queue.size, 1_000);
  t.ok(Math.max(...sizes) < 2_000_000, `${sizes.join(', ')} bytes`);
});
