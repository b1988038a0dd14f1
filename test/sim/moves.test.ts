/** Managers that join, return and leave: nobody is left without a manager because of that. */
import t from 'tap';
import type { Observation, ObservationSink } from '../../core/observations.js';
import { createRecorder } from '../../analysis/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import { loadScenario, parseScenario } from '../../checker/scenario.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import { NONE } from '../../checker/truth/index.js';
import { runSimulation, type SimWorld } from '../../sim/index.js';
import { simulate } from '../soak/simulate.js';

const SECOND = 1e6;

/** What is looked at: all observations, the managed share after each, loads when asked for. */
class Watch {
  readonly seen: { readonly timeUs: number; readonly process: number; readonly what: Observation }[]
    = [];
  leastShare = 1;
  readonly spreads: number[] = [];
  readonly violated = new Set<string>();

  of(type: Observation['type']): Watch['seen'] {
    return this.seen.filter(({ what }) => what.type === type);
  }
}

/** Runs it; `askUs`: when to look at the spread of loads over live managers. */
async function watch(scenario: ResolvedScenario, askUs: readonly number[] = []) {
  const inventory = buildInventory(scenario);
  const recorder = createRecorder(scenario, inventory);
  const { health } = recorder;
  const found = new Watch();
  const sink: ObservationSink = {
    observe: (timeUs, process, what) => {
      found.seen.push({ timeUs, process, what });
      if (timeUs < scenario.warmUpUs) return;
      const { liveResources: live, heldResources: held } = health.plane;
      found.leastShare = Math.min(found.leastShare, live === 0 ? 1 : held / live);
    },
  };
  health.listen({
    healthChanged: ({ timeUs, violations }) => {
      if (timeUs < scenario.warmUpUs) return;
      for (const { condition } of violations) found.violated.add(condition);
    },
  });
  const { listings, processes } = health.truth;
  const loadOf = (manager: number): number => {
    let load = 0;
    let row = listings.firstOfManager(manager);
    for (; row !== NONE; row = listings.nextOfManager(row)) load += 1;
    return load;
  };
  const look = (): void => {
    const live = Array.from({ length: inventory.managers }, (_, manager) => manager)
      .filter((manager) => processes.isLive(manager)).map(loadOf);
    found.spreads.push(Math.max(...live) - Math.min(...live));
  };
  const result = await runSimulation(scenario, inventory, {
    sinks: [...recorder.sinks, sink],
    samplePeriodUs: recorder.samplePeriodUs,
    sample: (timeUs, counters) => recorder.sample(timeUs, counters),
    instants: recorder.instants,
    progress: () => true,
  }, { prepare: (world: SimWorld) => askUs.forEach((atUs) => world.callAt(atUs, look)) });
  return { found, record: recorder.finish(result), inventory };
}

function scenarioWith(faults: string, more = '', resources = 90): ResolvedScenario {
  return parseScenario(`
name: moves
duration: 10m
warmUp: 1m
system:
  managers: 10
  zones: 2
  resources: [{ kind: service, count: ${resources}, perHost: 3, labels: { group: web } }]
faults: [${faults}]
${more}
`, 'moves.yaml');
}

/** docs/protocol.md: to begin all moves, then one heartbeat of each, and two reports. */
const spreadUs = (share: number, perPeriod: number): number =>
  (Math.ceil(share / perPeriod) + 1) * 10 * SECOND + 10 * SECOND + 2 * 10 * SECOND;

for (const policy of ['least-loaded', 'round-robin']) {
  void t.test(`${policy}: managers that return get their share of the load`, async (t) => {
    const backUs = (180 + 60) * SECOND;
    const more = `coordination: { assignment: ${policy}, rebalance: { perPeriod: 4 } }`;
    const { found, record } = await watch(
      scenarioWith('{ at: 3m, crash: { managers: 2 }, repairAfter: 1m }', more),
      [backUs + SECOND, backUs + spreadUs(9, 4)],
    );
    t.ok(found.spreads[0] >= 9, 'those that return hold nothing');
    t.ok(found.spreads[1] <= 1, `then the loads differ by ${found.spreads[1]}`);
    t.equal(record.episodes.length, 1, 'the crash makes an episode, the moves make none');
    t.ok(record.episodes[0].end_s! < 240);
    t.ok(record.summary.moves.balance >= 18, `${record.summary.moves.balance} moved`);
    t.same(record.summary.invariants.broken, []);
    t.equal(found.of('mark').filter(({ what }) =>
      what.type === 'mark' && what.name === 'move given up').length, 0);
  });
}

void t.test('consistent hashing gives one that returns what is its own', async (t) => {
  const { found, record, inventory } = await watch(scenarioWith(
    '{ at: 3m, crash: manager-4, repairAfter: 1m }',
    'coordination: { assignment: consistent-hashing }',
  ));
  const moves = found.of('resource-moved').map(({ what }) => what)
    .filter((what) => what.type === 'resource-moved');
  t.ok(moves.length > 0);
  t.ok(moves.every(({ to }) => inventory.processName(to) === 'manager-4'));
  t.same(record.summary.invariants.broken, []);
});

void t.test('rebalancing can be turned off', async (t) => {
  const { found, record } = await watch(scenarioWith(
    '{ at: 3m, crash: { managers: 2 }, repairAfter: 1m }',
    'coordination: { rebalance: { perPeriod: 0 } }',
  ), [599 * SECOND]);
  t.equal(record.summary.moves.balance, 0);
  t.ok(found.spreads[0] >= 9);
});

void t.test('rolling-restart: every resource is managed at every instant', async (t) => {
  const { found, record } = await watch(loadScenario('scenarios/rolling-restart.yaml'));
  const { summary } = record;
  t.equal(found.leastShare, 1);
  t.notOk(found.violated.has('managed'));
  t.same(summary.invariants.broken, []);
  t.equal(summary.leaves.count, 10);
  t.ok(summary.leaves.seconds.max! < 12, 'gone after a heartbeat of each resource');
  t.ok(summary.moves.leave >= 270, `${summary.moves.leave} moved away`);
  t.ok(summary.moves.balance >= 200, `${summary.moves.balance} moved back`);
  t.equal(found.of('manager-suspected').length, 0, 'nobody is missed');
  t.equal(found.of('coordinator-suspected').length, 0);
  t.ok(summary.recovery.seconds.max! < 0.1, 'the role is handed over in an instant');
});

void t.test('a coordinator that leaves has a successor within two delays', async (t) => {
  const { found, record } = await watch(scenarioWith('{ at: 3m, leave: coordinator }'));
  const [left] = found.of('process-leaving');
  const elected = found.of('coordinator-elected').at(-1)!;
  t.equal(left.timeUs, 180 * SECOND);
  const tookUs = elected.timeUs - left.timeUs;
  t.ok(tookUs > 0 && tookUs <= 2 * 10_000, `${tookUs} us`);
  t.not(elected.process, left.process);
  const gone = found.of('process-down');
  t.equal(gone.length, 1);
  t.ok(gone[0].timeUs - left.timeUs < 12 * SECOND);
  t.equal(found.leastShare, 1);
  t.ok(record.episodes.length <= 1 && (record.episodes[0]?.duration_s ?? 0) < 0.1);
  t.same(record.summary.invariants.broken, []);
  t.equal(record.summary.detection.pending, 0, 'who leaves does not crash');
});

void t.test('the coordinator and its next two in line leave at once', async (t) => {
  const { found, record } = await watch(scenarioWith(
    '{ at: 3m, leave: [coordinator, { successors: 2 }], repairAfter: 1m }',
  ));
  t.equal(found.leastShare, 1);
  t.equal(record.summary.leaves.count, 3);
  t.ok(record.summary.leaves.seconds.max! < 35);
  t.ok(record.summary.final.healthy);
  t.equal(record.summary.final.managers, 10);
  t.same(record.summary.invariants.broken, []);
});

void t.test('who comes and goes again and again is filled once, not at each return', async (t) => {
  const found: Observation[] = [];
  const { record } = await simulate(parseScenario(`
name: comes-and-goes
duration: 22m
warmUp: 1m
system: { managers: 4, resources: [{ kind: service, count: 40 }] }
faults: [{ every: 2m, from: 2m, until: 20m, crash: manager-3, repairAfter: 40s }]
`, 'case.yaml'), {
    sinks: () => [{ observe: (_timeUs, _process, what) => void found.push(what) }],
  });
  const moved = found.filter((what) => what.type === 'resource-moved');
  t.ok(moved.length >= 10 && moved.length < 20, `${moved.length} moves`);
  t.same(record.summary.invariants.broken, []);
});

void t.test('messages of moves are as many for each of them', async (t) => {
  const counts = async (resources: number): Promise<number> => {
    const faults = '{ at: 3m, leave: manager-3, repairAfter: 30s }';
    const { record } = await watch(scenarioWith(faults, '', resources));
    const { balance, leave } = record.summary.moves;
    const sent = (['resource-assign', 'resource-assigned', 'resource-accepted'] as const)
      .reduce((sum, type) => sum + (record.summary.messages.byType[type]?.sent ?? 0), 0);
    return sent / (balance + leave);
  };
  // Of the holder to the next, of that to the agent, and of the agent to both.
  t.equal(await counts(90), 4);
  t.equal(await counts(720), 4);
});

void t.test('what is down when its manager leaves goes along, and is restarted', async (t) => {
  const { found, record } = await watch(scenarioWith(
    '{ at: 175s, crash: { hosts: 2 }, repairAfter: 2m }, { at: 3m, leave: { managers: 3 } }, ' +
    '{ at: 175s, crash: { resources: 10 } }',
    `rules:
  - file: restart.yaml
    text: |
      rules:
        - name: again
          scope: local
          when: entity.state == "down" && entity.hostUp
          do: restart`,
  ));
  t.equal(record.summary.leaves.count, 3);
  t.ok(record.summary.leaves.seconds.max! < 60, `${record.summary.leaves.seconds.max} s`);
  t.equal(record.summary.repair.unrepaired, 0);
  t.ok(record.summary.final.healthy);
  t.equal(record.summary.final.resources, 90);
  t.same(record.summary.invariants.broken, []);
  t.notOk(found.violated.has('coordinator'));
});
