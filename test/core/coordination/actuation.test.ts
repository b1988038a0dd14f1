import t from 'tap';
import type { Call } from '../overlay/memory-world.js';
import type { Address } from '../../../core/process.js';
import { msUs } from '../overlay/memory-world.js';
import { AgentBench, agentAddress } from './agent-bench.js';
import { config, tokenOf } from './fixtures.js';

/** A bench whose resource 5 is down and obeys manager 1. */
function crashed(): AgentBench {
  const bench = new AgentBench();
  bench.assign(1, tokenOf(1, 1), 5, 6);
  bench.states[5] = 'down';
  return bench;
}

t.test('acts on the incarnation that its issuer saw, and on no other', async (t) => {
  const bench = crashed();
  bench.act(1, 10, { incarnation: 0 });
  bench.act(1, 11, { incarnation: 2 });
  t.same(bench.actuations, []);
  bench.act(1, 12);
  bench.finish();
  t.same(bench.actuations, [{ resource: 5, verb: 'restart', actuation: 12, on: 1 }]);
  t.same(bench.outcomes(), ['10 refused to 1', '11 refused to 1', '12 succeeded to 1']);
});

t.test('a refusal says why', async (t) => {
  const bench = crashed();
  const why = (): string[] =>
    bench.world.messages('action-outcome').map(({ message }) => message.outcome);
  bench.act(1, 1, { incarnation: 0 });
  bench.act(1, 2, { verb: 'stop' });
  bench.act(1, 3, { authority: tokenOf(1, 2) });
  t.same(why(), ['moved-on', 'no-sense', 'not-obeyed']);
  bench.act(1, 4);
  bench.act(0, 4, { authority: tokenOf(1, 0) });
  t.equal(why().at(-1), 'busy');
  bench.finish();
  t.equal(why().at(-1), 'succeeded', 'and what is done is told as that');
  t.end();
});

t.test('acts in the states in which the verb makes sense', async (t) => {
  const bench = crashed();
  bench.act(1, 1, { verb: 'stop' });
  bench.states[5] = 'up';
  bench.act(1, 2, { verb: 'start' });
  bench.act(1, 3, { verb: 'restart' });
  t.same(bench.actuations, []);
  bench.act(1, 4, { verb: 'stop' });
  t.equal(bench.actuations.length, 1);
});

t.test('restarts what is up only for an issuer who sees it up', async (t) => {
  const bench = crashed();
  bench.act(1, 1, { verb: 'restart-up' });
  bench.states[5] = 'starting';
  bench.act(1, 2, { verb: 'restart-up' });
  bench.states[5] = 'up';
  bench.act(1, 3, { verb: 'restart', incarnation: 1 });
  t.same(bench.actuations, []);
  bench.act(1, 4, { verb: 'restart-up' });
  t.same(bench.actuations.map(({ verb }) => verb), ['restart']);
});

t.test('obeys the token that it obeys, or a coordinator that is not deposed', async (t) => {
  const bench = crashed();
  bench.act(1, 1, { authority: tokenOf(1, 2) });
  bench.act(1, 2, { authority: tokenOf(1, 3) });
  bench.assign(1, tokenOf(2, 1), 6);
  bench.act(0, 3, { authority: tokenOf(1, 0) });
  t.same(bench.actuations, []);
  bench.act(0, 4, { authority: tokenOf(2, 0) });
  t.equal(bench.actuations.length, 1);
});

t.test('the same number again is the same action, and its outcome is repeated', async (t) => {
  const bench = crashed();
  bench.act(1, 7);
  bench.act(1, 7, { incarnation: 1 });
  t.same(bench.outcomes(), [], 'it is under way');
  bench.finish();
  bench.act(1, 7, { incarnation: 1 });
  t.equal(bench.actuations.length, 1);
  t.same(bench.outcomes(), ['7 succeeded to 1', '7 succeeded to 1']);
});

t.test('while one is under way another is refused', async (t) => {
  const bench = crashed();
  bench.act(1, 7);
  bench.act(0, 7, { authority: tokenOf(1, 0) });
  bench.act(1, 8);
  t.equal(bench.actuations.length, 1);
  bench.finish(false);
  t.same(bench.outcomes(), ['7 refused to 0', '8 refused to 1', '7 failed to 1']);
});

t.test('a crash of the host between intent and end makes the outcome unknown', async (t) => {
  const bench = crashed();
  bench.act(1, 7);
  bench.world.restart(agentAddress);
  t.same(bench.outcomes(), ['7 unknown to 1']);
  bench.world.restart(agentAddress);
  t.equal(bench.outcomes().length, 1, 'told once');
  bench.act(1, 7, { incarnation: 1 });
  t.equal(bench.actuations.length, 1, 'and not done again');
});

t.test('an action that ended before the crash is not called unknown', async (t) => {
  const bench = crashed();
  bench.act(1, 7);
  bench.finish();
  bench.world.restart(agentAddress);
  t.same(bench.outcomes(), ['7 succeeded to 1']);
});

t.test('wherever the crash falls, no incarnation is acted on twice', async (t) => {
  let crashes = 0;
  for (const call of ['put', 'sync', 'observe', 'send'] satisfies Call[]) {
    for (let nth = 1; nth <= 3; nth += 1) {
      const bench = crashed();
      let calls = 0;
      bench.world.crashesAt = (_address, made) => made === call && (calls += 1) === nth;
      bench.act(1, 7, { incarnation: 1 });
      if (bench.world.isUp(agentAddress) && bench.actuations.length > 0) bench.finish();
      bench.world.crashesAt = () => false;
      if (!bench.world.isUp(agentAddress)) {
        crashes += 1;
        bench.world.start(agentAddress);
      }
      bench.states[5] = 'down';
      bench.assign(1, tokenOf(1, 1), 5, 6);
      for (const action of [7, 8]) bench.act(1, action, { incarnation: 1 });
      const first = bench.actuations.filter(({ on }) => on === 1);
      if (first.length > 1) t.fail(`${call} ${nth}: acted ${first.length} times`);
    }
  }
  t.ok(crashes >= 4, `${crashes} crashes`);
});

/** A bench as above, whose actions have deadlines. */
function asking(): AgentBench {
  const actions = { ...config.actions, deadlines: true } as const;
  const bench = new AgentBench(1, config.resources, actions);
  bench.assign(1, tokenOf(1, 1), 5, 6);
  bench.states[5] = 'down';
  return bench;
}

function confirm(bench: AgentBench, from: Address, change: object = {}): void {
  const { message } = bench.world.messages('action-check').at(-1)!;
  bench.say(from, { ...message, type: 'action-confirmed', ...change });
}

t.test('with deadlines a host acts when it is told that it is in time, and once', async (t) => {
  const bench = asking();
  bench.act(1, 7);
  t.same(bench.actuations, [], 'it asks first');
  confirm(bench, 0);
  confirm(bench, 1, { question: 1 });
  confirm(bench, 1, { action: 8 });
  t.same(bench.actuations, [], 'whoever else says so');
  confirm(bench, 1);
  confirm(bench, 1);
  t.equal(bench.actuations.length, 1);
  bench.finish();
  t.same(bench.outcomes(), ['7 succeeded to 1']);
});

t.test('with deadlines an answer that comes late is no answer', async (t) => {
  const bench = asking();
  bench.act(1, 7);
  bench.world.runFor(config.actions.timeoutUs / 2 + msUs);
  confirm(bench, 1);
  t.same(bench.actuations, []);
  bench.act(1, 7);
  confirm(bench, 1);
  t.equal(bench.actuations.length, 1, 'asked anew it may');
});

t.test('with deadlines the last word is compared again', async (t) => {
  const bench = asking();
  bench.act(1, 7);
  bench.states[5] = 'up';
  confirm(bench, 1);
  t.same(bench.actuations, []);
  t.same(bench.outcomes(), ['7 refused to 1']);
});
