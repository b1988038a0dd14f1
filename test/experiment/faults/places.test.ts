/** Whom faults take down and bring back: restarts, lost state, places, the fullest, phases. */
import t from 'tap';
import type { Observation } from '../../../core/observations.js';
import type { Environment, Process } from '../../../core/process.js';
import { buildInventory } from '../../../experiment/inventory.js';
import type {
  FaultAction, FaultSettings, FaultTarget, FaultTime,
} from '../../../experiment/scenario/resolved.js';
import { runSimulation } from '../../../sim/index.js';
import {
  constant, quietHooks, Recorder, scenarioOf, SECOND, type ScenarioChoices,
} from '../../sim/world/fixture.js';

const at = (second: number): FaultTime => ({ kind: 'at', atUs: second * SECOND });

function fault(
  when: FaultTime, action: FaultAction, repairS: number | null = null,
): FaultSettings {
  return { when, action, repair: repairS === null ? null : constant(repairS) };
}

const named = (...names: string[]): FaultTarget[] =>
  names.map((name) => ({ kind: 'named', name }));

/** What a manager says of itself, so many seconds after the run began. */
type Sayings = readonly (readonly [second: number, manager: number, said: Observation])[];

async function run(choices: ScenarioChoices, sayings: Sayings = []) {
  const scenario = scenarioOf(choices);
  const inventory = buildInventory(scenario);
  const recorder = new Recorder();
  const generations: string[] = [];
  const make = (environment: Environment): Process => ({
    start: () => {
      for (const [index, [second, manager]] of sayings.entries()) {
        const delayUs = second * SECOND - environment.now();
        if (manager === environment.address && delayUs >= 0) {
          environment.after(delayUs, 0, index);
        }
      }
    },
    receive: () => {},
    onTimer: (_kind, index) => environment.observe(sayings[index][2]),
  });
  const processes = {
    manager: (environment: Environment, generation: number) => {
      generations.push(`${environment.address} ${generation}`);
      return make(environment);
    },
    agent: (environment: Environment) => ({ ...make(environment), onActuated: () => {} }),
  };
  const variation = { processes };
  const result = await runSimulation(scenario, inventory, quietHooks([recorder]), variation);
  const turns = recorder.seen
    .filter(({ timeUs, observation: { type } }) =>
      timeUs > 2 * SECOND && (type === 'process-up' || type === 'process-down'))
    .map(({ timeUs, process, observation }) =>
      `${timeUs / SECOND} ${observation.type.replace('process-', '')} ${process}`);
  const hits = recorder.of('fault-began').map(({ timeUs, observation }) => {
    return `${timeUs / SECOND} ${observation.target}`;
  });
  return { turns, hits, recorder, skipped: result.faultsSkipped, generations };
}

t.test('a restart is off and on again, and brings up what another fault took down', async (t) => {
  const { turns } = await run({
    faults: [
      fault(at(10), { kind: 'restart', targets: named('manager-1') }, 0),
      fault(at(20), { kind: 'restart', targets: named('manager-1') }, 3),
      fault(at(30), { kind: 'crash', targets: named('host-1') }),
      fault(at(35), { kind: 'restart', targets: named('host-1') }, 0),
      fault(at(40), { kind: 'crash', targets: named('host-1') }, 10),
      fault(at(42), { kind: 'restart', targets: named('host-1') }, 0),
    ],
  });
  t.strictSame(turns, [
    '10 down 0', '10.000001 up 0', '20 down 0', '23 up 0', '30 down 2', '35.000001 up 2',
    '40 down 2', '42.000001 up 2',
  ]);
});

t.test('who loses state comes back as the next generation; others do not', async (t) => {
  const crash = { kind: 'crash', targets: named('manager-1', 'host-1') } as const;
  const { generations, recorder } = await run({
    faults: [
      fault(at(10), crash, 1),
      fault(at(20), { ...crash, loseState: true }, 1),
      fault(at(30), { ...crash, kind: 'restart', loseState: true }, 0),
      fault(at(40), crash, 1),
    ],
  });
  const ofManager = generations.filter((one) => one.startsWith('0'));
  t.strictSame(ofManager, ['0 0', '0 0', '0 1', '0 2', '0 2']);
  const ups = recorder.of('process-up').filter(({ process }) => process === 2);
  t.strictSame(ups.map(({ observation }) => 'generation' in observation
    ? observation.generation : 0), [0, 0, 1, 2, 2]);
});

t.test('outages of zones and racks hit all hosts in them, and no other', async (t) => {
  const world = { managers: 8, resources: 8, zones: 2, racks: 2 };
  const inventory = buildInventory(scenarioOf(world));
  t.equal(inventory.racks, 4);
  const racks = [0, 1, 2, 3].map((rack) => [...inventory.rackMembers(rack)]);
  t.strictSame(new Set([...racks[0], ...racks[1]]), new Set(inventory.zoneMembers(0)));
  t.equal(new Set(racks.flat()).size, 16);
  t.ok(racks.every((rack) => rack.length === 4 && rack.some((address) => address < 8)));
  const { turns } = await run({
    ...world,
    faults: [
      fault(at(10), { kind: 'crash', targets: [{ kind: 'zone', index: 1 }] }, 2),
      fault(at(20), { kind: 'crash', targets: [{ kind: 'rack', index: 2 }] }, 2),
    ],
  });
  const down = (time: number): number[] => turns
    .filter((turn) => turn.startsWith(`${time} down`))
    .map((turn) => Number(turn.split(' ')[2]));
  t.strictSame(down(10), [...inventory.zoneMembers(1)]);
  t.strictSame(down(20), racks[2]);
  t.equal(turns.length, 2 * (8 + 4));
});

t.test('drawn zones are whole, each with a renewal process of its own where random', async (t) => {
  const world = { managers: 6, resources: 6, zones: 3, durationUs: 600 * SECOND };
  const { recorder } = await run({
    ...world,
    faults: [fault(
      { kind: 'every', everyUs: 20 * SECOND, fromUs: 20 * SECOND, untilUs: 300 * SECOND },
      { kind: 'crash', targets: [{ kind: 'zones', count: 1 }] }, 5,
    )],
  });
  const { zoneOf } = buildInventory(scenarioOf(world));
  const zonesHit = recorder.of('fault-began').map(({ observation }) => {
    const { processes } = observation;
    t.equal(processes.length, 4);
    const zones = new Set(processes.map((address) => zoneOf[address]));
    t.equal(zones.size, 1);
    return [...zones][0];
  });
  t.equal(zonesHit.length, 14);
  t.equal(new Set(zonesHit).size, 3, 'all zones have their turn');
  const random = await run({
    ...world,
    faults: [fault(
      { kind: 'random', lifetime: constant(50), fromUs: 0, untilUs: 110 * SECOND },
      { kind: 'crash', targets: [{ kind: 'zones', count: 0 }] }, 5,
    )],
  });
  t.equal(random.recorder.of('fault-began').length, 6, 'each at 50 s and at 105 s');
});

t.test('the fullest are those that list most, as far as they are up', async (t) => {
  const token = { ballot: { counter: 1, node: '', incarnation: 1, address: 0 }, sequence: 1 };
  const added = (resource: number): Observation => ({ type: 'listing-added', resource, token });
  const { hits } = await run({
    managers: 3,
    faults: [10, 20, 30, 40].map((second) =>
      fault(at(second), { kind: 'pause', targets: [{ kind: 'fullest', count: 1 }] }, 1)),
  }, [
    [5, 1, added(0)], [5, 1, added(1)], [5, 1, added(1)], [5, 2, added(2)],
    [15, 2, added(3)], [15, 2, added(0)], [25, 2, { type: 'listing-removed', resource: 3 }],
    [25, 2, { type: 'listing-removed', resource: 0 }], [35, 0, added(0)], [35, 0, added(1)],
  ]);
  t.strictSame(hits, ['10 manager-2', '20 manager-3', '30 manager-2', '40 manager-1']);
});

t.test('faults during an election come while it lasts, so often as was asked for', async (t) => {
  const ballot = { counter: 1, node: '', incarnation: 1, address: 0 };
  const started: Observation = { type: 'election-started', suspected: null };
  const elected: Observation = { type: 'coordinator-elected', ballot };
  const during: FaultTime = {
    kind: 'during', during: 'election', after: constant(2), times: 3, fromUs: 5 * SECOND,
    untilUs: 50 * SECOND,
  };
  const crash = { kind: 'pause', targets: named('manager-2') } as const;
  const sayings: Sayings = [
    [4, 0, started], [6, 0, elected], // before `from`
    [10, 0, started], [11, 0, started], [13, 0, elected], // one fault, at 12 s
    [20, 0, started], [21, 0, elected], // over before it could come
    [30, 0, started], [40, 0, started], // the third time; then no more
  ];
  const { hits, skipped } = await run({ faults: [fault(during, crash, 1)] }, sayings);
  t.strictSame(hits, ['12 manager-2', '32 manager-2']);
  t.equal(skipped, 1);
  const early = { ...during, untilUs: 30 * SECOND };
  t.strictSame((await run({ faults: [fault(early, crash, 1)] }, sayings)).hits, ['12 manager-2']);
  const healed = [fault(during, crash, 1), fault(at(25), { kind: 'heal' })];
  const { hits: before } = await run({ faults: healed }, sayings);
  t.strictSame(before, ['12 manager-2'], 'none after the healing');
});

t.test('faults during a rebuild end with it, or with whoever is at it', async (t) => {
  const ballotOf = (address: number) => ({ counter: 1, node: '', incarnation: 1, address });
  const elected = (address: number): Observation =>
    ({ type: 'coordinator-elected', ballot: ballotOf(address) });
  const rebuilt: Observation = { type: 'model-rebuilt', ballot: ballotOf(0), managers: 2 };
  const during: FaultTime = {
    kind: 'during', during: 'rebuild', after: constant(2), times: null, fromUs: 5 * SECOND,
    untilUs: 60 * SECOND,
  };
  const { turns, skipped } = await run({
    managers: 3,
    faults: [
      fault(during, { kind: 'crash', targets: [{ kind: 'coordinator' }] }, 1),
      fault(at(31), { kind: 'crash', targets: named('manager-1') }, 1),
    ],
  }, [
    [10, 0, elected(0)], // falls at 12 s
    [20, 1, elected(1)], [21, 0, rebuilt], // of another one: goes on, and falls at 22 s
    [30, 0, elected(0)], // falls of itself at 31 s
    [40, 2, elected(2)], [41, 2, rebuilt], // done in time
  ]);
  t.strictSame(turns, [
    '12 down 0', '13 up 0', '22 down 1', '23 up 1', '31 down 0', '32 up 0',
  ]);
  t.equal(skipped, 2);
});

t.test('offers, answers, hand-overs and actions are phases, which concern somebody', async (t) => {
  const token = { ballot: { counter: 1, node: '', incarnation: 1, address: 0 }, sequence: 1 };
  const listed: Observation = { type: 'listing-added', resource: 0, token };
  const obeys = (manager: number): Observation =>
    ({ type: 'pointer-set', resource: 0, manager, token });
  const shown = (manager: number): Observation =>
    ({ type: 'model-entity', resource: 0, state: 'up', incarnation: 1, manager });
  const of = { rule: 'r', resource: 0, action: 7 };
  const started: Observation = { type: 'action-started', verb: 'restart', ...of };
  const ended: Observation = { type: 'action-ended', outcome: 'succeeded', ...of };
  const agent = 3;
  const sayings: Sayings = [
    [5, 1, listed], [6, agent, obeys(1)], // too short an offer
    [8.5, 0, shown(1)],
    [10, 2, listed], [14, agent, obeys(2)], [15, 0, shown(2)],
    [20, 2, started], [22, 2, ended], [30, 2, started],
  ];
  const during = (phase: 'offer' | 'answer' | 'hand-over' | 'action', delayS: number) => ({
    kind: 'during', during: phase, after: constant(delayS), times: null,
    fromUs: 0, untilUs: 60 * SECOND,
  } as const);
  const pause = (who: 'manager' | 'host') =>
    ({ kind: 'pause', targets: [{ kind: 'concerned', who }] } as const);
  const hitsOf = async (...one: FaultSettings[]) =>
    (await run({ managers: 3, faults: one }, sayings)).hits;
  t.strictSame(await hitsOf(fault(during('offer', 2), pause('manager'), 1)), []);
  t.strictSame(await hitsOf(fault(during('offer', 0.5), pause('manager'), 0.1)), [
    '5.5 manager-2',
  ]);
  t.strictSame(await hitsOf(fault(during('answer', 2), pause('host'), 0.1)), ['8 host-1']);
  t.strictSame(await hitsOf(fault(during('hand-over', 3), pause('manager'), 0.1)), [
    '13 manager-3',
  ]);
  t.strictSame(await hitsOf(fault(during('action', 3), pause('host'), 0.1)), ['33 host-1']);
  t.strictSame(await hitsOf(fault(at(9), pause('host'), 0.1)), [], 'without a phase: nobody');
  const leaving: Sayings = [[10, 1, { type: 'process-leaving' }]];
  const crash = { kind: 'crash', targets: pause('manager').targets } as const;
  const faults = [fault(during('hand-over', 2), crash)];
  const { hits } = await run({ managers: 3, faults }, leaving);
  t.strictSame(hits, ['12 manager-2']);
});
