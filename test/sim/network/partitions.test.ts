/** Processes without any protocol find out who reaches whom while faults of links last. */
import t from 'tap';
import type { FaultSettings, Party } from '../../../experiment/scenario/resolved.js';
import type { Address } from '../../../core/process.js';
import { FaultDriver } from '../../../experiment/faults/index.js';
import {
  constant, note, probeWorld, scenarioOf, SECOND, type ProbeWorld, type ScenarioChoices,
} from '../world/fixture.js';

const named = (name: string): Party => ({ kind: 'named', name });

/** A world in which these faults happen, and whose coordinator is manager 0. */
function faultyWorld(faults: readonly FaultSettings[], choices: ScenarioChoices = {}): ProbeWorld {
  const given = { managers: 4, resources: 4, zones: 2, durationUs: 3600 * SECOND, ...choices };
  const latency = { kind: 'same', delay: constant(0) } as const;
  const world = probeWorld({ ...given, network: { latency } });
  const driver = new FaultDriver(scenarioOf({ ...given, faults }), world.inventory, world.world);
  world.world.onFaultDue = (ticket) => driver.due(ticket);
  const node = world.inventory.nodeId(0, 0);
  const ballot = { counter: 1, node, incarnation: 1, address: 0 };
  driver.observe(0, 0, { type: 'coordinator-elected', ballot });
  driver.start();
  return world;
}

/** Who receives what each process sends at that time: a row per sender, x: it arrives. */
function reached({ probes, run, diaries }: ProbeWorld, atUs: number): string[] {
  run(atUs);
  const before = diaries.map(({ length }) => length);
  for (const [from, probe] of probes.entries()) {
    for (const to of probes.keys()) probe.environment.send(to, note(from));
  }
  run(atUs + 1000);
  return probes.map((_, from) =>
    probes
      .map((_probe, to) => {
        const got = diaries[to].slice(before[to]);
        return got.some((told) => told.what === 'message' && told.from === from) ? 'x' : '.';
      })
      .join(''),
  );
}

function partition(cut: object, more: Partial<FaultSettings> = {}): FaultSettings {
  return {
    action: { kind: 'partition', cut } as FaultSettings['action'],
    when: { kind: 'at', atUs: 10 * SECOND },
    repair: constant(10),
    ...more,
  };
}

const all = Array.from({ length: 8 }, () => 'xxxxxxxx');

t.test('isolate: each of them is alone, in both directions', async (t) => {
  const whom = [{ kind: 'coordinator' }, named('host-1')] as const;
  const world = faultyWorld([partition({ kind: 'isolate', whom })]);
  t.strictSame(reached(world, 9 * SECOND), all);
  t.strictSame(reached(world, 11 * SECOND), [
    'x.......', '.xxx.xxx', '.xxx.xxx', '.xxx.xxx', '....x...', '.xxx.xxx', '.xxx.xxx', '.xxx.xxx',
  ]);
  t.strictSame(reached(world, 21 * SECOND), all);
  const [began] = world.recorder.of('fault-began');
  t.match(began.observation, { target: 'manager-1, host-1 | all others', processes: [] });
});

t.test('halves: two managers and two hosts on either side, drawn anew each time', async (t) => {
  const sides = new Set<string>();
  for (let seed = 1; seed <= 20; seed += 1) {
    const world = faultyWorld([partition({ kind: 'halves' })], { seed });
    const rows = reached(world, 11 * SECOND);
    const [first] = rows;
    const flags = first.split('');
    const second = flags.map((flag) => (flag === 'x' ? '.' : 'x')).join('');
    for (const [from, row] of rows.entries()) t.equal(row, flags[from] === 'x' ? first : second);
    t.equal(flags.slice(0, 4).filter((flag) => flag === 'x').length, 2);
    t.equal(flags.slice(4).filter((flag) => flag === 'x').length, 2);
    sides.add(first);
  }
  // Of 3 * 3 ways in which manager 1 can be with one other and two hosts, and 6 ways of hosts.
  t.ok(sides.size > 8, `${sides.size} different halves`);
});

t.test('one way: what these send does not arrive there, all else does', async (t) => {
  const from = [named('manager-2')];
  const to = [{ kind: 'zone', index: 0 }];
  const toZone = faultyWorld([partition({ kind: 'oneWay', from, to })]);
  t.strictSame(
    reached(toZone, 11 * SECOND),
    all.map((row, sender) => (sender === 1 ? '.x.x.x.x' : row)),
  );
  t.strictSame(reached(toZone, 21 * SECOND), all);
  const toAll = faultyWorld([partition({ kind: 'oneWay', from, to: null })]);
  t.strictSame(
    reached(toAll, 11 * SECOND),
    all.map((row, sender) => (sender === 1 ? '.x......' : row)),
    'only to itself',
  );
  const both = [named('manager-1'), named('manager-2')];
  const among = faultyWorld([partition({ kind: 'oneWay', from: both, to: both })]);
  t.strictSame(
    reached(among, 11 * SECOND),
    all.map((row, sender) => (sender === 0 ? 'x.xxxxxx' : sender === 1 ? '.xxxxxxx' : row)),
    'who is on both sides hears nobody of them',
  );
});

t.test('between: these and those do not reach each other, all others reach both', async (t) => {
  const [these, those] = [[named('manager-1')], [named('manager-2'), named('host-1')]];
  const world = faultyWorld([partition({ kind: 'between', these, those })]);
  t.strictSame(reached(world, 11 * SECOND), all.map((row, sender) => {
    const deaf = sender === 0 ? [1, 4] : sender === 1 || sender === 4 ? [0] : [];
    return row.split('').map((mark, receiver) => deaf.includes(receiver) ? '.' : mark).join('');
  }));
  t.strictSame(reached(world, 21 * SECOND), all);
});

t.test('a bridge reaches both sides, which do not reach each other', async (t) => {
  const sides = [[0], [1]];
  const world = faultyWorld([partition({ kind: 'bridge', over: [named('manager-1')], sides })]);
  const [a, b] = ['x.x.x.x.', 'xx.x.x.x'];
  t.strictSame(reached(world, 11 * SECOND), ['xxxxxxxx', b, a, b, a, b, a, b]);
  const whole = faultyWorld([
    partition({ kind: 'bridge', over: [named('host-1')], sides: null }),
  ]);
  const rows = reached(whole, 11 * SECOND);
  t.equal(rows[4], 'xxxxxxxx');
  t.ok(rows.every((row) => row[4] === 'x'));
  t.ok(rows.some((row) => row !== 'xxxxxxxx'));
});

t.test('partitions that overlap let through what all of them let through', async (t) => {
  const zones: FaultSettings = {
    action: { kind: 'partition', groups: [[0], [1]] },
    when: { kind: 'at', atUs: 15 * SECOND },
    repair: constant(10),
  };
  const oneWay = partition({ kind: 'oneWay', from: [named('manager-1')], to: null });
  const world = faultyWorld([oneWay, zones]);
  const [a, b] = ['x.x.x.x.', '.x.x.x.x'];
  t.strictSame(reached(world, 16 * SECOND), ['x.......', b, a, b, a, b, a, b]);
  t.strictSame(reached(world, 21 * SECOND), [a, b, a, b, a, b, a, b]);
  t.strictSame(reached(world, 26 * SECOND), all);
});

t.test('flapping: there and gone for times as drawn, none shorter than the least', async (t) => {
  const flapping = {
    bad: { kind: 'exponential', mean: 2 },
    good: { kind: 'exponential', mean: 4 },
    atLeastUs: SECOND,
  } as const;
  const lasting = 20_000;
  const world = faultyWorld(
    [partition({ kind: 'isolate', whom: [named('manager-1')] }, {
      flapping, repair: constant(lasting),
    })],
    { durationUs: 30_000 * SECOND },
  );
  world.run(30_000 * SECOND);
  t.strictSame(reached(world, 30_001 * SECOND), all, 'in the end it is gone');
  const changes = world.recorder.of('reachability');
  const isThere = changes.map(({ observation }) => observation.cut !== undefined);
  t.ok(isThere.every((flag, index) => flag === (index % 2 === 0)), 'in turn');
  t.equal(changes[0].timeUs, 10 * SECOND);
  const lengths = changes.slice(1, -1).map(({ timeUs }, index) => timeUs - changes[index].timeUs);
  for (const [start, mean] of [[0, 2], [1, 4]] as const) {
    const some = lengths.filter((_, index) => index % 2 === start).map((us) => us / SECOND);
    t.ok(some.every((seconds) => seconds >= 1));
    // E max(1, X) = 1 + mean exp(-1/mean); as many are cut to 1 s as X is below it.
    const expected = 1 + mean * Math.exp(-1 / mean);
    const found = some.reduce((sum, one) => sum + one, 0) / some.length;
    t.ok(Math.abs(found - expected) < (4 * mean) / Math.sqrt(some.length), `${found} s`);
    const cut = some.filter((seconds) => seconds === 1).length;
    const share = 1 - Math.exp(-1 / mean);
    const error = 4 * Math.sqrt(some.length * share * (1 - share));
    t.ok(Math.abs(cut - some.length * share) < error, `${cut} of ${some.length} at the least`);
  }
  t.equal(world.recorder.of('fault-began').length, 1);
  t.equal(world.recorder.of('fault-ended')[0].timeUs, (lasting + 10) * SECOND);
});

t.test('impairments of whom a fault names, drawn when it strikes', async (t) => {
  const fault: FaultSettings = {
    action: { kind: 'loss', share: 1, of: [{ kind: 'managers', count: 2 }] },
    when: { kind: 'every', everyUs: 20 * SECOND, fromUs: 10 * SECOND, untilUs: 200 * SECOND },
    repair: constant(10),
  };
  const world = faultyWorld([fault]);
  const hit: Address[][] = [];
  for (let strike = 0; strike < 9; strike += 1) {
    const rows = reached(world, (11 + 20 * strike) * SECOND);
    hit.push([...rows.keys()].filter((from) => rows[from] === '........'));
    t.strictSame(reached(world, (21 + 20 * strike) * SECOND), all);
  }
  t.ok(hit.every(({ length }) => length === 2), 'two of them');
  t.ok(hit.flat().every((address) => address >= 1 && address < 4), 'but not the coordinator');
  t.ok(new Set(hit.map((some) => some.join())).size > 1, 'anew each time');
  const targets = world.recorder.of('fault-began').map(({ observation }) => observation.target);
  t.strictSame(
    targets.map((target) => target.replace('100% at ', '').split(', ').sort()),
    hit.map((some) => some.map((address) => `manager-${address + 1}`)),
  );
});

t.test("a fault takes the place of the network's own, and a special one of a general one", (t) => {
  const at = (second: number, repair: number, action: object): FaultSettings => ({
    action: action as FaultSettings['action'],
    when: { kind: 'at', atUs: second * SECOND },
    repair: constant(repair),
  });
  const faults = [
    at(10, 40, { kind: 'jitter', delay: constant(2), of: [named('manager-1')] }),
    at(20, 10, { kind: 'jitter', delay: constant(3) }),
    at(60, 1, { kind: 'heal' }),
  ];
  const scenario = { managers: 4, durationUs: 100 * SECOND, faults };
  const network = { impairments: [{ kind: 'jitter', delay: constant(1) } as const] };
  const world = probeWorld({ ...scenario, network });
  const driver = new FaultDriver(scenarioOf(scenario), world.inventory, world.world);
  world.world.onFaultDue = (ticket) => driver.due(ticket);
  driver.start();
  const delays: [number, number][] = [];
  for (const second of [5, 15, 25, 35, 55, 65]) {
    world.run(second * SECOND);
    world.probes[0].environment.send(1, note(0));
    world.probes[2].environment.send(3, note(0));
    world.run((second + 4) * SECOND);
    const [a, b] = [1, 3].map((to) => world.diaries[to].at(-1)!.atUs / SECOND - second - 0.01);
    delays.push([Math.round(a), Math.round(b)]);
  }
  t.strictSame(delays, [[1, 1], [2, 1], [2, 3], [2, 1], [1, 1], [0, 0]]);
  t.end();
});
