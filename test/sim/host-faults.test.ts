/** What faults of hosts come to with the whole system in the simulator. */
import t from 'tap';
import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Inventory } from '../../experiment/inventory.js';
import { loadScenario, parseScenario } from '../../checker/scenario.js';
import { simulate } from '../soak/simulate.js';
import { inTime } from '../length.js';

void t.test('coordinator-assassin stays in its bound', async (t) => {
  const { record } = await simulate(loadScenario('scenarios/coordinator-assassin.yaml'));
  const { final, invariants, recovery, faults } = record.summary;
  t.ok(final.healthy);
  t.same(invariants.broken, []);
  t.ok(recovery.maxSettleShare! <= 1);
  t.equal(recovery.censored, 0);
  t.ok(faults.injected > 40);
});

/** Counts ballots under ids that their nodes did not have at first. */
class NewNames implements ObservationSink {
  elected = 0;
  private inventory: Inventory | null = null;

  of(inventory: Inventory): readonly ObservationSink[] {
    this.inventory = inventory;
    return [this];
  }

  observe(_timeUs: number, process: number, observation: Observation): void {
    if (observation.type !== 'coordinator-elected') return;
    if (observation.ballot.node !== this.inventory!.nodeId(process, 0)) this.elected += 1;
  }
}

void t.test('each zone fails in turn, and what is left manages what is left', async (t) => {
  const scenario = loadScenario('scenarios/rolling-zone-outages.yaml');
  const { record } = await simulate(scenario);
  const { final, invariants, recovery, faults } = record.summary;
  t.ok(final.healthy);
  t.same(invariants.broken, []);
  t.equal(faults.injected, scenario.faults.length);
  t.equal(recovery.censored, 0);
  t.ok(recovery.maxSettleShare! <= 1);
});

const amnesia = (overlay: string): string => `
name: amnesia
duration: 45m
warmUp: 2m
system:
  managers: 12
  zones: 3
  resources: [{ kind: service, count: 60, perHost: 2 }]
coordination:
  overlay: ${overlay}
  managers: { heartbeatPeriod: 5s, answerTimeout: 15s, timeout: 15s }
faults:
  - { at: 5m, crash: coordinator, loseState: true, repairAfter: 3m }
  - { at: 12m, restart: coordinator, loseState: true }
  - { at: 16m, crash: [coordinator, { successors: 3 }], loseState: true, repairAfter: 30s }
  - { every: 1m, from: 22m, until: 35m, restart: [{ managers: 3 }, { hosts: 3 }], loseState: true }
  - { at: 37m, crash: coordinator, repairAfter: 1m }
  - { at: 41m, crash: coordinator, repairAfter: 1m }
`;

for (const overlay of ['pastry', 'full-mesh']) {
  void t.test(`hosts that lose all they stored are taken in anew (${overlay})`, async (t) => {
    for (const seed of inTime([1], [1, 2, 3])) {
      const scenario = parseScenario(amnesia(overlay), 'amnesia.yaml', { seed });
      const eyes = new NewNames();
      const { record } = await simulate(scenario, { sinks: (inventory) => eyes.of(inventory) });
      const { final, invariants, recovery, faults } = record.summary;
      t.ok(final.healthy, `seed ${seed}`);
      t.equal(final.unmanaged, 0);
      t.same(invariants.broken, []);
      t.equal(faults.injected, 18);
      t.equal(recovery.censored, 0);
      t.ok(eyes.elected > 0, 'some were elected under a new id');
    }
  });
}

const loaded = (serviceTime: string): string => `
name: loaded
duration: 3m
warmUp: 1m
system:
  managers: 30
  service: { manager: ${serviceTime} }
  resources: [{ kind: service, count: 60 }]
coordination:
  managers: { heartbeatPeriod: 1s }
  resources: { heartbeatPeriod: 2s }
`;

void t.test('a coordinator within its capacity does its work, one above it shows', async (t) => {
  const within = parseScenario(loaded('10ms'), 'loaded.yaml');
  const calm = (await simulate(within)).record.summary;
  t.ok(calm.final.healthy);
  t.same(calm.invariants.broken, []);
  t.equal(calm.recovery.episodes, 0);
  const over = parseScenario(loaded('40ms'), 'loaded.yaml');
  const overloaded = (await simulate(over)).record.summary;
  t.equal(calm.detection.falsePositives, 0);
  t.ok(overloaded.detection.falsePositives > 100, 'live managers are taken for dead');
  t.ok(calm.availability.managedShare! > 0.999);
  t.ok(overloaded.availability.managedShare! < 0.9, `${overloaded.availability.managedShare}`);
  t.equal(overloaded.recovery.boundSeconds, null, 'nothing was promised');
  t.same(overloaded.invariants.broken, [], 'and no safety is broken');
});

void t.test('clocks that are wrong, jump and drift leave the plane within its bound', async (t) => {
  const text = `
name: clocks
duration: 40m
warmUp: 2m
system:
  managers: 12
  zones: 3
  clocks: { offset: 5m, drift: 0.5% }
  resources: [{ kind: service, count: 60, perHost: 2 }]
faults:
  - { at: 5m, crash: coordinator, repairAfter: 3m }
  - { at: 12m, clock: { of: coordinator, back: 20s }, repairAfter: 3m }
  - { at: 17m, clock: { of: coordinator, ahead: 50s }, repairAfter: 3m }
  - { at: 22m, clock: { of: [{ managers: 3 }, { hosts: 9 }], back: 1m }, repairAfter: 3m }
  - { at: 1330s, crash: { managers: 2 }, repairAfter: 1m }
  - { at: 28m, clock: { of: { managers: 3 }, fast: 20% }, repairAfter: 2m }
  - { at: 32m, clock: { of: [coordinator, { hosts: 3 }], slow: 40% }, repairAfter: 2m }
`;
  for (const seed of inTime([1], [1, 2, 3])) {
    const scenario = parseScenario(text, 'clocks.yaml', { seed });
    const { final, invariants, faults, recovery } = (await simulate(scenario)).record.summary;
    t.ok(final.healthy, `seed ${seed}`);
    t.same(invariants.broken, []);
    t.equal(faults.injected, 7);
    t.ok(recovery.maxSettleShare! > 0 && recovery.maxSettleShare! <= 1);
  }
});
