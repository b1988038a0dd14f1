import t from 'tap';
import {
  Health,
  type ConditionChange,
  type FaultRecovery,
  type HealthChange,
  type Suspicion,
} from '../../../checker/health/index.js';
import { ballot, makeInventory, Script, token } from './world.js';

// Managers 0, 1, 2; agents 3 and 4 with one resource each; zones of parity.
const inventory = makeInventory({ managers: 3, agents: 2, resourcesPerAgent: 1, zones: 2 });
const windows = { registrationUs: 100, handOverUs: 30, stalenessUs: 50 };
const b1 = ballot(1, 0);
const b2 = ballot(2, 1);

function watch(script: Script, endUs: number): {
  health: Health;
  changes: HealthChange[];
  conditions: ConditionChange[];
  recoveries: FaultRecovery[];
  suspicions: Suspicion[];
  /** When t0 moved. */
  disturbedUs: number[];
} {
  const changes: HealthChange[] = [];
  const conditions: ConditionChange[] = [];
  const recoveries: FaultRecovery[] = [];
  const suspicions: Suspicion[] = [];
  const disturbedUs: number[] = [];
  const health = new Health(inventory, windows, [
    {
      healthChanged: (change) => changes.push(change),
      conditionChanged: (change) => conditions.push(change),
      faultRecovered: (recovery) => recoveries.push(recovery),
      suspected: (suspicion) => suspicions.push(suspicion),
      disturbed: ({ timeUs }) => disturbedUs.push(timeUs),
    },
  ]);
  for (const { timeUs, process, observation } of script.seen) {
    health.observe(timeUs, process, observation);
  }
  health.finish(endUs);
  return { health, changes, conditions, recoveries, suspicions, disturbedUs };
}

/** All is well from the first instant on: web-1 with manager-1, web-2 with manager-2. */
function sound(): Script {
  return new Script()
    .at(0)
    .up(0, 1, 2, 3, 4)
    .elect(0, b1)
    .acknowledge(b1, 1, 2)
    .state(3, 0, 'up', 1)
    .state(4, 1, 'up', 1)
    .hold(3, 0, 0, token(b1, 1))
    .hold(4, 1, 1, token(b1, 2))
    .show(0, 0, 'up', 1)
    .show(0, 1, 'up', 1);
}

const turns = (changes: readonly HealthChange[]): [number, boolean][] =>
  changes.map(({ timeUs, healthy }) => [timeUs, healthy]);
const words = (change: HealthChange | undefined): string[] =>
  change!.violations.map((violation) => violation.words);

t.test('a sound plane is healthy from its first instant and stays so', async (t) => {
  const { health, changes } = watch(sound(), 1000);
  t.same(turns(changes), [[0, true]]);
  t.equal(health.healthy(), true);
  t.equal(health.plane.heldResources, health.plane.liveResources);
  t.equal(health.plane.coordinators, 1);
  t.equal(health.stalenessUs(), 0);
  t.same(health.violations(), []);
});

t.test('nothing is expected of who has just come up, until J has passed', async (t) => {
  const script = new Script().at(10).up(0, 3).elect(0, b1).state(3, 0, 'up', 1);
  const { changes, health } = watch(script.at(20).up(1), 300);
  t.same(turns(changes), [[0, false], [10, true], [110, false]]);
  t.same(words(changes[0]), ['no manager is alive']);
  t.same(words(changes[2]), ['1 live resource not held: web-1 has no manager']);
  t.same(
    health.violations().map(({ condition, count }) => [condition, count]),
    [['coordinator', 1], ['managed', 1], ['model', 1]],
  );
  t.match(health.violations()[0].words, '1 manager (manager-2 for one) not behind coordinator');
});

t.test('several observations of one instant are one change', async (t) => {
  const script = sound().at(200).see(3, { type: 'pointer-lost', resource: 0, why: 'unknown' });
  script.see(3, { type: 'pointer-set', resource: 0, manager: 0, token: token(b1, 1) });
  t.same(turns(watch(script, 500).changes), [[0, true]]);
});

t.test('a hand-over leaves W for the former manager to let go', async (t) => {
  const moved = token(b1, 3);
  const script = sound().at(200).see(1, { type: 'listing-added', resource: 0, token: moved });
  script.at(210).see(3, { type: 'pointer-set', resource: 0, manager: 1, token: moved });
  const { changes } = watch(script, 500);
  t.same(turns(changes), [[0, true], [240, false]]);
  const twice = '1 resource listed twice: web-1 is held by manager-2, and manager-1 lists it still';
  t.same(words(changes[1]), [twice]);
  script.at(239).see(0, { type: 'listing-removed', resource: 0 });
  t.same(turns(watch(script, 500).changes), [[0, true]]);
});

t.test('an assignment that its resource never took up is tolerated for W only', async (t) => {
  const script = sound().at(200);
  script.see(2, { type: 'listing-added', resource: 0, token: token(b1, 3) });
  script.at(260).see(2, { type: 'listing-removed', resource: 0 });
  t.same(turns(watch(script, 500).changes), [[0, true], [230, false], [260, true]]);
});

t.test('the coordinator dies: each condition comes back at its time', async (t) => {
  const script = sound()
    .at(200)
    .see(-1, {
      type: 'fault-began', fault: 0, kind: 'crash', target: 'manager-1', processes: [0],
      resources: [],
    })
    .down(0)
    .at(230)
    .see(1, { type: 'coordinator-suspected', ballot: b1 })
    .at(240)
    .elect(1, b2)
    .at(245)
    .acknowledge(b2, 2)
    .at(250)
    .see(3, { type: 'pointer-lost', resource: 0, why: 'silent' })
    .at(260)
    .hold(3, 0, 2, token(b2, 1))
    .at(270)
    .show(1, 0, 'up', 1)
    .at(280)
    .show(1, 1, 'up', 1);
  const { changes, conditions, recoveries, suspicions, disturbedUs } = watch(script, 500);
  t.same(turns(changes), [[0, true], [200, false], [280, true]]);
  t.same(words(changes[1]), [
    'none of 2 managers is coordinator',
    '1 live resource not held: web-1 obeys manager-1, which is down',
  ]);
  t.same(
    conditions.slice(3).map(({ timeUs, condition, holds }) => [timeUs, condition, holds]),
    [
      [200, 'coordinator', false],
      [200, 'managed', false],
      [200, 'model', false],
      [245, 'coordinator', true],
      [260, 'managed', true],
      [280, 'model', true],
    ],
  );
  t.same(recoveries, [
    { fault: 0, beganUs: 200, recoveredUs: 260, resources: 1, coordinator: true },
  ]);
  t.same(
    suspicions.map(({ timeUs, by, of, justified }) => [timeUs, by, of, justified]),
    [[230, 1, 0, true], [250, 3, 0, true]],
  );
  t.equal(disturbedUs.at(-1), 200);
});

t.test('a paused coordinator does not count; when it goes on there are two', async (t) => {
  const script = sound()
    .at(200)
    .see(0, { type: 'process-paused' })
    .at(220)
    .elect(1, b2)
    .acknowledge(b2, 2)
    .show(1, 0, 'up', 1)
    .show(1, 1, 'up', 1)
    .at(230)
    .hold(3, 0, 2, token(b2, 1))
    .at(300)
    .see(0, { type: 'process-resumed' });
  const { changes, health } = watch(script, 310);
  t.same(turns(changes), [[0, true], [200, false], [230, true], [300, false]]);
  t.same(words(changes[3]), [
    'manager-1 and manager-2 all act as coordinator',
    '1 resource listed twice: web-1 is held by manager-3, and manager-1 lists it still',
  ]);
  t.equal(health.plane.coordinators, 2);
});

t.test('each component is judged by itself, from the instant it forms', async (t) => {
  // Zone 0: managers 0 and 2, agent 3; zone 1: manager 1, agent 4.
  const script = sound()
    .at(200)
    .see(-1, { type: 'reachability', groups: [0, 1] })
    .at(250)
    .elect(1, b2)
    .show(1, 1, 'up', 1)
    .at(300)
    .see(-1, { type: 'reachability', groups: [0, 0] });
  const { changes } = watch(script, 400);
  t.same(turns(changes), [[0, true], [200, false], [250, true], [300, false]]);
  t.same(changes[1].violations.map(({ zones }) => zones), [[1]]);
});

t.test('a partition is recovered from when all that it cut off is managed again', async (t) => {
  const began = {
    type: 'fault-began', fault: 7, kind: 'partition', target: 'zone-1 | zone-2',
    processes: [], resources: [],
  } as const;
  const script = sound()
    .at(150)
    .hold(4, 1, 2, token(b1, 4))
    .see(1, { type: 'listing-removed', resource: 1 })
    .at(200)
    .see(-1, began)
    .see(-1, { type: 'reachability', groups: [0, 1] })
    .at(250)
    .elect(1, b2)
    .at(260)
    .hold(4, 1, 1, token(b2, 1));
  t.same(watch(script, 400).recoveries, [
    { fault: 7, beganUs: 200, recoveredUs: 260, resources: 1, coordinator: true },
  ]);
});

t.test('a crashed resource is managed again when it is up and held', async (t) => {
  const began = {
    type: 'fault-began', fault: 1, kind: 'crash', target: 'web-1', processes: [], resources: [0],
  } as const;
  const script = sound().at(200).see(-1, began).state(3, 0, 'down', 1);
  script.at(220).show(0, 0, 'down', 1).at(240).state(3, 0, 'starting', 2).show(0, 0, 'starting', 2);
  const { changes, recoveries } = watch(script, 400);
  t.same(turns(changes), [[0, true]]);
  t.same(recoveries, [
    { fault: 1, beganUs: 200, recoveredUs: 240, resources: 1, coordinator: false },
  ]);
});

t.test('what a dead manager held may die too, and is then not waited for', async (t) => {
  const began = {
    type: 'fault-began', fault: 2, kind: 'crash', target: 'manager-2', processes: [1],
    resources: [],
  } as const;
  const script = sound().at(200).see(-1, began).down(1).at(220).down(4);
  t.same(watch(script, 400).recoveries, [
    { fault: 2, beganUs: 200, recoveredUs: 220, resources: 1, coordinator: false },
  ]);
});

t.test('the model may be late by delta, and says for how long', async (t) => {
  const script = sound().at(200).state(3, 0, 'down', 1);
  const { changes, health } = watch(script, 270);
  t.same(turns(changes), [[0, true], [250, false]]);
  t.match(words(changes[1])[0], 'web-1 is down in life 1, not up in life 1, for 0.0 s');
  t.equal(health.stalenessUs(), 70);
  script.at(280).show(0, 0, 'down', 1);
  t.same(turns(watch(script, 400).changes), [[0, true], [250, false], [280, true]]);
});

t.test('a model that shows an old state is late by the first change after it', async (t) => {
  const script = sound().at(200).state(3, 0, 'down', 1).at(230).state(3, 0, 'starting', 2);
  script.at(240).state(3, 0, 'up', 2);
  const { health, changes } = watch(script, 245);
  t.equal(health.stalenessUs(), 45);
  t.same(turns(changes), [[0, true]]);
});

t.test('whom a coordinator never heard of is not held against it before J', async (t) => {
  const script = sound().at(200).down(3).state(3, 0, 'down', 1).at(220).show(0, 0, 'down', 1);
  script.at(300).up(3).state(3, 0, 'up', 2).at(320).hold(3, 0, 0, token(b1, 9));
  const { changes } = watch(script, 1000);
  // Back at 300, it counts from 400, and must show by 450.
  t.same(turns(changes), [[0, true], [450, false]]);
});

t.test('only managers and links move t0', async (t) => {
  const script = sound().at(200).down(3).at(210).up(3).at(220).state(4, 1, 'down', 1);
  t.same(watch(script, 300).disturbedUs.filter((us) => us > 0), []);
  script.at(230).see(-1, { type: 'links-changed' });
  t.equal(watch(script, 300).disturbedUs.at(-1), 230);
  script.at(240).up(1).at(250).down(2);
  t.equal(watch(script, 300).disturbedUs.at(-1), 250);
});

t.test('time does not run backwards', async (t) => {
  const health = new Health(inventory, windows);
  health.advance(100);
  t.throws(() => health.observe(99, 0, { type: 'process-down' }), RangeError);
});
