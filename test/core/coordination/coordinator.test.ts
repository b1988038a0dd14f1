import t from 'tap';
import { orderPatienceUs } from '../../../core/coordination/orders.js';
import { ballotOf, config, registration, tokenOf } from './fixtures.js';
import { CoordinatorBench, listed } from './coordinator-bench.js';

const { timeoutUs, heartbeatPeriodUs } = config.managers;

t.test('orders a manager to list what registers, the same one if asked again', async (t) => {
  const bench = CoordinatorBench.ready(1, 2, 3);
  bench.register(registration(7));
  const [order, ...more] = bench.orders();
  t.equal(more.length, 0);
  bench.register(registration(7));
  bench.beat(bench.holder(7), { to: 1, entries: [bench.listing(7)] });
  bench.register(registration(7, { lost: bench.listing(7).token }));
  t.same(bench.orders(), [order, order, order]);
});

t.test('an agent that lost a newer assignment than is known gets a newer one still', async (t) => {
  const bench = CoordinatorBench.ready(1, 2, 3);
  bench.register(registration(7));
  bench.register(registration(7, { lost: tokenOf(5, 8) }));
  t.equal(bench.orders().length, 2);
  t.not(bench.orders()[0], bench.orders()[1]);
});

t.test('orders again what the first report of a manager does not list yet', async (t) => {
  const bench = CoordinatorBench.ready(1);
  bench.coordinator.onHandover({
    type: 'model-handover', ballot: ballotOf(5), entries: [{ ...listed(8, 4, 1), manager: 2 }],
  });
  bench.beat(1, { to: 1, entries: [listed(5, 4, 2), listed(6, 4, 3)] });
  bench.register(registration(7));
  t.equal(bench.holder(7), 2, 'who is not known to live in another life before');
  const [first] = bench.orders();
  // It was sent before that order came; what its predecessor had it list it does not list.
  bench.beat(2);
  const ordersOf = (resource: string): string[] =>
    bench.orders().filter((order) => order.startsWith(resource));
  t.same(ordersOf('7'), [first, first], 'the order may be on its way');
  t.equal(ordersOf('8').length, 1);
});

t.test('gives what complains of a silent manager to another one', async (t) => {
  const bench = CoordinatorBench.ready(1, 2, 3);
  bench.register(registration(7));
  const silent = bench.holder(7);
  bench.register(registration(7, { silent, lost: bench.listing(7).token }));
  t.not(bench.holder(7), silent);
  const given = bench.orders().length;
  bench.register(registration(7, { silent, lost: tokenOf(5, 1) }));
  t.equal(bench.orders()[given], bench.orders()[given - 1], 'the complaint again moves nothing');
});

t.test('spreads a crowd of registrations evenly', async (t) => {
  const bench = CoordinatorBench.ready(1, 2, 3);
  for (let resource = 0; resource < 30; resource += 1) bench.register(registration(resource));
  for (const manager of [1, 2, 3]) {
    const given = bench.of('resource-assign').filter(({ to }) => to === manager);
    t.equal(given.flatMap(({ message }) => message.entries).length, 10);
  }
});

t.test('confirms under its own ballot what a manager lists under an older one', async (t) => {
  const bench = new CoordinatorBench([1]);
  bench.beat(1, { to: 1, entries: [listed(7, 4, 9)] });
  bench.register(registration(7, { lost: tokenOf(4, 9) }));
  t.same(bench.orders(), ['7@5.1>1']);
});

t.test('gives away what a suspected manager held, and trusts it when it returns', async (t) => {
  const bench = CoordinatorBench.ready(1, 2);
  bench.register(registration(7), registration(8));
  const [gone, other] = bench.holder(7) === 1 ? [1, 2] : [2, 1];
  bench.beat(gone, { to: 1, entries: [bench.listing(7)] });
  bench.pass(timeoutUs, other);
  t.equal(bench.holder(7), gone, 'not before the timeout');
  bench.pass(config.resources.checkPeriodUs, other);
  t.equal(bench.holder(7), other);
  const types = (): string[] => bench.observed.map(({ type }) => type);
  t.ok(types().includes('manager-suspected'));
  t.notOk(types().includes('manager-trusted'));
  bench.pass(config.resources.checkPeriodUs, 1, 2);
  t.ok(types().includes('manager-trusted'));
  bench.register(registration(9));
  t.equal(bench.holder(9), gone, 'it is given resources again');
});

t.test('has stale listings of a returned manager released, until it did', async (t) => {
  const bench = CoordinatorBench.ready(1, 2);
  bench.register(registration(7));
  const [gone, other] = bench.holder(7) === 1 ? [1, 2] : [2, 1];
  const before = bench.listing(7);
  bench.beat(gone, { to: 1, entries: [before] });
  bench.pass(timeoutUs + heartbeatPeriodUs, other);
  const { token } = bench.listing(7);
  const releases = (): unknown[] => bench.of('resource-release').map(({ to, message }) =>
    [to, ...message.entries.map((entry) => [entry.resource, entry.token.sequence])]);
  t.same(releases(), []);
  const release = [gone, [7, token.sequence]];
  bench.beat(gone, { from: 1, to: 1 });
  bench.beat(gone, { from: 1, to: 1 });
  t.same(releases(), [release, release]);
  bench.beat(gone, { from: 1, to: 2, entries: [{ ...before, removed: true, descriptor: null }] });
  bench.pass(heartbeatPeriodUs, 1, 2);
  t.equal(releases().length, 2);
  t.equal(bench.holder(7), other);
});

t.test('has all that is stale released at once, in pieces', async (t) => {
  const bench = CoordinatorBench.ready(1, 2);
  const resources = [...Array(2 * config.entriesPerMessage + 1).keys()];
  bench.beat(1, { to: 1, entries: resources.map((one) => listed(one, 4, one + 1)) });
  bench.pass(timeoutUs + heartbeatPeriodUs, 2);
  bench.beat(1, { from: 1, to: 1 });
  const released = bench.of('resource-release').map(({ message }) => message.entries);
  t.equal(released.length, 3);
  t.same(released.flat().map(({ resource }) => resource).reverse(), resources);
});

t.test('what was let go of under another coordinator is not asked for any more', async (t) => {
  const bench = CoordinatorBench.ready(1, 2);
  bench.register(registration(7));
  const [gone, other] = bench.holder(7) === 1 ? [1, 2] : [2, 1];
  bench.beat(gone, { to: 3, entries: [bench.listing(7)] });
  bench.pass(timeoutUs + heartbeatPeriodUs, other);
  bench.coordinator.renew(ballotOf(6));
  const before = bench.of('resource-release').length;
  // It has told that of the removal already, and begins with a piece of what it lists now.
  const part = { incarnation: 1, from: 0, to: 2, entries: [] };
  bench.coordinator.onHeartbeat(gone, {
    type: 'manager-heartbeat', sequence: 100, ballot: ballotOf(6), version: 5, unanswered: 0, part,
  });
  t.equal(bench.of('resource-release').length, before);
  t.match(bench.of('manager-heartbeat-answer').at(-1)?.message, { version: 2 });
  t.equal(bench.holder(7), other);
});

t.test('releases nothing of a manager that never listed it', async (t) => {
  const bench = CoordinatorBench.ready(1, 2);
  bench.register(registration(7));
  // The order is lost; the manager starts anew, so that the resource goes elsewhere.
  const first = bench.holder(7);
  bench.beat(first, { incarnation: 2 });
  bench.pass(heartbeatPeriodUs, 1, 2);
  t.equal(bench.of('resource-release').length, 0);
  t.equal(bench.orders().length, 2);
});

t.test('repeats an order to a holder that goes on under an older token', async (t) => {
  const bench = CoordinatorBench.ready(1);
  bench.beat(1, { to: 1, entries: [listed(7, 5, 1)] });
  bench.register(registration(7, { lost: tokenOf(5, 2) }));
  const [order] = bench.orders();
  bench.beat(1, { from: 1, to: 2, entries: [{ ...listed(7, 5, 0), state: 'down' }] });
  t.same(bench.orders(), [order, order]);
  t.equal(bench.of('resource-release').length, 0);
});

t.test('gives away what its holder let go of, after a period to appear elsewhere', async (t) => {
  const bench = CoordinatorBench.ready(1, 2);
  bench.register(registration(7));
  const holder = bench.holder(7);
  const entry = bench.listing(7);
  bench.beat(holder, { to: 1, entries: [entry] });
  bench.beat(holder, { from: 1, to: 2, entries: [{ ...entry, removed: true }] });
  bench.pass(heartbeatPeriodUs - config.resources.checkPeriodUs, 1, 2);
  t.equal(bench.orders().length, 1);
  bench.pass(config.resources.checkPeriodUs, 1, 2);
  t.equal(bench.orders().length, 2);
});

t.test('a new one orders nothing before all awaited managers have reported', async (t) => {
  const bench = new CoordinatorBench([1, 2]);
  bench.register(registration(7), registration(8));
  bench.beat(1, { to: 1, entries: [listed(7, 4, 3)] });
  bench.beat(2, { to: 0 });
  const rebuilt = bench.observed.filter(({ type }) => type === 'model-rebuilt');
  t.equal(rebuilt.length, 1);
  t.same(bench.orders(), ['7@5.1>1', '8@5.2>2'], 'what is listed stays where it is');
});

t.test('a part in pieces has been reported when it is known to its end', async (t) => {
  const bench = new CoordinatorBench([1]);
  bench.coordinator.onHeartbeat(1, {
    type: 'manager-heartbeat', sequence: 1, ballot: ballotOf(5), version: 2, unanswered: 0,
    part: { incarnation: 1, from: 0, to: 1, entries: [listed(7, 4, 1)] },
  });
  const rebuilt = (): boolean => bench.observed.some(({ type }) => type === 'model-rebuilt');
  t.notOk(rebuilt());
  bench.beat(1, { from: 1, to: 2, entries: [listed(8, 4, 2)] });
  t.ok(rebuilt());
});

t.test('what was told a former coordinator on this node is no answer to the new one', async (t) => {
  const bench = new CoordinatorBench([1]);
  bench.beat(1, { to: 1, entries: [listed(7, 4, 1)] }, 0, ballotOf(4));
  const rebuilt = (): boolean => bench.observed.some(({ type }) => type === 'model-rebuilt');
  t.notOk(rebuilt());
  bench.beat(1, { to: 1, entries: [listed(7, 4, 1)] });
  t.ok(rebuilt());
});

t.test('what a former coordinator on this node left unanswered makes nobody deaf', async (t) => {
  for (const [ballot, isDeaf] of [[ballotOf(4), false], [ballotOf(5), true]] as const) {
    const bench = new CoordinatorBench([1]);
    bench.beat(1, {}, 100, ballot);
    const deaf = 'manager that does not hear the coordinator';
    t.equal(bench.marks().includes(deaf), isDeaf);
  }
});

t.test('asks anew for what was told as if to one who knew more', async (t) => {
  const bench = new CoordinatorBench([1]);
  // To the coordinator that this node was before; the manager need not describe it to that one.
  bench.beat(1, { from: 1, to: 2, entries: [{ ...listed(7, 4, 1), descriptor: null }] });
  bench.beat(1, { from: 0, to: 1, entries: [listed(8, 4, 2)] });
  t.equal(bench.of('manager-heartbeat-answer').at(-1)!.message.version, 0);
  bench.beat(1, { from: 0, to: 2, entries: [listed(8, 4, 2), listed(7, 4, 1)] });
  const known = bench.observed.flatMap((seen) =>
    seen.type === 'model-entity' ? [seen.resource] : []);
  t.ok(known.includes(7));
});

t.test('gives up waiting when its time is over', async (t) => {
  const bench = new CoordinatorBench([1, 2]);
  bench.beat(1);
  bench.register(registration(7));
  t.same(bench.orders(), []);
  bench.coordinator.finishRebuild();
  t.same(bench.orders(), ['7@5.1>1']);
  const rebuilt = (): string[] => bench.marks().filter((name) => name.startsWith('rebuilt'));
  t.same(rebuilt(), ['rebuilt without some managers']);
  bench.coordinator.finishRebuild();
  t.equal(rebuilt().length, 1, 'once');
});

t.test('hands its model over when it steps down, in pieces', async (t) => {
  const bench = CoordinatorBench.ready(1, 2);
  for (let resource = 0; resource < 7; resource += 1) bench.register(registration(resource));
  bench.coordinator.resign(ballotOf(6, 3));
  const pieces = bench.of('model-handover');
  t.ok(pieces.every(({ to, message }) =>
    to === 3 && message.entries.length <= config.entriesPerMessage));
  const successor = new CoordinatorBench([3], ballotOf(7, 3));
  successor.beat(3);
  for (const { message } of pieces) {
    successor.coordinator.onHandover(message);
    successor.coordinator.onHandover(message);
  }
  for (let resource = 0; resource < 7; resource += 1) {
    successor.register(registration(resource, { lost: bench.listing(resource).token }));
    t.equal(successor.holder(resource), bench.holder(resource), 'stays where it is');
  }
});

t.test('even an empty hand-over tells that two coordinators have met', async (t) => {
  const bench = CoordinatorBench.ready(1);
  bench.coordinator.resign(ballotOf(6, 3));
  t.equal(bench.of('model-handover').length, 1);
});

t.test('what was handed over is given away if its manager does not report it', async (t) => {
  const bench = CoordinatorBench.ready(1);
  const entries = [{ ...listed(7, 4, 9), manager: 2 }];
  bench.coordinator.onHandover({ type: 'model-handover', ballot: ballotOf(5), entries });
  t.same(bench.orders(), [], 'its manager has time to report');
  bench.pass(timeoutUs + config.resources.checkPeriodUs, 1);
  t.same(bench.orders(), ['7@5.1>1']);
});

t.test('so it is where that manager is dead, or has nothing more to report', async (t) => {
  for (const isAlive of [false, true]) {
    const bench = CoordinatorBench.ready(1, 2);
    const reporting = isAlive ? [1, 2] : [1];
    bench.pass(timeoutUs + config.resources.checkPeriodUs, ...reporting);
    const entries = [{ ...listed(7, 4, 9), manager: 2 }, { ...listed(8, 4, 10), manager: 1 }];
    bench.coordinator.onHandover({ type: 'model-handover', ballot: ballotOf(5), entries });
    bench.beat(1, { to: 1, entries: [listed(8, 4, 10)] });
    t.same(bench.orders(), []);
    bench.pass(timeoutUs + config.resources.checkPeriodUs, ...reporting);
    t.same(bench.orders(), [isAlive ? '7@5.1>2' : '7@5.1>1']);
  }
});

t.test('a part told once more takes nothing away that was ordered meanwhile', async (t) => {
  const bench = new CoordinatorBench([1, 2]);
  bench.beat(1, { to: 1, entries: [listed(7, 4, 9)] });
  bench.beat(2);
  bench.register(registration(8, { silent: 2 }));
  const orders = bench.orders();
  t.same(orders, ['8@5.1>1']);
  bench.beat(1, { to: 1, entries: [listed(7, 4, 9)] });
  t.same(bench.orders(), orders, 'its order is on its way');
  bench.beat(1, { incarnation: 2, to: 1, entries: [listed(7, 4, 9)] });
  t.equal(bench.orders().length, 2, 'to a former life it was lost');
});

t.test('under a renewed ballot its orders are newer than all before', async (t) => {
  const bench = CoordinatorBench.ready(1);
  bench.register(registration(7));
  bench.coordinator.renew(ballotOf(6));
  bench.register(registration(8));
  t.same(bench.orders(), ['7@5.1>1', '8@6.1>1']);
});

t.test('what was due under a former ballot is no review of an order under this one', async (t) => {
  const bench = CoordinatorBench.ready(1);
  bench.register(registration(7));
  const patienceUs = orderPatienceUs(config);
  bench.pass(patienceUs / 2, 1);
  bench.coordinator.renew(ballotOf(6));
  bench.register(registration(7));
  t.same(bench.orders(), ['7@5.1>1', '7@6.1>1']);
  bench.pass(patienceUs / 2 + config.resources.checkPeriodUs, 1);
  t.equal(bench.orders().length, 2, 'its manager has as long as any');
  bench.pass(patienceUs / 2, 1);
  t.equal(bench.orders().at(-1), '7@6.1>1');
  t.equal(bench.orders().length, 3);
});

/** Two managers of five resources each, and a third that joins, once rules may be enforced. */
function joined(): CoordinatorBench {
  const bench = CoordinatorBench.ready(1, 2);
  for (let resource = 0; resource < 10; resource += 1) bench.register(registration(resource));
  for (const manager of [1, 2]) {
    const entries = [...Array(10).keys()].filter((resource) => bench.holder(resource) === manager)
      .map((resource) => bench.listing(resource));
    bench.beat(manager, { to: entries.length, entries });
  }
  bench.pass(2 * heartbeatPeriodUs, 1, 2);
  bench.beat(3);
  return bench;
}

const handOvers = (bench: CoordinatorBench): { from: number; resource: number; to: number }[] =>
  bench.of('resource-hand-over').flatMap(({ to: from, message }) =>
    message.entries.map(({ resource, to }) => ({ from, resource, to })));

t.test('has the holders pass resources on to one that joins, at the pace', async (t) => {
  const bench = joined();
  bench.pass(heartbeatPeriodUs, 1, 2, 3);
  const { perPeriod } = config.rebalance;
  t.equal(handOvers(bench).length, perPeriod);
  t.ok(handOvers(bench).every(({ from, to, resource }) =>
    to === 3 && from === bench.holder(resource)));
  bench.pass(3 * heartbeatPeriodUs, 1, 2, 3);
  t.equal(handOvers(bench).length, 3, 'no more than its share, though none has come yet');
});

t.test('a move is done when the former holder has let go, not before', async (t) => {
  const bench = joined();
  bench.pass(heartbeatPeriodUs, 1, 2, 3);
  const [{ resource, from }] = handOvers(bench);
  const { token } = bench.of('resource-hand-over')[0].message.entries[0];
  const listing = bench.listing(resource);
  const moved = () => bench.observed.filter(({ type }) => type === 'resource-moved');
  bench.beat(3, { to: 1, entries: [{ ...listing, token }] });
  bench.beat(from, { from: 5, to: 6, entries: [{ ...listing, state: 'starting' }] });
  t.equal(bench.of('resource-release').length, 0, 'nobody is told to let go');
  t.same(moved(), []);
  bench.beat(from, { from: 6, to: 7, entries: [{ ...listing, removed: true, descriptor: null }] });
  t.same(moved(), [{ type: 'resource-moved', resource, from, to: 3, why: 'balance' }]);
  const given = bench.orders().length;
  bench.register(registration(resource, { lost: token }));
  t.equal(bench.holder(resource), 3);
  t.equal(bench.orders().length, given + 1);
});

t.test('under a renewed ballot who lists what was on its way to it has it', async (t) => {
  const bench = joined();
  bench.pass(heartbeatPeriodUs, 1, 2, 3);
  const [{ resource, from }] = handOvers(bench);
  const { token } = bench.of('resource-hand-over')[0].message.entries[0];
  bench.beat(3, { to: 1, entries: [{ ...bench.listing(resource), token }] });
  bench.coordinator.renew(ballotOf(6));
  bench.pass(heartbeatPeriodUs, 1, 2, 3);
  const { to, message } = bench.of('resource-release')[0];
  t.same([to, message.entries], [from, [{ resource, token }]]);
});

t.test('what the next one told in a former life is nothing it lists', async (t) => {
  const bench = joined();
  bench.pass(heartbeatPeriodUs, 1, 2, 3);
  const [{ resource, from }] = handOvers(bench);
  const { token } = bench.of('resource-hand-over')[0].message.entries[0];
  const listing = bench.listing(resource);
  bench.beat(3, { to: 1, entries: [{ ...listing, token }] });
  bench.beat(3, { incarnation: 2 });
  bench.beat(from, { from: 5, to: 6, entries: [{ ...listing, removed: true, descriptor: null }] });
  bench.pass(2 * heartbeatPeriodUs, 1, 2, 3);
  t.same([bench.holder(resource), bench.listing(resource).token], [3, token]);
});

t.test('presses a move that takes too long, once, then leaves it to who lists it', async (t) => {
  const bench = joined();
  bench.pass(heartbeatPeriodUs, 1, 2, 3);
  const [{ resource, from }] = handOvers(bench);
  const { token } = bench.of('resource-hand-over')[0].message.entries[0];
  bench.beat(3, { to: 1, entries: [{ ...bench.listing(resource), token }] });
  const pressed = (): number => bench.of('resource-assign')
    .filter(({ to }) => to === 3).flatMap(({ message }) => message.entries)
    .filter((entry) => entry.resource === resource).length;
  const limitUs = config.resources.timeoutUs + 2 * heartbeatPeriodUs;
  bench.pass(limitUs - heartbeatPeriodUs, 1, 2, 3);
  t.equal(pressed(), 0);
  bench.pass(heartbeatPeriodUs, 1, 2, 3);
  t.equal(pressed(), 1);
  bench.pass(limitUs - heartbeatPeriodUs, 1, 2, 3);
  t.same([pressed(), bench.of('resource-release').length], [1, 0]);
  bench.pass(2 * heartbeatPeriodUs, 1, 2, 3);
  t.equal(pressed(), 1);
  const { to, message } = bench.of('resource-release')[0];
  t.same([to, message.entries], [from, [{ resource, token }]]);
});

t.test('a holder that dies in a move leaves the resource to the next one', async (t) => {
  const bench = joined();
  bench.pass(heartbeatPeriodUs, 1, 2, 3);
  const [{ resource, from }] = handOvers(bench);
  bench.pass(timeoutUs + 2 * heartbeatPeriodUs, ...[1, 2, 3].filter((one) => one !== from));
  t.equal(bench.holder(resource), 3);
});

t.test('when the next one dies the holder gets the resource back', async (t) => {
  const bench = joined();
  bench.pass(heartbeatPeriodUs, 1, 2, 3);
  const [{ resource, from }] = handOvers(bench);
  bench.pass(timeoutUs + 2 * heartbeatPeriodUs, 1, 2);
  t.equal(bench.holder(resource), from);
  const { token } = bench.of('resource-hand-over')[0].message.entries[0];
  t.ok(bench.listing(resource).token.sequence > token.sequence, 'above what it was to get');
});

t.test('empties a manager that leaves, and gives it nothing more', async (t) => {
  const bench = joined();
  bench.coordinator.onLeave(1, { type: 'manager-leave', incarnation: 1, done: false });
  const first = handOvers(bench);
  t.equal(first.length, 5);
  t.ok(first.every(({ from, to }) => from === 1 && to !== 1));
  bench.coordinator.onLeave(1, { type: 'manager-leave', incarnation: 1, done: false });
  t.same(handOvers(bench), [...first, ...first], 'the same again, should it have been lost');
  bench.register(registration(20), registration(21), registration(22));
  t.ok([20, 21, 22].every((resource) => bench.holder(resource) !== 1));
});

t.test('what one that has left still held goes to others at once', async (t) => {
  const bench = joined();
  const held = [...Array(10).keys()].filter((resource) => bench.holder(resource) === 1);
  bench.coordinator.onLeave(1, { type: 'manager-leave', incarnation: 1, done: true });
  t.ok(held.every((resource) => bench.holder(resource) !== 1));
  bench.pass(2 * timeoutUs, 2, 3);
  t.notOk(bench.observed.some(({ type }) => type === 'manager-suspected'), 'nobody misses it');
});

t.test('a manager is back in its next life; old words about the last do not count', async (t) => {
  const bench = joined();
  bench.coordinator.onLeave(1, { type: 'manager-leave', incarnation: 1, done: true });
  bench.beat(1, { incarnation: 2 });
  bench.coordinator.onLeave(1, { type: 'manager-leave', incarnation: 1, done: false });
  for (let resource = 20; resource < 30; resource += 1) bench.register(registration(resource));
  t.ok([...Array(10).keys()].some((index) => bench.holder(20 + index) === 1));
});

t.test('gives nothing to a manager that does not hear it, until it does', async (t) => {
  const bench = CoordinatorBench.ready(1, 2);
  const tolerated = config.managers.answerTimeoutUs / heartbeatPeriodUs;
  bench.beat(1, {}, tolerated);
  bench.register(registration(7), registration(8));
  const holders = [bench.holder(7), bench.holder(8)].sort((a, b) => a - b);
  t.same(holders, [1, 2], 'that many may be on their way');
  bench.beat(1, {}, tolerated + 1);
  t.equal(bench.marks().at(-1), 'manager that does not hear the coordinator');
  for (let resource = 10; resource < 14; resource += 1) {
    bench.register(registration(resource));
    t.equal(bench.holder(resource), 2);
  }
  const deaf = bench.holder(7) === 1 ? 7 : 8;
  bench.register(registration(deaf));
  t.equal(bench.holder(deaf), 2, 'not even what was given to it before');
  bench.beat(1);
  bench.register(registration(20));
  t.equal(bench.holder(20), 1);
});

t.test('passes over a deaf manager with what it was given and never listed', async (t) => {
  const bench = CoordinatorBench.ready(1, 2);
  bench.register(registration(7), registration(8));
  const lost = bench.holder(7) === 1 ? 7 : 8;
  bench.beat(2, { to: 1, entries: [bench.listing(15 - lost)] });
  bench.beat(1, {}, 9);
  bench.pass(heartbeatPeriodUs + config.overlay.hopTimeoutUs, 1, 2);
  t.equal(bench.holder(lost), 2);
  t.equal(bench.holder(15 - lost), 2);
});

t.test('repeats an order each period, then gives the resource to another', async (t) => {
  const bench = CoordinatorBench.ready(1, 2);
  bench.register(registration(7));
  const [order] = bench.orders();
  const first = bench.holder(7);
  bench.pass(timeoutUs, 1, 2);
  t.same(bench.orders(), [order, order, order]);
  bench.pass(heartbeatPeriodUs, 1, 2);
  t.equal(bench.holder(7), 3 - first);
  t.equal(bench.marks().at(-1), 'order that was never carried out');
  const given = bench.orders().length;
  bench.beat(3 - first, { to: 1, entries: [bench.listing(7)] });
  bench.pass(10 * timeoutUs, 1, 2);
  t.equal(bench.orders().length, given, 'what is listed is not ordered again');
});

t.test('waits once for what it gave again a moment ago because the agent asked', async (t) => {
  for (const isListed of [true, false]) {
    const bench = CoordinatorBench.ready(1, 2);
    bench.register(registration(7));
    const first = bench.holder(7);
    bench.pass(timeoutUs, 1, 2);
    bench.register(registration(7));
    bench.pass(heartbeatPeriodUs, 1, 2);
    t.equal(bench.holder(7), first, 'it has not had the time to report that');
    if (isListed) bench.beat(first, { to: 1, entries: [bench.listing(7)] });
    bench.register(registration(7));
    bench.pass(heartbeatPeriodUs + config.overlay.hopTimeoutUs, 1, 2);
    t.equal(bench.holder(7), isListed ? first : 3 - first, 'only once, though it goes on asking');
  }
});

t.test('tries one manager after another for an agent that does not come to them', async (t) => {
  const bench = CoordinatorBench.ready(1, 2, 3);
  const { answerTimeoutUs, checkPeriodUs } = config.resources;
  const holders: number[] = [];
  const versions = [0, 0, 0, 0];
  bench.register(registration(7));
  for (let round = 0; round < 4; round += 1) {
    const holder = bench.holder(7);
    holders.push(holder);
    const from = versions[holder];
    versions[holder] += 1;
    bench.beat(holder, { from, to: from + 1, entries: [bench.listing(7)] });
    bench.register(registration(7));
    bench.pass(answerTimeoutUs, 1, 2, 3);
    bench.register(registration(7));
    t.equal(bench.holder(7), holder, 'it may be on its way to the agent');
    bench.pass(checkPeriodUs, 1, 2, 3);
    bench.register(registration(7));
  }
  t.same(holders.slice(0, 3).sort((a, b) => a - b), [1, 2, 3]);
  t.not(holders[3], holders[2], 'from the beginning when all have been tried');
});

t.test('has in mind whom an agent left as silent, though it is heard', async (t) => {
  const bench = CoordinatorBench.ready(1, 2, 3);
  bench.register(registration(7));
  const first = bench.holder(7);
  bench.register(registration(7, { silent: first, lost: bench.listing(7).token }));
  const second = bench.holder(7);
  bench.register(registration(7, { silent: second, lost: bench.listing(7).token }));
  t.equal(bench.holder(7), 6 - first - second);
});
