import fc from 'fast-check';
import t from 'tap';
import { compareTokens, type Token } from '../../../core/identity.js';
import { holds } from '../overlay/holds.js';
import { msUs, secondUs } from '../overlay/memory-world.js';
import { AgentBench } from './agent-bench.js';
import { ballotOf, config, tokenOf } from './fixtures.js';

const { heartbeatPeriodUs, timeoutUs, checkPeriodUs, answerTimeoutUs, retryUs, retryMaxUs } =
  config.resources;

t.test('obeys newer tokens only, and none of a ballot below what it heard', async (t) => {
  const offer = fc.record({
    from: fc.nat(3), counter: fc.integer({ min: 1, max: 4 }), sequence: fc.nat(4),
    /** A ballot heard from elsewhere meanwhile. */
    heard: fc.integer({ min: 0, max: 4 }),
  });
  holds(t, fc.property(fc.array(offer, { maxLength: 20 }), (offers) => {
    const bench = new AgentBench();
    let obeyed: Token | null = null;
    let heard = 0;
    return offers.every(({ from, counter, sequence, heard: also }) => {
      if (also > 0) {
        bench.say(0, { type: 'agent-probe', ballot: ballotOf(also), entries: [] });
      }
      heard = Math.max(heard, also);
      const token = tokenOf(counter, sequence);
      const before = bench.world.observed('pointer-set').length;
      // The message itself comes without a ballot: tokens may be older than those who offer them.
      const entries = [{ resource: 5, token, handle: 7 }];
      bench.say(from, { type: 'resource-assigned', ballot: null, entries, alternates: [] });
      const set = bench.world.observed('pointer-set').slice(before);
      const expected = compareTokens(token, obeyed) > 0 && counter >= heard;
      if (expected) obeyed = token;
      const told = bench.world.messages('resource-accepted').at(-1)!.message.entries[0];
      return set.length === (expected ? 1 : 0) && compareTokens(told.token, obeyed) === 0;
    });
  }), 200);
});

t.test('gives its manager up one timeout after the last heartbeat that was answered', async (t) => {
  holds(t, fc.property(fc.nat(), fc.integer({ min: 0, max: 4000 }), (seed, answeredMs) => {
    const bench = new AgentBench(seed);
    bench.assign(1, tokenOf(1, 1), 5);
    bench.answerUntil(1, answeredMs * msUs);
    bench.world.runFor(12 * secondUs);
    const beats = bench.world.messages('resource-heartbeat').filter(({ to }) => to === 1);
    const answered = beats.filter(({ timeUs }) => timeUs < answeredMs * msUs);
    // Without an answer, from when it began to obey: that offer showed the manager alive.
    const heardUs = answered.at(-1)?.timeUs ?? 0;
    const [lost] = bench.world.observed('pointer-lost');
    return lost.timeUs === heardUs + answerTimeoutUs && lost.why === 'silent';
  }), 50);
});

t.test('an answer to an old heartbeat is no news of its manager', async (t) => {
  const bench = new AgentBench();
  bench.assign(1, tokenOf(1, 1), 5);
  bench.answerUntil(1, 3 * secondUs);
  bench.world.runFor(3 * secondUs);
  const heard = bench.world.messages('resource-heartbeat').at(-1)!;
  for (let late = 0; late < 20; late += 1) {
    bench.world.at(bench.world.nowUs + late * 300 * msUs, () => {
      for (const sequence of [1, 2, 3]) bench.answer(1, { resource: 5, sequence });
    });
  }
  bench.world.runFor(6 * secondUs);
  t.equal(bench.world.observed('pointer-lost')[0]?.timeUs, heard.timeUs + answerTimeoutUs);
});

t.test('an old answer takes nothing back from a newer one', async (t) => {
  const bench = new AgentBench();
  bench.assign(1, tokenOf(1, 1), 5);
  bench.answerUntil(1, 20 * secondUs);
  for (let timeUs = 0; timeUs < 20 * secondUs; timeUs += 100 * msUs) {
    bench.world.at(timeUs, () => bench.answer(1, { resource: 5, sequence: 1 }));
  }
  bench.world.runFor(20 * secondUs);
  t.same(bench.world.observed('pointer-lost'), []);
});

t.test('an answer that took longer than a period counts from when it was asked for', async (t) => {
  const bench = new AgentBench();
  bench.assign(1, tokenOf(1, 1), 5);
  bench.world.runFor(heartbeatPeriodUs + 900 * msUs);
  const [first, second] = bench.world.messages('resource-heartbeat');
  t.ok(second, 'two were sent');
  bench.answer(1, first.message);
  bench.world.runFor(5 * secondUs);
  t.equal(bench.world.observed('pointer-lost')[0].timeUs, first.timeUs + answerTimeoutUs);
});

t.test('registers at once where its manager does not know it', async (t) => {
  const bench = new AgentBench();
  bench.assign(1, tokenOf(1, 1), 5, 6);
  bench.world.runFor(secondUs);
  const before = bench.world.messages('resource-register').length;
  const unknown = { type: 'resource-unknown', resource: 5, ballot: null } as const;
  bench.say(1, { ...unknown, token: tokenOf(1, 0) });
  bench.say(2, { ...unknown, token: tokenOf(1, 1) });
  t.equal(bench.world.messages('resource-register').length, before, 'not of what it obeys');
  bench.say(1, { ...unknown, token: tokenOf(1, 1) });
  const [sent, ...more] = bench.world.messages('resource-register').slice(before);
  t.equal(more.length, 0);
  t.same(sent.message.entries.map(({ resource, lost, silent }) => [resource, lost, silent]),
    [[5, tokenOf(1, 1), -1]]);
});

t.test('asks everyone once a round, with jitter, and waits longer after each', async (t) => {
  holds(t, fc.property(fc.nat(), (seed) => {
    const bench = new AgentBench(seed);
    bench.world.runFor(20 * secondUs);
    const asked = bench.world.messages('resource-register');
    const rounds = Math.floor(asked.length / 4);
    const each = Array.from({ length: rounds }, (_, round) =>
      new Set(asked.slice(4 * round, 4 * round + 4).map(({ to }) => to)).size);
    return rounds > 4 && each.every((size) => size === 4) &&
      asked.slice(1).every(({ timeUs }, index) => {
        const round = Math.floor(index / 4);
        const isLast = index % 4 === 3;
        const patienceUs = isLast ? Math.min(retryMaxUs, retryUs * 2 ** round) : retryUs;
        const pauseUs = timeUs - asked[index].timeUs;
        return pauseUs >= patienceUs / 2 && pauseUs <= patienceUs;
      });
  }), 30);
});

t.test('another resource that loses its manager does not wait for the next round', async (t) => {
  const bench = new AgentBench();
  bench.assign(1, tokenOf(1, 1), 5);
  const registrations = () => bench.world.messages('resource-register');
  // The other one searches, round after round, and waits as long as it ever will.
  for (let pauseUs = 0; pauseUs < retryMaxUs / 2;) {
    const before = registrations().length;
    const fromUs = bench.world.nowUs;
    while (registrations().length === before) bench.world.runFor(msUs);
    pauseUs = bench.world.nowUs - fromUs;
  }
  while (registrations().length % 4 !== 0) bench.world.runFor(msUs);
  const [sent, fromUs] = [registrations().length, bench.world.nowUs];
  bench.say(1, { type: 'resource-unknown', resource: 5, token: tokenOf(1, 1), ballot: null });
  bench.world.runFor(retryUs);
  t.equal(registrations().length, sent + 1, `asked since ${fromUs}`);
  t.same(registrations().at(-1)!.message.entries.map(({ resource }) => resource), [5, 6]);
});

t.test('a search begins anew with a new loss, once all others have managers again', async (t) => {
  const bench = new AgentBench();
  bench.world.runFor(10 * secondUs);
  bench.assign(1, tokenOf(1, 1), 5, 6);
  const before = bench.world.messages('resource-register').length;
  bench.say(1, { type: 'resource-unknown', resource: 5, token: tokenOf(1, 1), ballot: null });
  t.equal(bench.world.messages('resource-register').length, before + 1, 'at once');
  bench.assign(2, tokenOf(1, 2), 5);
  bench.world.runFor(answerTimeoutUs / 2);
  t.equal(bench.world.messages('resource-register').length, before + 1, 'and one chain of tries');
});

t.test('asks managers that it heard of first, and the silent one last', async (t) => {
  const bench = new AgentBench();
  bench.assign(1, tokenOf(1, 1), 5, 6);
  bench.answerUntil(1, 2 * secondUs);
  bench.world.runFor(2 * secondUs);
  const before = bench.world.messages('resource-register').length;
  bench.world.runFor(10 * secondUs);
  const asked = bench.world.messages('resource-register').slice(before);
  t.equal(asked[0].to, 4, 'the alternate from the answers');
  t.equal(asked[3].to, 1);
  t.equal(new Set(asked.slice(0, 4).map(({ to }) => to)).size, 4);
  t.equal(asked[0].message.entries[0].silent, 1);
});

t.test('a crashed resource falls silent, and keeps a manager that probes', async (t) => {
  const bench = new AgentBench();
  bench.assign(1, tokenOf(1, 1), 5);
  bench.answerUntil(1, 60 * secondUs);
  bench.world.runFor(3 * secondUs);
  bench.states[5] = 'down';
  const beats = bench.world.messages('resource-heartbeat').length;
  const entries = [{ resource: 5, token: tokenOf(1, 1), handle: 0 }];
  for (let probe = 0; probe < 20; probe += 1) {
    bench.world.runFor(secondUs);
    bench.say(1, { type: 'agent-probe', ballot: null, entries });
  }
  t.equal(bench.world.messages('resource-heartbeat').length, beats);
  t.equal(bench.world.observed('pointer-lost').length, 0);
  const probedUs = bench.world.nowUs;
  bench.world.runFor(20 * secondUs);
  const patienceUs = timeoutUs + checkPeriodUs + heartbeatPeriodUs + answerTimeoutUs;
  const waitedUs = bench.world.observed('pointer-lost')[0].timeUs - probedUs;
  t.ok(waitedUs > patienceUs && waitedUs <= patienceUs + heartbeatPeriodUs, `${waitedUs}`);
});
