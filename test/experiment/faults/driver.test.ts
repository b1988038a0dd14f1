import t from 'tap';
import type { Environment, Process } from '../../../core/process.js';
import { faultSchedule } from '../../../experiment/faults/index.js';
import { buildInventory } from '../../../experiment/inventory.js';
import type { FaultSettings, FaultTarget } from '../../../experiment/scenario/resolved.js';
import { runSimulation } from '../../../sim/index.js';
import {
  constant,
  quietHooks,
  Recorder,
  scenarioOf,
  SECOND,
  type ScenarioChoices,
} from '../../sim/world/fixture.js';

const at = (second: number) => ({ kind: 'at', atUs: second * SECOND }) as const;
const named = (...names: string[]): FaultTarget[] =>
  names.map((name) => ({ kind: 'named', name }) as const);
const repair = (seconds: number | null) => (seconds === null ? null : constant(seconds));

const crash = (second: number, after: number | null, ...targets: FaultTarget[]): FaultSettings => ({
  action: { kind: 'crash', targets },
  when: at(second),
  repair: repair(after),
});
const pause = (second: number, after: number | null, ...targets: FaultTarget[]): FaultSettings => ({
  action: { kind: 'pause', targets },
  when: at(second),
  repair: repair(after),
});
const heal = (second: number): FaultSettings => {
  return { action: { kind: 'heal' }, when: at(second), repair: null };
};

/** Managers 0 and up take ballots in the order of `elect`, at 5 s; agents do nothing. */
function processes(elect: readonly number[]) {
  const make = (environment: Environment): Process => ({
    start: () => {
      const { address } = environment;
      const counter = elect.indexOf(address) + 1;
      if (counter === 0) return;
      const ballot = { counter, node: '', incarnation: 1, address };
      environment.observe({ type: 'coordinator-elected', ballot });
    },
    receive: () => {},
    onTimer: () => {},
  });
  const agent = (environment: Environment) => ({ ...make(environment), onActuated: () => {} });
  return { manager: make, agent };
}

interface Outcome {
  /** What happened from 2 s on, as `second what whom`. */
  readonly story: readonly string[];
  readonly skipped: number;
  readonly targets: readonly string[];
}

async function tell(choices: ScenarioChoices, elect: readonly number[] = []): Promise<Outcome> {
  const scenario = scenarioOf(choices);
  const inventory = buildInventory(scenario);
  const recorder = new Recorder();
  const variation = { processes: processes(elect) };
  const result = await runSimulation(scenario, inventory, quietHooks([recorder]), variation);
  const story: string[] = [];
  const targets: string[] = [];
  for (const { timeUs, process, observation } of recorder.seen) {
    if (timeUs < 2 * SECOND) continue;
    const what = ((): string => {
      switch (observation.type) {
        case 'fault-began':
          targets.push(observation.target);
          return `${observation.kind} #${observation.fault}`;
        case 'fault-ended':
          return `end #${observation.fault}`;
        case 'resource-state':
          return `resource ${observation.resource} ${observation.state}`;
        case 'reachability':
          return `groups ${observation.groups.join('')}`;
        case 'links-changed':
          return `loss ${observation.loss}`;
        default:
          return `${observation.type.replace('process-', '')} ${process}`;
      }
    })();
    story.push(`${timeUs / SECOND} ${what}`);
  }
  return { story, skipped: result.faultsSkipped ?? 0, targets };
}

t.test('a crash ends with its repair, and takes the resources of the host along', async (t) => {
  const faults = [crash(10, 5, ...named('manager-2', 'host-1'))];
  const { story, targets } = await tell({ faults });
  t.strictSame(targets, ['manager-2, host-1']);
  t.strictSame(story, [
    '10 crash #0', '10 down 1', '10 down 2', '10 resource 0 down',
    '15 end #0', '15 up 1', '15 up 2', '15 resource 0 starting', '16 resource 0 up',
  ]);
});

t.test('a crashed resource with a repair is held; one without ends when it is up', async (t) => {
  const { story } = await tell({ faults: [crash(10, 5, ...named('service-1', 'service-2'))] });
  t.strictSame(story, [
    '10 crash #0', '10 resource 0 down', '10 resource 1 down', '15 end #0',
    '15 resource 0 starting', '15 resource 1 starting',
    '16 resource 0 up', '16 resource 1 up',
  ]);
  const faults = [crash(10, null, ...named('service-1')), crash(20, 1, ...named('host-1'))];
  const { story: second } = await tell({ faults });
  t.strictSame(second, [
    '10 crash #0', '10 resource 0 down', '20 crash #1', '20 down 2', '21 end #1', '21 up 2',
    '21 resource 0 starting', '22 resource 0 up', '22 end #0',
  ]);
});

t.test('who is down already is spared, and the strike is counted', async (t) => {
  const host = named('host-1');
  const { story, skipped } = await tell({
    faults: [crash(10, 10, ...host), crash(15, 1, ...host), pause(16, 1, ...host)],
  });
  t.equal(skipped, 2);
  t.strictSame(
    story.filter((line) => line.includes('#')),
    ['10 crash #0', '20 end #0'],
  );
});

t.test('of overlapping faults none ends the other', async (t) => {
  const host = named('manager-1');
  const { story } = await tell({
    faults: [
      pause(10, 20, ...host), // crashed at 12, back at 14
      crash(12, 2, ...host),
      pause(16, 20, ...host), // goes on when the first would end
    ],
  });
  t.strictSame(story, [
    '10 pause #0', '10 paused 0', '12 crash #1', '12 down 0', '14 end #1', '14 up 0',
    '16 pause #2', '16 paused 0', '30 end #0', '36 end #2', '36 resumed 0',
  ]);
});

t.test('the coordinator is the living one of the greatest ballot', async (t) => {
  const both: FaultSettings[] = [10, 20, 30].map((second) =>
    crash(second, null, { kind: 'coordinator' }),
  );
  const { targets, skipped } = await tell({ managers: 4, faults: both }, [2, 1]);
  t.strictSame(targets, ['manager-2', 'manager-3']);
  t.equal(skipped, 1);
});

t.test('successors and drawn managers are never the coordinator', async (t) => {
  const faults: FaultSettings[] = [
    crash(10, 1, { kind: 'successors', count: 9 }),
    crash(20, 1, { kind: 'managers', count: 9 }),
    crash(30, 1, { kind: 'coordinator' }, { kind: 'successors', count: 2 }),
    crash(40, 1, { kind: 'hosts', count: 2 }, { kind: 'resources', count: 9 }),
  ];
  const { targets } = await tell({ managers: 5, resources: 4, faults }, [3]);
  const sorted = targets.map((target) => target.split(', ').sort().join(' '));
  t.strictSame(sorted.slice(0, 2), Array.from({ length: 2 }, () => sorted[0]));
  t.equal(sorted[0], 'manager-1 manager-2 manager-3 manager-5');
  t.match(targets[2], /^manager-4, manager-\d, manager-\d$/);
  t.ok(targets[0].startsWith(targets[2].slice('manager-4, '.length)), 'closest first');
  t.equal(targets[3].split(', ').length, 6);
});

t.test('partitions and losses that overlap add up, and heal ends all there is', async (t) => {
  const partition = (second: number, after: number, ...groups: number[][]): FaultSettings => {
    return { action: { kind: 'partition', groups }, when: at(second), repair: constant(after) };
  };
  const loss = (second: number, after: number, share: number): FaultSettings => {
    return { action: { kind: 'loss', share }, when: at(second), repair: constant(after) };
  };
  const { story, targets } = await tell({
    zones: 3,
    network: { loss: 0.1 },
    faults: [
      partition(10, 10, [0], [1, 2]),
      partition(15, 10, [2]),
      loss(30, 10, 0.5),
      loss(32, 5, 0.2),
      partition(50, 100, [0], [1], [2]),
      crash(51, null, ...named('service-1', 'manager-1')),
      heal(55),
    ],
  });
  t.strictSame(targets.slice(0, 3), ['zone-1 | zone-2, zone-3', 'zone-3', '50%']);
  t.strictSame(
    story.filter((line) => !line.includes('#')),
    [
      '10 groups 011', '15 groups 012', '20 groups 001', '25 groups 000',
      '30 loss 0.5', '32 loss 0.2', '37 loss 0.5', '40 loss 0.1', '50 groups 012',
      '51 down 0', '51 resource 0 down', '55 groups 000', '55 up 0',
      '55 resource 0 starting', '55 loss 0', '56 resource 0 up',
    ],
  );
});

t.test('periodic faults come from their first instant until, not including, their last', (t) => {
  const when = { kind: 'every', everyUs: 10e6, fromUs: 5e6, untilUs: 35e6 } as const;
  const action = { kind: 'crash', targets: [{ kind: 'resources', count: 1 }] } as const;
  const scenario = scenarioOf({ faults: [{ action, when, repair: constant(1) }] });
  const times = faultSchedule(scenario, buildInventory(scenario)).map(({ timeUs }) => timeUs / 1e6);
  t.strictSame(times, [5, 15, 25]);
  t.end();
});

const renewal = (kind: 'resources' | 'managers' | 'hosts', mean: number): FaultSettings => ({
  action: { kind: 'crash', targets: [{ kind, count: 1 }] },
  when: { kind: 'random', lifetime: { kind: 'exponential', mean }, fromUs: 0, untilUs: 4000e6 },
  repair: { kind: 'exponential', mean: 5 },
});

t.test('another entry, another duration or heal do not shift the draws of an entry', (t) => {
  const long = { durationUs: 5000e6, resources: 20 };
  const schedule = (...faults: FaultSettings[]) => {
    const scenario = scenarioOf({ ...long, faults });
    return faultSchedule(scenario, buildInventory(scenario));
  };
  const alone = schedule(renewal('resources', 100));
  t.ok(alone.length > 600 && alone.every(({ timeUs }) => timeUs < 4000e6));
  const both = schedule(renewal('resources', 100), renewal('managers', 200));
  t.ok(both.length > alone.length);
  t.strictSame(
    both.filter(({ target }) => target.startsWith('service')),
    alone,
  );
  const healed = schedule(renewal('resources', 100), heal(1000));
  const before = alone.filter(({ timeUs }) => timeUs < 1000e6);
  t.strictSame(healed.map(({ timeUs }) => timeUs), before.map(({ timeUs }) => timeUs));
  t.ok(healed.every(({ clearedUs }) => clearedUs! <= 1000e6));
  t.end();
});

t.test('in a run as in a schedule: the same random faults', async (t) => {
  const choices = { durationUs: 5000e6, resources: 20, faults: [renewal('hosts', 100)] };
  const scenario = scenarioOf(choices);
  const expected = faultSchedule(scenario, buildInventory(scenario));
  const { targets, story } = await tell(choices);
  const times = story.filter((line) => line.includes('crash')).map((line) => parseFloat(line));
  t.strictSame(targets, expected.map(({ target }) => target));
  t.strictSame(times, expected.map(({ timeUs }) => timeUs / 1e6));
});

t.test('a name that nobody has is an error', (t) => {
  const scenario = scenarioOf({ faults: [crash(1, 1, ...named('nobody'))] });
  t.throws(() => faultSchedule(scenario, buildInventory(scenario)), /nothing is named nobody/);
  t.end();
});
