import fc from 'fast-check';
import t from 'tap';
import { messageTypes } from '../../../core/messages.js';
import type { NetworkSettings } from '../../../experiment/scenario/resolved.js';
import { createLatency } from '../../../sim/network/latency.js';
import { InstantOrdinals } from '../../../sim/network/ordinals.js';
import { constant, note, probeWorld, SECOND, total } from '../world/fixture.js';

const type = messageTypes.indexOf('overlay-ack');

/** Delays of the messages 0, 1, ... from manager 0 to manager 1; lost ones are absent. */
function delays(
  network: Partial<NetworkSettings>,
  count: number,
  disturb: (value: number) => boolean = () => false,
): Map<number, number> {
  const sentAt: number[] = [];
  const { run, diaries, world } = probeWorld({ network, zones: 2 }, (environment, told) => {
    const { address } = environment;
    if (address > 1 || told.what === 'message' || told.value >= count) return;
    if (address === 0) {
      sentAt[told.value] = environment.now();
      environment.send(1, note(told.value));
    }
    if (disturb(told.value)) environment.send(2 + (told.value % 3), note(-1));
    environment.setTimer(1000, 1, told.value + 1);
  });
  run(count * 2000 + 60 * SECOND);
  t.equal(world.loop.messagesInFlight, 0);
  const received = diaries[1].filter(({ what, from }) => what === 'message' && from === 0);
  return new Map(received.map(({ value, atUs }) => [value, atUs - sentAt[value]]));
}

t.test('the share of lost messages is the one asked for', async (t) => {
  for (const loss of [0.01, 0.3]) {
    const count = 40_000;
    const lost = count - delays({ loss }, count).size;
    const deviation = Math.sqrt(count * loss * (1 - loss));
    t.ok(Math.abs(lost - count * loss) < 4 * deviation, `${lost} of ${count}`);
  }
  t.equal(delays({ loss: 1 }, 100).size, 0);
});

t.test('delays follow their distribution', async (t) => {
  const models = [
    { kind: 'uniform', low: 0.02, high: 0.08 },
    { kind: 'exponential', mean: 0.05 },
    { kind: 'lognormal', median: 0.05, sigma: 0.5 },
  ] as const;
  const below = {
    uniform: (s: number) => Math.min(1, Math.max(0, (s - 0.02) / 0.06)),
    exponential: (s: number) => 1 - Math.exp(-s / 0.05),
    // At its median only, and at one standard deviation on either side.
    lognormal: (s: number) => (s === 0.05 ? 0.5 : s < 0.05 ? 0.158655 : 0.841345),
  };
  const at = {
    uniform: [0.03, 0.05, 0.07],
    exponential: [0.01, 0.05, 0.2],
    lognormal: [0.05 * Math.exp(-0.5), 0.05, 0.05 * Math.exp(0.5)],
  };
  for (const delay of models) {
    const seconds = [...delays({ latency: { kind: 'same', delay } }, 20_000).values()];
    for (const point of at[delay.kind]) {
      const p = below[delay.kind](point);
      const found = seconds.filter((us) => us <= point * SECOND).length / seconds.length;
      const error = 4 * Math.sqrt((p * (1 - p)) / seconds.length);
      t.ok(Math.abs(found - p) < error, `${delay.kind}: ${found} at most ${point} s, not ${p}`);
    }
  }
  const instant = delays({ latency: { kind: 'same', delay: constant(0) } }, 10);
  t.ok([...instant.values()].every((us) => us === 1), 'nothing arrives at its own instant');
});

t.test('zones and pairs of zones have delays of their own', async (t) => {
  const latency = {
    kind: 'zones',
    within: constant(0.001),
    between: constant(0.02),
    pairs: [{ a: 2, b: 0, delay: constant(0.3) }],
  } as const;
  const { probes, run, diaries } = probeWorld({ zones: 3, managers: 6, network: { latency } });
  run(SECOND);
  for (const to of [1, 2, 3]) probes[0].environment.send(to, note(to));
  probes[2].environment.send(0, note(0));
  run(2 * SECOND);
  t.strictSame(
    [0, 1, 2, 3].map((address) => diaries[address].at(-1)!.atUs - SECOND),
    [300_000, 20_000, 300_000, 1000],
  );
});

t.test('a matrix of sites gives each pair its own delay, and jitter on top', async (t) => {
  const size = 5;
  const oneWayUs = Int32Array.from({ length: size * size }, (_, index) => 1000 * (index + 1));
  const settings = {
    kind: 'matrix', file: 'm', sha256: '', matrix: { size, oneWayUs }, withinUs: 77,
  } as const;
  const hosts = 400;
  const places = { zoneOf: new Uint16Array(hosts), zones: ['zone-1'] };
  const still = createLatency({ ...settings, jitter: constant(0) }, places, 3);
  const counts = new Map<number, number>();
  const reverse = new Map<number, number>();
  for (let from = 0; from < hosts; from += 1) {
    for (let to = 0; to < hosts; to += 1) {
      const us = still.delayUs(from, to, 0.9);
      counts.set(us, (counts.get(us) ?? 0) + 1);
      if (us !== 77) reverse.set(us, still.delayUs(to, from, 0.1));
    }
  }
  const off = [...oneWayUs].filter((_, index) => index % (size + 1) !== 0);
  t.strictSame([...counts.keys()].sort((a, b) => a - b), [77, ...off]);
  t.ok(Math.abs(counts.get(77)! / (hosts * hosts) - 1 / size) < 0.03, 'one in five share a site');
  for (const [us, back] of reverse) {
    const index = us / 1000 - 1;
    const from = Math.floor(index / size);
    t.equal(back, oneWayUs[(index % size) * size + from], 'the way back is its own');
  }
  const seeded = createLatency({ ...settings, jitter: constant(0) }, places, 4);
  const differ = Array.from({ length: hosts }, (_, to) => to).filter(
    (to) => seeded.delayUs(0, to, 0) !== still.delayUs(0, to, 0),
  );
  t.ok(differ.length > hosts / 2, 'another seed draws other sites');
  const jitter = { kind: 'uniform', low: 0.001, high: 0.003 } as const;
  const shaky = createLatency({ ...settings, jitter }, places, 3);
  t.equal(shaky.delayUs(0, 1, 0.5), still.delayUs(0, 1, 0) + 2000);
});

t.test("nobody's draws depend on what others send", async (t) => {
  const latency = { kind: 'same', delay: { kind: 'exponential', mean: 0.05 } } as const;
  const network = { latency, loss: 0.2 };
  const alone = delays(network, 500);
  t.strictSame(delays(network, 500, () => true), alone);
  t.strictSame(delays(network, 500, (value) => value % 7 === 0), alone);
});

t.test('messages alike of one instant have draws of their own', async (t) => {
  const latency = { kind: 'same', delay: { kind: 'uniform', low: 0, high: 1 } } as const;
  const { probes, run, diaries } = probeWorld({ network: { latency } });
  run(SECOND);
  for (let value = 0; value < 200; value += 1) probes[0].environment.send(1, note(value));
  run(3 * SECOND);
  const arrivals = diaries[1].filter(({ what }) => what === 'message');
  t.equal(new Set(arrivals.map(({ atUs }) => atUs)).size, 200);
});

t.test('ordinals count alike messages within an instant', async (t) => {
  // The first and the last: wherever one key ends and the next begins, they meet.
  const last = messageTypes.length - 1;
  const code = fc.constantFrom(0, 1, 2, last - 2, last - 1, last);
  const sends = fc.array(
    fc.record({ later: fc.nat(9), from: fc.nat(1), to: fc.nat(2), code }),
    { maxLength: 300 },
  );
  fc.assert(
    fc.property(sends, (list) => {
      const ordinals = new InstantOrdinals(100, messageTypes.length);
      let time = 0;
      let seen = new Map<string, number>();
      return list.every(({ later, from, to, code }) => {
        if (later === 0) {
          time += 1;
          seen = new Map();
        }
        const key = `${from}/${to}/${code}`;
        const expected = seen.get(key) ?? 0;
        seen.set(key, expected + 1);
        return ordinals.next(time, from, to, code) === expected;
      });
    }),
  );
  t.pass('for all of them');
});

t.test('a partition stops messages at sending and at arrival, both ways', async (t) => {
  const latency = { kind: 'same', delay: constant(1) } as const;
  const { world, probes, run, diaries, recorder } = probeWorld({ zones: 2, network: { latency } });
  const both = (value: number): void => {
    probes[0].environment.send(1, note(value));
    probes[1].environment.send(0, note(value));
  };
  run(2 * SECOND);
  both(1); // in flight when the partition begins, due while it lasts
  run(2.5 * SECOND);
  world.setPartition([0, 1]);
  both(2); // sent into it
  probes[0].environment.send(0, note(3)); // within a zone
  run(3.2 * SECOND);
  world.setPartition(null);
  both(4);
  run(4 * SECOND);
  world.setPartition([0, 1]);
  run(4.1 * SECOND);
  world.setPartition(null); // healed again before 4 arrives
  run(5 * SECOND);
  const received = (address: number): number[] =>
    diaries[address].filter(({ what }) => what === 'message').map(({ value }) => value);
  t.strictSame([received(0), received(1)], [[3, 4], [4]]);
  t.equal(world.counters.dropped.partition[type], 4);
  t.equal(total(world.counters.dropped.partition), 4);
  t.strictSame(
    recorder.of('reachability').map(({ observation }) => observation),
    [[0, 1], [0, 0], [0, 1], [0, 0]].map((groups) => ({ type: 'reachability', groups })),
  );
});

t.test('bytes are counted when sent', async (t) => {
  const { world, probes, run } = probeWorld({ network: { loss: 1 } });
  run(SECOND);
  probes[0].environment.send(1, note(1));
  t.ok(world.counters.bytes[type] > 5);
  t.equal(world.counters.dropped.loss[type], 1);
  world.setLoss(0);
  probes[0].environment.send(1, note(1));
  t.equal(world.loop.messagesInFlight, 1);
  world.setLoss(null);
  probes[0].environment.send(1, note(1));
  t.equal(world.counters.dropped.loss[type], 2);
});
