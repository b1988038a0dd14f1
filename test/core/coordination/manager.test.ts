import t from 'tap';
import type {
  ManagerHeartbeat, ManagerHeartbeatAnswer,
} from '../../../core/coordination/messages.js';
import { secondUs } from '../overlay/memory-world.js';
import { agent, ballot, coordinator, manager, ManagerBench } from './manager-bench.js';
import { ballotOf, config, tokenOf } from './fixtures.js';

const { timeoutUs, checkPeriodUs, heartbeatPeriodUs, retryUs } = config.resources;
const token = tokenOf(5, 1);

t.test('offers what it is assigned, again when it is told again', async (t) => {
  const bench = new ManagerBench();
  bench.assign(7, token);
  t.same(bench.offers(), ['7@1']);
  bench.assign(7, token);
  t.same(bench.offers(), ['7@1', '7@1']);
  bench.assign(7, tokenOf(5, 0));
  t.same(bench.offers(), ['7@1', '7@1'], 'an older order is none');
});

t.test('takes no order from a deposed coordinator', async (t) => {
  const bench = new ManagerBench();
  bench.assign(7, tokenOf(4, 9), ballotOf(4, 2));
  t.notOk(bench.lists(7));
});

t.test('suspects a silent resource at the first look after the timeout', async (t) => {
  const bench = new ManagerBench();
  bench.assign(7, token);
  bench.world.runFor(1.7 * secondUs);
  bench.beat(7, token);
  const heardUs = bench.world.nowUs;
  bench.world.runFor(2 * timeoutUs);
  const [suspected, ...more] = bench.world.observed('resource-suspected');
  const afterUs = suspected.timeUs - heardUs;
  t.ok(afterUs > timeoutUs && afterUs <= timeoutUs + checkPeriodUs, `after ${afterUs} us`);
  t.equal(more.length, 0);
  const [probe] = bench.world.messages('agent-probe');
  t.equal(probe.timeUs, suspected.timeUs, 'asks its agent at once');
  t.equal(probe.to, agent);
  bench.beat(7, token, { incarnation: 0 });
  t.equal(bench.world.observed('resource-trusted').length, 0, 'a late one of a former life');
  bench.beat(7, token);
  t.equal(bench.world.observed('resource-trusted').length, 1);
});

t.test('suspects again what came back and died before its first heartbeat', async (t) => {
  const bench = new ManagerBench();
  bench.assign(7, token);
  bench.world.runFor(timeoutUs + 2 * checkPeriodUs);
  t.equal(bench.world.observed('resource-suspected').length, 1);
  // Its host returned and registered it; it is ordered to stay where it is listed.
  bench.assign(7, token, ballot, 2);
  const backUs = bench.world.nowUs;
  t.match(bench.world.observed('resource-trusted'), [{ incarnation: 2 }]);
  bench.world.runFor(2 * timeoutUs);
  const [, again, ...more] = bench.world.observed('resource-suspected');
  t.match(again, { resource: 7, incarnation: 2 });
  const afterUs = again.timeUs - backUs;
  t.ok(afterUs > timeoutUs && afterUs <= timeoutUs + 2 * checkPeriodUs, `after ${afterUs} us`);
  t.equal(more.length, 0);
  bench.assign(7, token, ballot, 2);
  t.equal(bench.world.observed('resource-trusted').length, 1, 'an order repeated is no news');
});

t.test('probes the agent of what is silent once a period', async (t) => {
  const bench = new ManagerBench();
  bench.assign(7, token);
  bench.world.runFor(timeoutUs + checkPeriodUs);
  for (let period = 0; period < 10; period += 1) {
    bench.point('agent-probe-answer', {});
    bench.world.runFor(heartbeatPeriodUs);
  }
  const probes = bench.world.messages('agent-probe').length;
  t.ok(probes >= 9 && probes <= 11, `${probes} probes`);
  bench.beat(7, token);
  bench.world.runFor(heartbeatPeriodUs);
  t.equal(bench.world.messages('agent-probe').length, probes, 'not when it is heard again');
});

t.test('answers a heartbeat by what it lists', async (t) => {
  const bench = new ManagerBench();
  const last = (): string => bench.world.sent.filter(({ to }) => to === agent).at(-1)!.message.type;
  bench.beat(7, token);
  t.equal(last(), 'resource-unknown');
  bench.assign(7, token);
  bench.beat(7, token);
  t.equal(last(), 'resource-heartbeat-answer');
  bench.beat(7, token, { handle: 40 });
  t.equal(last(), 'resource-heartbeat-answer', 'the handle is a hint only');
  bench.assign(7, tokenOf(5, 3));
  bench.beat(7, token);
  t.equal(last(), 'resource-assigned', 'under an older token it is offered the newer one');
  bench.beat(7, tokenOf(5, 4));
  t.equal(last(), 'resource-unknown', 'of a newer assignment it knows nothing');
});

t.test('offers again what was lost on the way', async (t) => {
  const bench = new ManagerBench();
  bench.assign(7, token);
  bench.world.runFor(timeoutUs + checkPeriodUs);
  const before = bench.offers().length;
  bench.point('agent-probe-answer', { token: null, manager: -1 });
  t.same(bench.offers().slice(before), ['7@1']);
  bench.point('agent-probe-answer', {});
  t.equal(bench.offers().length, before + 1);
});

t.test('does not press an agent that refuses', async (t) => {
  const bench = new ManagerBench();
  // The agent has heard of a greater ballot than this manager has, and so refuses at once.
  bench.world.loses = ({ timeUs, message }) => {
    if (message.type === 'resource-assigned') {
      bench.world.at(timeUs + 1000, () =>
        bench.point('resource-accepted', { token: null, manager: -1 }));
    }
    return false;
  };
  bench.assign(7, token);
  bench.world.runFor(2 * secondUs);
  t.ok(bench.offers().length <= 1 + 2 * secondUs / retryUs, `${bench.offers().length} offers`);
});

t.test('drops what its agent obeys elsewhere, or never will obey', async (t) => {
  const bench = new ManagerBench();
  bench.assign(7, token);
  bench.point('agent-probe-answer', { token: tokenOf(5, 2), offered: tokenOf(5, 0), manager: 2 });
  t.ok(bench.lists(7), 'an answer to another offer says nothing');
  bench.point('agent-probe-answer', { token: tokenOf(5, 2), manager: 2 });
  t.notOk(bench.lists(7), 'it obeys a newer one');
  bench.assign(7, token);
  bench.say(2, {
    type: 'coordinator-status', ballot: ballotOf(6, 2), coordinating: true, asked: true,
  });
  bench.point('agent-probe-answer', { token: null, manager: -1 });
  t.notOk(bench.lists(7), 'its coordinator is deposed');
});

t.test('lets go what it is told to, unless it was given it anew', async (t) => {
  const bench = new ManagerBench();
  const release = (sequence: number): void => bench.say(coordinator, {
    type: 'resource-release', ballot, entries: [{ resource: 7, token: tokenOf(5, sequence) }],
  });
  bench.assign(7, tokenOf(5, 2));
  release(1);
  release(2);
  t.ok(bench.lists(7));
  release(3);
  t.notOk(bench.lists(7));
});

t.test('passes registrations on to the coordinator, three times at most', async (t) => {
  const bench = new ManagerBench();
  bench.register(0);
  const [passed] = bench.world.messages('resource-register');
  t.equal(passed.to, coordinator);
  t.equal(passed.message.hops, 1);
  t.equal(passed.message.agent, agent);
  bench.register(3);
  t.equal(bench.world.messages('resource-register').length, 1);
});

t.test('reports changes to the coordinator, each once', async (t) => {
  const bench = new ManagerBench();
  bench.assign(7, token);
  bench.world.runFor(heartbeatPeriodUs + 10);
  const before = bench.world.messages('manager-heartbeat').length;
  bench.beat(7, token, { state: 'starting', incarnation: 2 });
  bench.world.runFor(2 * heartbeatPeriodUs);
  const reports = bench.world.messages('manager-heartbeat').slice(before);
  const [entry, ...more] = reports.flatMap(({ message }) => message.part.entries);
  t.same([entry.resource, entry.state, entry.incarnation], [7, 'starting', 2]);
  t.equal(more.length, 0);
});

t.test('tells all again to a coordinator that holds less than it did', async (t) => {
  const bench = new ManagerBench();
  bench.assign(7, token);
  bench.assign(8, tokenOf(5, 2));
  bench.world.runFor(3 * heartbeatPeriodUs);
  const reports = (): ManagerHeartbeat[] =>
    bench.world.messages('manager-heartbeat').map(({ message }) => message);
  const told = reports().length;
  const { sequence, version, part: { from } } = reports()[told - 1];
  t.same([version, from], [2, 2], 'it holds all');
  const answer = (change: Partial<ManagerHeartbeatAnswer>): void => bench.say(coordinator, {
    type: 'manager-heartbeat-answer', sequence, ballot, incarnation: 1, version: 0, heirs: null,
    ...change,
  });
  answer({ sequence: sequence - 1 });
  answer({ incarnation: 2 });
  answer({ sequence: sequence + 1 });
  t.equal(reports().length, told, 'an old answer, one to another life, one to nothing sent yet');
  answer({ version: 3 });
  answer({ version: 1 });
  t.equal(reports().length, told + 1);
  const again = reports()[told].part;
  t.same([again.from, again.to, again.entries.map(({ resource }) => resource)], [1, 2, [8]]);
});

t.test('an answer overtaken by that to a later piece is no sign of loss', async (t) => {
  const bench = new ManagerBench(undefined, { entriesPerMessage: 2 });
  for (let resource = 1; resource <= 5; resource += 1) {
    bench.assign(resource, tokenOf(5, resource));
  }
  bench.world.runFor(config.managers.heartbeatPeriodUs);
  const beats = (): ManagerHeartbeat[] =>
    bench.world.messages('manager-heartbeat').map(({ message }) => message);
  const before = beats().length;
  const { sequence, version, part } = beats().at(-1)!;
  t.ok(part.to < version, 'it came in pieces');
  const answer = {
    type: 'manager-heartbeat-answer' as const, ballot, incarnation: 1, heirs: null,
  };
  bench.say(coordinator, { ...answer, sequence: 0, version });
  bench.say(coordinator, { ...answer, sequence, version: part.to });
  t.equal(beats().length, before);
});

t.test('misses a silent coordinator one timeout after the last answered heartbeat', async (t) => {
  const bench = new ManagerBench();
  bench.world.runFor(5.3 * secondUs);
  const [heard] = bench.world.messages('manager-heartbeat').slice(-1);
  bench.world.crash(coordinator);
  // Late and repeated answers to earlier heartbeats are no news.
  for (const { message } of bench.world.messages('manager-heartbeat-answer')) {
    bench.world.at(bench.world.nowUs + 2 * secondUs, () => bench.say(coordinator, message));
  }
  bench.world.runFor(4 * secondUs);
  const [missed] = bench.world.observed('coordinator-suspected');
  const afterUs = missed.timeUs - heard.timeUs - config.managers.answerTimeoutUs;
  t.ok(afterUs > 0 && afterUs <= checkPeriodUs, `${afterUs} us after the timeout`);
});

t.test('an answer to its former life is no news of the coordinator', async (t) => {
  const bench = new ManagerBench();
  bench.world.runFor(20.3 * secondUs);
  const [late] = bench.world.messages('manager-heartbeat-answer').slice(-1);
  bench.world.restart(manager);
  bench.world.runFor(1.5 * secondUs);
  bench.world.crash(coordinator);
  bench.say(coordinator, late.message);
  const atMostUs = config.managers.answerTimeoutUs + checkPeriodUs;
  bench.world.runFor(atMostUs);
  t.equal(bench.world.observed('coordinator-suspected').length, 1);
});

t.test('after a pause silences are shorter by it, and by no more', async (t) => {
  const bench = new ManagerBench();
  bench.assign(7, token);
  bench.world.runFor(secondUs);
  // A paused process handles nothing, and all of its timers when it goes on.
  bench.world.nowUs += 60 * secondUs;
  bench.world.runFor(timeoutUs - secondUs - checkPeriodUs);
  t.equal(bench.world.observed('resource-suspected').length, 0);
  bench.world.runFor(3 * checkPeriodUs);
  t.equal(bench.world.observed('resource-suspected').length, 1);
  t.equal(bench.world.observed('coordinator-suspected').length, 0);
});

t.test('coordinates when it is alone, and holds what registers with it', async (t) => {
  const bench = new ManagerBench();
  bench.world.crash(coordinator);
  bench.world.runFor(10 * secondUs);
  const [elected] = bench.world.observed('coordinator-elected');
  t.equal(elected.ballot.counter, ballot.counter + 1);
  bench.register(0);
  t.ok(bench.lists(7));
  t.same(bench.offers(), ['7@1']);
  t.equal(bench.world.observed('model-entity').length, 1);
});
