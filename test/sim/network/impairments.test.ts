/** Processes without any protocol measure what the network really does to their messages. */
import t from 'tap';
import { messageTypes, type BuiltInMessage } from '../../../core/messages.js';
import type { Impairment } from '../../../experiment/impairments/index.js';
import type { Distribution } from '../../../experiment/random/distributions.js';
import { constant, note, probeWorld, SECOND, total, type ProbeWorld } from '../world/fixture.js';
import { inTime } from '../../length.js';

const ack = messageTypes.indexOf('overlay-ack');
const MS = 1000;

interface Arrival {
  readonly value: number;
  readonly atUs: number;
}

/** What `to` received from `from`, in the order of arrival. */
function arrivals({ diaries }: ProbeWorld, from: number, to: number): Arrival[] {
  return diaries[to].filter((told) => told.what === 'message' && told.from === from);
}

/** Sends the messages 0, 1, ... from manager 0 to 1, one per period, from second 1 on. */
function stream(impairments: readonly Impairment[], count: number, periodUs: number): ProbeWorld {
  const world = probeWorld({ network: { impairments } }, (environment, told) => {
    if (environment.address !== 0 || told.what !== 'timer' || told.value >= count) return;
    environment.send(1, note(told.value));
    environment.setTimer(periodUs, 1, told.value + 1);
  });
  world.run(SECOND);
  world.probes[0].environment.setTimer(0, 1, 0);
  world.run(SECOND + count * periodUs + 3600 * SECOND);
  t.equal(world.world.loop.messagesInFlight, 0);
  return world;
}

function delaysUs(impairments: readonly Impairment[], count: number, periodUs = MS): number[] {
  const world = stream(impairments, count, periodUs);
  return arrivals(world, 0, 1).map(({ value, atUs }) => atUs - SECOND - value * periodUs);
}

/** Within four standard deviations of what so many trials give. */
function isShare(found: number, trials: number, share: number): boolean {
  return Math.abs(found - trials * share) < 4 * Math.sqrt(trials * share * (1 - share));
}

function conserved({ world }: ProbeWorld): void {
  const { sent, duplicated, delivered, dropped } = world.counters;
  const gone = Object.values(dropped).reduce((sum, counts) => sum + total(counts), 0);
  t.equal(total(sent) + total(duplicated), total(delivered) + gone, 'all are accounted for');
}

/** Lengths of the runs of true, in order. */
function runs(flags: readonly boolean[]): number[] {
  const found: number[] = [];
  let length = 0;
  for (const flag of [...flags, false]) {
    if (flag) length += 1;
    else if (length > 0) found.push(length);
    if (!flag) length = 0;
  }
  return found;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

t.test('bursty loss: bursts and pauses are exponential, of the lengths asked for', async (t) => {
  const bursty = {
    kind: 'burstyLoss', goodUs: 900 * MS, badUs: 100 * MS, lossGood: 0, lossBad: 1,
  } as const;
  const count = inTime(300_000, 1_000_000);
  const world = stream([bursty], count, MS);
  conserved(world);
  const arrived = new Set(arrivals(world, 0, 1).map(({ value }) => value));
  const lost = Array.from({ length: count }, (_, value) => !arrived.has(value));
  t.equal(total(world.world.counters.dropped.loss), count - arrived.size);
  const bursts = runs(lost);
  const pauses = runs(lost.map((one) => !one));
  // As many cycles as there are bursts: lengths have their mean as standard deviation.
  for (const [lengths, expected] of [[bursts, 100], [pauses, 900]] as const) {
    const error = (4 * expected) / Math.sqrt(lengths.length);
    t.ok(Math.abs(mean(lengths) - expected) < error, `${mean(lengths)} ms, not ${expected}`);
    for (const [times, beyond] of [[0.5, 0.6065], [1, 0.3679], [2, 0.1353]] as const) {
      const longer = lengths.filter((length) => length > times * expected).length;
      t.ok(isShare(longer, lengths.length, beyond), `${longer} of ${lengths.length}: ${times}`);
    }
  }
  const after = bursts.map((length, index) => [length, bursts[index + 1] ?? 100] as const);
  const long = after.filter(([length]) => length > 100).map(([, next]) => next);
  const error = 4 * 100 / Math.sqrt(long.length);
  t.ok(Math.abs(mean(long) - 100) < error, 'a burst knows nothing of the one before');
});

t.test('bursty loss: shares of both spells, and each direction by itself', async (t) => {
  const bursty = {
    kind: 'burstyLoss', goodUs: 5 * SECOND, badUs: 5 * SECOND, lossGood: 0.1, lossBad: 0.6,
  } as const;
  const count = 200_000;
  const both = probeWorld({ network: { impairments: [bursty] } }, (environment, told) => {
    if (environment.address > 1 || told.what !== 'timer' || told.value >= count) return;
    environment.send(1 - environment.address, note(told.value));
    environment.setTimer(10 * MS, 1, told.value + 1);
  });
  both.run(SECOND);
  for (const address of [0, 1]) both.probes[address].environment.setTimer(0, 1, 0);
  both.run(2 * SECOND + count * 10 * MS);
  const badSeconds = [0, 1].map((from) => {
    const arrived = Array.from({ length: count / 100 }, () => 0);
    for (const { value } of arrivals(both, from, 1 - from)) arrived[Math.floor(value / 100)] += 1;
    return arrived.map((per) => per < 65);
  });
  const bad = badSeconds.map((flags) => flags.filter(Boolean).length);
  // 200 cycles: the share of bad time varies by 1/sqrt(4 * 200) or so.
  for (const seconds of bad) t.ok(Math.abs(seconds / 2000 - 0.5) < 0.16, `${seconds} bad seconds`);
  const together = badSeconds[0].filter((flag, index) => flag && badSeconds[1][index]).length;
  const expected = (bad[0] * bad[1]) / 2000;
  t.ok(Math.abs(together - expected) < 4 * 50, `${together}: independent would be ${expected}`);
  const lost = total(both.world.counters.dropped.loss) / (2 * count);
  t.ok(Math.abs(lost - 0.35) < 0.08, `${lost} lost`);
});

t.test('what else is sent changes nothing for a message', async (t) => {
  const impairments: Impairment[] = [
    { kind: 'burstyLoss', goodUs: SECOND, badUs: SECOND, lossGood: 0, lossBad: 0.9 },
    { kind: 'duplication', share: 0.3 },
    { kind: 'corruption', share: 0.1 },
    { kind: 'jitter', delay: { kind: 'exponential', mean: 0.05 } },
    { kind: 'delaySpikes', goodUs: SECOND, badUs: SECOND, delay: constant(1) },
    { kind: 'reordering', share: 0.2, delay: constant(2) },
  ];
  const fate = (every: number, others: readonly Impairment[] = []): Arrival[] => {
    const world = probeWorld({ network: { impairments: [...impairments, ...others] } });
    world.run(SECOND);
    for (let value = 0; value < 2000; value += 1) {
      world.run(SECOND + value * 10 * MS);
      if (value % every === 0) world.probes[0].environment.send(1, note(value));
      if (every === 1) world.probes[0].environment.send(2, note(value));
    }
    world.run(100 * SECOND);
    return arrivals(world, 0, 1).map(({ value, atUs }) => ({ value, atUs }));
  };
  const all = fate(1);
  t.ok(all.length > 500);
  t.strictSame(fate(4), all.filter(({ value }) => value % 4 === 0));
  const fast = { kind: 'bandwidth', bitsPerSecond: 1e15, queueUs: SECOND } as const;
  t.strictSame(
    fate(4, [fast]).map(({ value }) => value),
    all.filter(({ value }) => value % 4 === 0).map(({ value }) => value),
  );
});

t.test('duplication: the share asked for arrives twice, copies by themselves', async (t) => {
  const count = 40_000;
  const delay = { kind: 'uniform', low: 0, high: 1 } as const;
  const network = {
    latency: { kind: 'same', delay } as const,
    loss: 0.5,
    impairments: [{ kind: 'duplication', share: 0.2 } as const],
  };
  const world = probeWorld({ network });
  world.run(SECOND);
  for (let value = 0; value < count; value += 1) world.probes[0].environment.send(1, note(value));
  world.run(10 * SECOND);
  conserved(world);
  const times = new Map<number, number[]>();
  for (const { value, atUs } of arrivals(world, 0, 1)) {
    times.set(value, [...(times.get(value) ?? []), atUs]);
  }
  t.ok(isShare(total(world.world.counters.duplicated), count, 0.2));
  const twice = [...times.values()].filter(({ length }) => length === 2);
  // Both copies survive a loss of a half each: independent losses, and delays too.
  t.ok(isShare(twice.length, count, 0.2 * 0.25), `${twice.length} arrived twice`);
  t.ok(isShare(count - times.size, count, 0.8 * 0.5 + 0.2 * 0.25), `${count - times.size} lost`);
  const gaps = twice.map(([a, b]) => Math.abs(a - b) / SECOND);
  t.ok(Math.abs(mean(gaps) - 1 / 3) < 4 * 0.236 / Math.sqrt(gaps.length), 'of two uniform delays');
});

t.test('corruption: detected and counted, by type, and never delivered', async (t) => {
  const count = 30_000;
  const world = stream([{ kind: 'corruption', share: 0.1 }], count, MS);
  conserved(world);
  const corrupted = world.world.counters.dropped.corrupted[ack];
  t.equal(corrupted, total(world.world.counters.dropped.corrupted));
  t.ok(isShare(corrupted, count, 0.1), `${corrupted} of ${count}`);
  const received = arrivals(world, 0, 1);
  t.equal(received.length, count - corrupted);
  t.ok(received.every(({ value, atUs }) => atUs === SECOND + value * MS + 10 * MS), 'unharmed');
  const all = stream([{ kind: 'corruption', share: 1 }], 500, MS);
  t.equal(arrivals(all, 0, 1).length, 0);
});

t.test('jitter adds its distribution to each delay', async (t) => {
  const seconds = delaysUs([{ kind: 'jitter', delay: { kind: 'exponential', mean: 0.05 } }], 20_000)
    .map((us) => us / SECOND - 0.01);
  t.ok(seconds.every((one) => one >= 0));
  t.ok(Math.abs(mean(seconds) - 0.05) < (4 * 0.05) / Math.sqrt(seconds.length));
  const long = seconds.filter((one) => one > 0.05).length;
  t.ok(isShare(long, seconds.length, 0.3679), `${long} of ${seconds.length}`);
});

t.test('delay spikes: spells of late messages, of the lengths asked for', async (t) => {
  const spikes = {
    kind: 'delaySpikes', goodUs: 800 * MS, badUs: 200 * MS, delay: constant(0.5),
  } as const;
  const count = 300_000;
  const world = stream([spikes], count, MS);
  const late = Array.from({ length: count }, () => false);
  const extra = new Set<number>();
  for (const { value, atUs } of arrivals(world, 0, 1)) {
    const us = atUs - SECOND - value * MS - 10 * MS;
    extra.add(us);
    late[value] = us > 0;
  }
  t.strictSame([...extra].sort((a, b) => a - b), [0, 500 * MS], 'late by all of it or not at all');
  const [spells, pauses] = [runs(late), runs(late.map((one) => !one))];
  for (const [lengths, expected] of [[spells, 200], [pauses, 800]] as const) {
    const error = (4 * expected) / Math.sqrt(lengths.length);
    t.ok(Math.abs(mean(lengths) - expected) < error, `${mean(lengths)} ms, not ${expected}`);
  }
});

t.test('reordering: the share asked for is overtaken, and nothing else', async (t) => {
  const count = 20_000;
  const world = stream([{ kind: 'reordering', share: 0.05, delay: constant(0.0055) }], count, MS);
  const received = arrivals(world, 0, 1);
  t.equal(received.length, count);
  let overtaken = 0;
  let greatest = -1;
  for (const { value } of received) {
    if (value < greatest) overtaken += 1;
    greatest = Math.max(greatest, value);
  }
  t.ok(isShare(overtaken, count, 0.05), `${overtaken} of ${count}`);
  const plain = arrivals(stream([], 2000, MS), 0, 1).map(({ value }) => value);
  t.strictSame(plain, Array.from({ length: 2000 }, (_, value) => value), 'without it, in order');
});

t.test('bandwidth: messages leave one after the other, and what finds no room is lost', (t) => {
  const size = probeBytes();
  // One message takes 10 ms; eleven find room: one on its way and 100 ms of others.
  const bandwidth = {
    kind: 'bandwidth', bitsPerSecond: (size * 8) / 0.01, queueUs: 100 * MS,
  } as const;
  const world = probeWorld({ network: { impairments: [bandwidth] } });
  const { probes, world: sim } = world;
  world.run(SECOND);
  for (let value = 0; value < 20; value += 1) {
    probes[0].environment.send((value % 2) + 1, note(value));
  }
  probes[3].environment.send(0, note(99));
  world.run(2 * SECOND);
  const seen = [1, 2].flatMap((to) => arrivals(world, 0, to));
  const got = seen.sort((a, b) => a.value - b.value).map(({ value, atUs }) => [value, atUs]);
  // Out, on the way, and in: nobody has to wait for that, since they come as they left.
  const due = Array.from({ length: 11 }, (_, k) => [k, SECOND + (k + 3) * 10 * MS]);
  t.strictSame(got, due, 'whoever they are for');
  t.equal(sim.counters.dropped['queue-full'][ack], 9);
  t.equal(arrivals(world, 3, 0)[0].atUs, SECOND + 30 * MS, 'every host has a way of its own');
  conserved(world);
  t.end();
});

t.test('bandwidth: the wait in the queue is that of M/D/1', async (t) => {
  // Poisson arrivals at a load of 0.8: the mean wait is 0.8 / (2 * 0.2) = 2 services.
  const size = probeBytes();
  const serviceUs = 10 * MS;
  const bandwidth = {
    kind: 'bandwidth', bitsPerSecond: (size * 8e6) / serviceUs, queueUs: 3600 * SECOND,
  } as const;
  const sentAt: number[] = [];
  const gap: Distribution = { kind: 'exponential', mean: 0.0125 };
  const world = probeWorld({ network: { impairments: [bandwidth] } }, (environment, told) => {
    if (environment.address !== 0 || told.what !== 'timer' || told.value >= 200_000) return;
    sentAt[told.value] = environment.now();
    environment.send(1, note(told.value % 100));
    const us = Math.round(-Math.log(1 - environment.random.next()) * gap.mean * SECOND);
    environment.setTimer(us, 1, told.value + 1);
  });
  world.run(SECOND);
  world.probes[0].environment.setTimer(0, 1, 0);
  world.run(3600 * SECOND);
  const waits = arrivals(world, 0, 1).map(({ atUs }, index) =>
    (atUs - sentAt[index] - 10 * MS - 2 * serviceUs) / serviceUs,
  );
  t.equal(waits.length, 200_000);
  t.ok(Math.abs(mean(waits) - 2) < 0.15, `${mean(waits)} services, not 2`);
});

t.test('bandwidth: what comes from many gets in one by one, or finds no room', async (t) => {
  const size = probeBytes();
  const bandwidth = {
    kind: 'bandwidth', bitsPerSecond: (size * 8) / 0.01, queueUs: 25 * MS,
  } as const;
  const world = probeWorld({ managers: 9, network: { impairments: [bandwidth] } });
  const { world: sim, probes, diaries } = world;
  world.run(SECOND);
  for (let from = 1; from < 9; from += 1) probes[from].environment.send(0, note(from));
  world.run(2 * SECOND);
  const got = diaries[0].filter(({ what }) => what === 'message');
  t.strictSame(
    got.map(({ value, atUs }) => [value, atUs - SECOND]),
    [[1, 30 * MS], [2, 40 * MS], [3, 50 * MS]],
    'one on its way in, and two that wait for 25 ms at most',
  );
  t.equal(sim.counters.dropped['queue-full'][ack], 5);
  conserved(world);
});

t.test('bandwidth of one host is both ways, and holds up nobody else', async (t) => {
  const size = probeBytes();
  const impairment = {
    kind: 'bandwidth', bitsPerSecond: (size * 8) / 0.01, queueUs: SECOND,
  } as const;
  const world = probeWorld({ managers: 4 });
  const hosts = new Uint8Array(8);
  hosts[1] = 1;
  world.world.setImpairments([{ impairment, hosts }], false);
  world.run(SECOND);
  for (const [from, to] of [[0, 1], [2, 1], [1, 3], [0, 3]] as const) {
    world.probes[from].environment.send(to, note(0));
  }
  world.run(2 * SECOND);
  const times = [[0, 1], [2, 1], [1, 3], [0, 3]].map(([from, to]) =>
    (arrivals(world, from, to)[0].atUs - SECOND) / MS);
  t.strictSame(times, [20, 30, 20, 10]);
});

/** All notes of less than 128 are of one length. */
function probeBytes(): number {
  const world = probeWorld();
  world.run(SECOND);
  const message: BuiltInMessage = note(1);
  world.probes[0].environment.send(1, message);
  return world.world.counters.bytes[ack];
}

t.test('an impairment of some hosts is one of what they send and receive', async (t) => {
  const world = probeWorld({ managers: 4 });
  const hosts = new Uint8Array(8);
  hosts[1] = 1;
  world.run(SECOND);
  world.world.setImpairments([{ impairment: { kind: 'loss', share: 1 }, hosts }], false);
  for (const from of [0, 1, 2]) {
    for (const to of [0, 1, 2]) world.probes[from].environment.send(to, note(from * 10 + to));
  }
  world.run(2 * SECOND);
  const received = [0, 1, 2].map((to) =>
    world.diaries[to].filter(({ what }) => what === 'message').map(({ value }) => value));
  t.strictSame(received, [[0, 20], [], [2, 22]]);
  world.world.setImpairments([], false);
  world.probes[1].environment.send(0, note(1));
  world.run(3 * SECOND);
  t.equal(arrivals(world, 1, 0).length, 1);
  t.strictSame(
    world.recorder.of('links-changed').map(({ observation }) => observation),
    [
      {
        type: 'links-changed', loss: 0,
        harm: { loss: 1, bursts: [], delayUs: 0, bitsPerSecond: null },
      },
      { type: 'links-changed', loss: 0 },
    ],
  );
});
