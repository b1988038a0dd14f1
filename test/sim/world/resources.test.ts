import t from 'tap';
import type { Verb } from '../../../core/process.js';
import { constant, probeWorld, SECOND, type ProbeWorld } from './fixture.js';

/** Manager 0, agents 1 to 4 with a resource each; start-up 1 s, actions 2 s. */
const small = { managers: 1, zones: 1, resources: 4 };

/** State changes of one resource, as `time:state/incarnation`, from 3 s on. */
function changes({ recorder }: ProbeWorld, resource: number): string[] {
  return recorder
    .of('resource-state')
    .filter(({ timeUs }) => timeUs >= 3 * SECOND)
    .flatMap(({ timeUs, observation }) => {
      const { resource: id, state, incarnation } = observation as never as {
        resource: number;
        state: string;
        incarnation: number;
      };
      return id === resource ? [`${timeUs / SECOND}:${state}/${incarnation}`] : [];
    });
}

function actuate({ probes }: ProbeWorld, agent: number, verb: Verb, actuation: number): void {
  probes[agent].resources!.devices.actuate(agent - 1, verb, actuation);
}

function outcomes({ diaries }: ProbeWorld, agent: number): unknown[] {
  return diaries[agent]
    .filter(({ what }) => what === 'actuated')
    .map(({ atUs, value, succeeded }) => [atUs / SECOND, value, succeeded]);
}

t.test('resources start with their hosts, spares stay stopped', async (t) => {
  const probed = probeWorld({ ...small, spares: 1 });
  const { probes, run, recorder } = probed;
  run(3 * SECOND);
  const resources = probes.slice(1).map((probe) => probe.resources!);
  t.strictSame(resources.map(({ ids }) => ids), [[0], [1], [2], [3]]);
  t.strictSame(
    resources.map(({ ids: [one], devices }) =>
      [devices.state(one), devices.incarnation(one)]),
    [['up', 1], ['up', 1], ['up', 1], ['stopped', 0]],
  );
  t.equal(probes[1].resources!.devices.metrics(0), null);
  t.equal(recorder.of('resource-state').length, 3 * 2 + 1);
});

t.test('a crashed resource is down until an action starts it', async (t) => {
  const probed = probeWorld(small);
  const { world, run } = probed;
  run(3 * SECOND);
  world.crashResource(0);
  t.notOk(world.isResourceUp(0));
  run(4 * SECOND);
  actuate(probed, 1, 'restart', 77);
  run(10 * SECOND);
  t.strictSame(changes(probed, 0), ['3:down/1', '4:starting/2', '7:up/2']);
  t.strictSame(outcomes(probed, 1), [[6, 77, true]]);
});

t.test('a failed start leaves the resource down, and counts as an incarnation', async (t) => {
  const restart = { duration: constant(2), failure: 1 };
  const action = { duration: constant(2), failure: 0 };
  const kind = { actions: { restart, start: action, stop: action } };
  const probed = probeWorld({ ...small, kind });
  probed.run(3 * SECOND);
  actuate(probed, 1, 'restart', 1);
  probed.run(6 * SECOND);
  actuate(probed, 1, 'start', 2);
  probed.run(20 * SECOND);
  t.strictSame(changes(probed, 0), ['3:starting/2', '5:down/2', '6:starting/3', '9:up/3']);
  t.strictSame(outcomes(probed, 1), [[5, 1, false], [8, 2, true]]);
});

t.test('a stopped resource stays stopped over a crash of its host', async (t) => {
  const probed = probeWorld(small);
  const { world, run } = probed;
  run(3 * SECOND);
  actuate(probed, 1, 'stop', 1);
  run(6 * SECOND);
  world.crashHost(1);
  world.restartHost(1);
  run(8 * SECOND);
  actuate(probed, 1, 'start', 2);
  run(20 * SECOND);
  t.strictSame(changes(probed, 0), [
    '3:stopping/1', '5:stopped/1', '6:stopped/1', '8:starting/2', '11:up/2',
  ]);
});

t.test('a second action on a busy resource fails at once', async (t) => {
  const probed = probeWorld(small);
  probed.run(3 * SECOND);
  actuate(probed, 1, 'restart', 1);
  actuate(probed, 1, 'stop', 2);
  probed.run(20 * SECOND);
  t.strictSame(outcomes(probed, 1), [[3, 2, false], [5, 1, true]]);
  t.strictSame(changes(probed, 0), ['3:starting/2', '6:up/2']);
});

t.test('a host takes its resources down, and starts those meant to run', async (t) => {
  const probed = probeWorld({ managers: 1, resources: 2, perHost: 2, spares: 1 });
  const { world, run } = probed;
  run(3 * SECOND);
  actuate(probed, 1, 'restart', 1);
  run(4 * SECOND);
  world.crashHost(1);
  run(5 * SECOND);
  t.notOk(world.isResourceUp(0));
  world.restartHost(1);
  run(20 * SECOND);
  t.strictSame(changes(probed, 0), ['3:starting/2', '4:down/2', '5:starting/3', '6:up/3']);
  t.strictSame(changes(probed, 1), ['5:stopped/0']);
  t.strictSame(outcomes(probed, 1), [], 'nobody hears how it ended');
});

t.test('while a fault holds a resource, no start of it succeeds', async (t) => {
  const probed = probeWorld(small);
  const { world, run } = probed;
  run(3 * SECOND);
  world.holdResource(0, true);
  world.crashResource(0);
  actuate(probed, 1, 'restart', 1);
  run(6 * SECOND);
  world.crashHost(1);
  world.restartHost(1);
  run(10 * SECOND);
  world.holdResource(0, false);
  world.repairResource(0);
  run(20 * SECOND);
  t.strictSame(changes(probed, 0), [
    '3:down/1', '3:starting/2', '5:down/2', '6:starting/3', '7:down/3',
    '10:starting/4', '11:up/4',
  ]);
  t.strictSame(outcomes(probed, 1), [[5, 1, false]]);
});

t.test("a fault's own repair overtakes an action that is trying", async (t) => {
  const probed = probeWorld(small);
  const { world, run } = probed;
  run(3 * SECOND);
  world.crashResource(0);
  actuate(probed, 1, 'restart', 1);
  run(3.5 * SECOND);
  world.repairResource(0);
  world.repairResource(0);
  run(20 * SECOND);
  t.strictSame(changes(probed, 0), ['3:down/1', '3:starting/2', '3.5:starting/3', '4.5:up/3']);
  t.strictSame(outcomes(probed, 1), [[5, 1, false]]);
  world.crashHost(1);
  world.repairResource(0);
  t.notOk(world.isResourceUp(0), 'not on a host that is down');
});

t.test('a crash during an action makes it fail', async (t) => {
  const probed = probeWorld(small);
  const { world, run } = probed;
  run(3 * SECOND);
  actuate(probed, 1, 'restart', 1);
  run(4 * SECOND);
  world.crashResource(0);
  run(20 * SECOND);
  t.strictSame(changes(probed, 0), ['3:starting/2', '4:down/2']);
  t.strictSame(outcomes(probed, 1), [[5, 1, false]]);
});

t.test('an agent hears on resuming how an action ended while it was paused', async (t) => {
  const probed = probeWorld(small);
  const { world, run } = probed;
  run(3 * SECOND);
  actuate(probed, 1, 'restart', 1);
  world.pauseProcess(1);
  run(8 * SECOND);
  world.resumeProcess(1);
  t.strictSame(outcomes(probed, 1), [[8, 1, true]]);
});

t.test('metrics revert to their mean and vary as configured', async (t) => {
  const metric = { name: 'load', mean: 5, deviation: 2, reversion: 10, resolution: 0 };
  const metrics = [{ ...metric, minimum: -100, maximum: 100 }];
  const probed = probeWorld({ ...small, kind: { metrics } });
  probed.run(3 * SECOND);
  const { devices } = probed.probes[1].resources!;
  const values: number[] = [];
  for (let second = 4; second < 40_004; second += 1) {
    probed.run(second * SECOND);
    values.push(devices.metrics(0)![0]);
  }
  t.strictSame(devices.metrics(0), devices.metrics(0), 'one instant, one value');
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const correlation = (lag: number): number => {
    let sum = 0;
    for (let index = lag; index < values.length; index += 1) {
      sum += (values[index] - mean) * (values[index - lag] - mean);
    }
    return sum / (values.length - lag);
  };
  // Standard error of the mean: 2 * sqrt(2 * 10 / 40000) = 0.045.
  t.ok(Math.abs(mean - 5) < 0.18, `mean ${mean}`);
  t.ok(Math.abs(correlation(0) - 4) < 0.5, `variance ${correlation(0)}`);
  t.ok(Math.abs(correlation(10) / correlation(0) - 1 / Math.E) < 0.06);
});

t.test('metrics stay within their limits', async (t) => {
  const metric = { name: 'load', mean: 0, deviation: 5, reversion: 1, resolution: 0 };
  const metrics = [{ ...metric, minimum: -1, maximum: 1 }];
  const probed = probeWorld({ ...small, kind: { metrics } });
  const values = new Set<number>();
  for (let second = 3; second < 200; second += 1) {
    probed.run(second * SECOND);
    values.add(probed.probes[2].resources!.devices.metrics(1)![0]);
  }
  t.ok([...values].every((value) => value >= -1 && value <= 1));
  t.ok(values.has(-1) && values.has(1));
});
