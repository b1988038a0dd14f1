import fc from 'fast-check';
import t from 'tap';
import type { ResourceState } from '../../../core/metamodel/entity.js';
import { config } from '../coordination/fixtures.js';
import { holds } from '../overlay/holds.js';
import { msUs } from '../overlay/memory-world.js';
import { ModelNet } from './net.js';

const periodUs = config.managers.heartbeatPeriodUs;
const state = fc.constantFrom<ResourceState[]>('up', 'starting', 'stopped', 'down');

const sense = fc.record({ do: fc.constant('sense' as const), resource: fc.nat(9), state });
const restart = fc.record({ do: fc.constant('restart' as const), node: fc.nat(3) });
const absence = fc.record({
  do: fc.constant('absence' as const),
  node: fc.integer({ min: 1, max: 3 }),
});
const steps = fc.array(
  fc.tuple(
    fc.oneof({ weight: 6, arbitrary: sense }, { weight: 1, arbitrary: restart },
      { weight: 1, arbitrary: absence }),
    fc.nat(1500),
  ),
  { maxLength: 25 },
);

/** Registers everything and waits until the parts hold it. */
function settled(seed: number): ModelNet {
  const net = new ModelNet(seed, 3, 10);
  net.world.runFor(periodUs);
  net.registerUnlisted();
  net.world.runFor(2 * periodUs);
  return net;
}

t.test('after quiet and an exchange the model is what the parts say', async (t) => {
  holds(t, fc.property(fc.nat(), steps, fc.boolean(), (seed, steps, harsh) => {
    const net = settled(seed);
    const incarnations = net.resources.map(() => 0);
    net.world.loss = harsh ? 0.4 : 0.1;
    net.world.repetition = 0.3;
    net.world.delayUs = [1, harsh ? 2 * periodUs : 40 * msUs];
    for (const [step, pauseMs] of steps) {
      if (step.do === 'restart') net.world.restart(step.node);
      else if (step.do === 'absence') {
        net.world.reaches = (from, to) => from !== step.node && to !== step.node;
      } else {
        net.sense(step.resource, step.state, (incarnations[step.resource] += 1));
      }
      net.world.runFor(pauseMs * msUs);
      if (pauseMs > 1200) net.world.reaches = () => true;
    }
    net.world.loss = net.world.repetition = 0;
    net.world.reaches = () => true;
    net.world.runFor(2 * periodUs + config.rebuildUs);
    net.registerUnlisted();
    net.world.delayUs = [1, 5 * msUs];
    // What a former holder reported may be ahead of a new one, until that one hears it itself.
    const hearAll = (more: number): void => {
      incarnations.forEach((incarnation, resource) => {
        net.sense(resource, 'up', incarnation + more);
      });
    };
    net.world.runFor(4 * periodUs);
    hearAll(1);
    net.world.runFor(4 * periodUs);
    hearAll(2);
    net.world.runFor(periodUs + 10 * msUs);
    return net.listed().length === 10 && net.listed().join('\n') === net.modelled().join('\n');
  }), 60);
});

t.test('once all agree nothing is assigned or released any more', async (t) => {
  holds(t, fc.property(fc.nat(), steps, (seed, steps) => {
    const net = settled(seed);
    net.world.loss = 0.2;
    for (const [step, pauseMs] of steps) {
      if (step.do === 'restart') net.world.restart(step.node);
      if (step.do === 'absence') {
        net.world.reaches = (from, to) => from !== step.node && to !== step.node;
      }
      net.world.runFor(pauseMs * msUs);
      if (pauseMs > 1200) net.world.reaches = () => true;
    }
    net.world.loss = 0;
    net.world.reaches = () => true;
    net.world.runFor(2 * periodUs + config.rebuildUs);
    net.registerUnlisted();
    net.world.runFor(4 * periodUs);
    const before = net.world.sent.length;
    net.world.runFor(4 * periodUs);
    const types = new Set(net.world.sent.slice(before).map(({ message }) => message.type));
    return [...types].sort().join() === 'manager-heartbeat,manager-heartbeat-answer';
  }), 60);
});

t.test('once all is quiet a change is in the model after one exchange', async (t) => {
  const net = settled(1);
  for (let round = 1; round < 20; round += 1) {
    net.sense(round % 10, round % 2 === 0 ? 'up' : 'down', round);
    net.world.runFor(periodUs + 10 * msUs);
    t.same(net.modelled(), net.listed());
  }
});

t.test('a delta that comes before its predecessor waits for it', async (t) => {
  const net = settled(2);
  const lost = net.world.messages('manager-heartbeat').length;
  // Ten changes make several messages; the first of them, the heartbeat, is lost.
  net.world.loses = ({ message }) => message.type === 'manager-heartbeat';
  for (const resource of net.resources) net.sense(resource, 'down', 1);
  net.world.runFor(periodUs);
  net.world.loses = () => false;
  t.ok(net.world.messages('manager-heartbeat').length > lost);
  net.world.runFor(periodUs + 10 * msUs);
  t.same(net.modelled(), net.listed());
});

t.test('a new life of a manager holds what it lists again, and no more', async (t) => {
  const net = settled(3);
  net.world.restart(2);
  t.equal(net.part(2).size, 0);
  net.world.runFor(3 * periodUs);
  t.equal(net.listed().length, 10, 'the coordinator gave away again what the former life held');
  t.same(net.modelled(), net.listed());
});

t.test('a new coordinator knows all once every manager has reported', async (t) => {
  const net = settled(4);
  net.world.restart(0);
  net.world.runFor(3 * periodUs);
  t.same(net.modelled(), net.listed());
  const rebuilt = net.world.observed('model-rebuilt');
  t.equal(rebuilt.length, 2);
  t.equal(rebuilt[1].managers, 3);
});
