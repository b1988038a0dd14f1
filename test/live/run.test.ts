import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { dropCauses } from '../../experiment/world.js';
import { LiveUnavailableError, runLive } from '../../live/index.js';
import { childrenOf, hasProc, hooks, judge, smoke } from './fixture.js';

// One after the other: they share the machine with real deadlines.
t.jobs = 1;

t.test('the coordinator is killed, a process is stopped, and all is well again', async (t) => {
  const system = smoke(
    'duration=12s',
    'warmUp=1s',
    'faults=[{at: 3s, crash: coordinator, repairAfter: 1s},' +
      ' {at: 6500ms, pause: {managers: 1}, repairAfter: 1s},' +
      ' {at: 7s, crash: {resources: 2}}]',
  );
  const { health, invariants, seen, sinks } = judge(system);
  const samples: number[] = [];
  const result = await runLive(system.scenario, system.inventory, hooks({
    sinks,
    samplePeriodUs: 2_000_000,
    sample: (timeUs) => void samples.push(timeUs),
  }));
  health.finish(result.endUs);
  for (const { name, broken } of invariants) t.equal(broken, null, name);
  t.ok(health.healthy(), JSON.stringify(health.violations()));
  t.equal(health.plane.coordinators, 1);
  t.equal(health.plane.heldResources, 24);

  t.equal(result.endUs, 12_000_000);
  t.equal(result.interrupted, false);
  t.equal(result.digest, null);
  t.same(samples, [2, 4, 6, 8, 10, 12].map((s) => s * 1_000_000));
  const count = (type: string): number => seen.filter((one) => one === type).length;
  t.equal(count('fault-began'), 3);
  t.equal(count('process-up'), 14 + count('process-down'));
  t.equal(count('process-down'), 1, 'nobody but the coordinator');
  t.same([count('process-paused'), count('process-resumed')], [1, 1]);
  t.ok(count('coordinator-elected') >= 2);

  const { counters } = result;
  t.equal(result.inFlight, 0, 'all that was sent is accounted for');
  for (let type = 0; type < counters.sent.length; type += 1) {
    const gone = dropCauses.reduce((sum, cause) => sum + counters.dropped[cause][type], 0);
    t.equal(counters.sent[type], counters.delivered[type] + gone);
  }
  t.ok(counters.delivered[0] > 24 * 5 * 8, `${counters.delivered[0]} heartbeats`);
  if (hasProc) t.same(childrenOf(process.pid), [], 'nobody is left');
});

t.test('stopped from outside, it ends at once and leaves nobody', async (t) => {
  const { scenario, inventory } = smoke(
    'live.processes=2', 'faults=[{at: 200ms, pause: manager-1}]',
  );
  const result = await runLive(scenario, inventory, hooks({
    progress: (timeUs) => timeUs < 1_000_000,
  }));
  t.equal(result.interrupted, true);
  t.ok(result.endUs >= 1_000_000 && result.endUs < 20_000_000, `ended at ${result.endUs}`);
  if (hasProc) t.same(childrenOf(process.pid), []);
});

t.test('a defect of a caller ends the run', { skip: !hasProc }, async (t) => {
  const { scenario, inventory } = smoke('live.processes=2', 'faults=[]');
  const sample = (): void => {
    throw new TypeError('of the caller');
  };
  await t.rejects(runLive(scenario, inventory, hooks({ samplePeriodUs: 1e5, sample })), TypeError);
  await delay(10);
  t.same(childrenOf(process.pid), []);
});

t.test('what the live world lacks is refused by name', async (t) => {
  const refused = async (set: string, field: string, message: RegExp): Promise<void> => {
    const { scenario, inventory } = smoke(set);
    const error = await runLive(scenario, inventory, hooks()).catch((reason: unknown) => reason);
    t.ok(error instanceof LiveUnavailableError, field);
    t.match(error, { field, message });
  };
  const crash = '{at: 1s, crash: coordinator}';
  await refused(`faults=[{at: 1s, crash: coordinator, loseState: true}]`, 'faults[0]', /loseState/);
  await refused(
    `faults=[${crash}, {at: 1s, clock: {of: coordinator, ahead: 5s}}]`, 'faults[1]', /clock/,
  );
  await refused('system.clocks.drift=0.01%', 'system.clocks', /wrong clocks/);
  await refused('system.service.manager=1ms', 'system.service', /a service time/);
  const parted = `faults=[${crash}, {at: 2s, partition: [[north], [south]], repairAfter: 1s}]`;
  const two = smoke('system.zones=[north, south]', parted);
  await t.rejects(runLive(two.scenario, two.inventory, hooks()), {
    field: 'faults[1]',
    message: 'faults[1]: partition is not available in the live world '
      + '(available: crash, restart, rolling, pause, leave, commission, decommission, heal)',
  });
  await refused(`faults=[{at: 2s, loss: 10%}]`, 'faults[0]', /loss is not available/);
  await refused('network.loss=0.01', 'network.loss', /loss is not available/);
  const spikes = '{ good: 1s, bad: 1s, delay: 1s }';
  await refused(`faults=[{at: 2s, delaySpikes: ${spikes}}]`, 'faults[0]', /delaySpikes is not/);
  await refused(`faults=[{at: 2s, partition: halves}]`, 'faults[0]', /partition is not/);
  await refused('network.corruption=1%', 'network.corruption', /corruption is not available/);
  await refused('network.bandwidth={rate: 1Mbit/s}', 'network.bandwidth', /bandwidth is not/);
  const file = join(t.testdir({ 'm.tsv': '0\t10\n10\t0\n' }), 'm.tsv');
  const matrix = `network.latency={ matrix: { file: ${JSON.stringify(file)} } }`;
  await refused(matrix, 'network.latency', /a matrix of delays is not available/);
});
