/** A manager that is told to pass resources on, and one that leaves. */
import t from 'tap';
import type { Token } from '../../../core/identity.js';
import { agent, ballot, coordinator, manager, ManagerBench } from './manager-bench.js';
import { ballotOf, config, tokenOf } from './fixtures.js';

const old = tokenOf(5, 1);
const next = tokenOf(5, 2);
const { heartbeatPeriodUs } = config.managers;

function benchWith(): ManagerBench {
  const bench = new ManagerBench();
  bench.assign(7, old);
  bench.world.runFor(10);
  return bench;
}

function order(bench: ManagerBench, token: Token = next, under = ballot): void {
  const entries = [{ resource: 7, token, to: 2 }];
  bench.say(coordinator, { type: 'resource-hand-over', ballot: under, entries });
}

const passedOn = (bench: ManagerBench): string[] =>
  bench.world.messages('resource-assign').flatMap(({ to, message }) =>
    message.entries.map(({ resource, token }) => `${resource}@${token.sequence}>${to}`));

t.test('passes a resource on when it shows that it lives, and serves it meanwhile', async (t) => {
  const bench = benchWith();
  order(bench);
  bench.world.runFor(10);
  t.same(passedOn(bench), [], 'not before');
  bench.beat(7, old);
  t.same(passedOn(bench), ['7@2>2']);
  t.ok(bench.lists(7));
  t.equal(bench.world.messages('resource-heartbeat-answer').length, 1);
  bench.beat(7, old, { sequence: 2 });
  t.same(passedOn(bench), ['7@2>2', '7@2>2'], 'again, as long as it comes here');
  bench.point('resource-accepted', { offered: old, token: next, manager: 2 });
  t.notOk(bench.lists(7), 'until its agent says that it obeys the other');
});

t.test('orders of a deposed coordinator and older tokens are not carried out', async (t) => {
  const bench = benchWith();
  order(bench, tokenOf(4, 9), ballotOf(4, coordinator));
  order(bench, old);
  bench.beat(7, old);
  t.same(passedOn(bench), []);
});

t.test('a new assignment here ends the errand', async (t) => {
  const bench = benchWith();
  order(bench);
  bench.assign(7, tokenOf(5, 3));
  bench.beat(7, tokenOf(5, 3));
  t.same(passedOn(bench), []);
});

t.test('asks an agent that neither comes nor says that it went', async (t) => {
  const bench = benchWith();
  order(bench);
  bench.beat(7, old);
  bench.world.runFor(heartbeatPeriodUs + 2 * config.resources.checkPeriodUs);
  const probes = bench.world.messages('agent-probe').filter(({ to }) => to === agent);
  t.equal(probes.length, 1);
  bench.point('agent-probe-answer', { offered: old, token: old, manager });
  t.same(passedOn(bench), ['7@2>2', '7@2>2'], 'it stayed: the other is told again');
  bench.point('agent-probe-answer', { offered: old, token: next, manager: 2 });
  t.notOk(bench.lists(7));
});

t.test('an order to let go waits for an agent that is just going over', async (t) => {
  const bench = benchWith();
  order(bench);
  bench.beat(7, old);
  const entries = [{ resource: 7, token: next }];
  const release = { type: 'resource-release', ballot, entries } as const;
  bench.say(coordinator, release);
  t.ok(bench.lists(7));
  bench.world.runFor(2 * heartbeatPeriodUs);
  bench.say(coordinator, release);
  t.notOk(bench.lists(7), 'but not for ever');
});

t.test('errands that come to nothing are forgotten', async (t) => {
  const bench = benchWith();
  order(bench);
  bench.world.runFor(config.resources.timeoutUs + 3 * heartbeatPeriodUs);
  bench.beat(7, old);
  t.same(passedOn(bench), []);
});

t.test('one that leaves says so, again and again, and goes once it holds nothing', async (t) => {
  const bench = benchWith();
  const leaves = (): boolean[] =>
    bench.world.messages('manager-leave').map(({ message }) => message.done);
  bench.leave();
  t.same(leaves(), [false]);
  bench.world.runFor(heartbeatPeriodUs + 10);
  t.ok(leaves().length > 1 && leaves().every((done) => !done));
  t.ok(bench.world.isUp(manager));
  order(bench);
  bench.beat(7, old);
  bench.point('resource-accepted', { offered: old, token: next, manager: 2 });
  bench.world.runFor(10);
  t.equal(leaves().at(-1), true, 'its last words');
  t.notOk(bench.world.isUp(manager));
  const reported = bench.world.messages('manager-heartbeat').at(-1)!.message.part.entries;
  t.ok(reported.some(({ resource, removed }) => resource === 7 && removed), 'told before');
});

t.test('one that leaves passes on at once what is down', async (t) => {
  const bench = benchWith();
  bench.world.runFor(config.resources.timeoutUs + 2 * config.resources.checkPeriodUs);
  bench.leave();
  order(bench);
  t.same(passedOn(bench), ['7@2>2']);
});

t.test('one that cannot hand over goes when its time is up', async (t) => {
  const bench = benchWith();
  bench.leave();
  bench.world.runFor(config.leaveTimeoutUs - 2 * config.resources.checkPeriodUs);
  t.ok(bench.world.isUp(manager));
  bench.world.runFor(4 * config.resources.checkPeriodUs);
  t.notOk(bench.world.isUp(manager));
});
