/** Planted: more is carried out than brakes allow. */
import t from 'tap';
import { Health } from '../../../checker/health/index.js';
import { createInvariants } from '../../../checker/invariants/index.js';
import type { Break } from '../../../experiment/invariant.js';
import type { Observation } from '../../../core/observations.js';
import type { BrakeSettings, Silence } from '../../../core/rules/index.js';
import { ballot, token, type Script } from '../health/world.js';
import { chosen } from './chosen.js';
import { b2, bounds, inventory, scenario, sound } from './fixture.js';

const second = 1e6;
const brake: BrakeSettings = {
  over: 'run', of: ['start'], budget: { atMost: 2, perUs: 10 * second }, halt: null,
  unavailable: null,
};
const rules = [{
  file: 'r.yaml',
  text: `rules:
  - { name: keep, scope: global, when: group.up < 3, do: start, pick: entity.state == "stopped" }
  - name: few
    scope: global
    when: group.up < 3
    do: start
    pick: entity.state == "stopped"
    limit: { atMost: 1, per: 10s }
  - name: mend
    scope: local
    when: entity.state == "down"
    do: restart
    limit: { atMost: 1, per: 10s }
  - { name: watch, scope: local, when: entity.state == "down", do: restart, mode: observe }
  - { name: plain, scope: local, when: entity.state == "down", do: restart }
  - { name: cool, scope: local, when: entity.state == "down", do: restart, cooldown: 10s }
  - { name: ripe, scope: local, when: entity.state == "down", do: restart, for: 10s }
  - name: tell
    scope: local
    when: entity.state == "down"
    notify: '"it is down"'
    for: 10s
    cooldown: 10s`,
}];

function broken(
  script: Script, brakes: readonly BrakeSettings[] = [brake], silences?: readonly Silence[],
): Break | null {
  const { coordination } = scenario;
  const actions = { ...coordination.actions, brakes, ...(silences && { silences }) };
  const braked = { ...scenario, rules, coordination: { ...coordination, actions } };
  const health = new Health(inventory, bounds);
  const context = { inventory, bounds, health, scenario: braked };
  const [invariant] = createInvariants(chosen('brakes-hold'), context);
  for (const { timeUs, process, observation } of script.seen) {
    health.observe(timeUs, process, observation);
    invariant.observe(timeUs, process, observation);
  }
  return invariant.broken;
}

/** Each is begun at that second, and carried out half a second later. */
function acts(
  script: Script, seconds: readonly number[], rule: string, until = 'actuated',
): Script {
  const isGlobal = rule === 'keep' || rule === 'few';
  const verb = isGlobal ? 'start' as const : 'restart' as const;
  const resource = isGlobal ? 1 : 0;
  const authority = { ballot: b2, sequence: isGlobal ? 0 : 7 };
  let now = script;
  for (const [index, at] of seconds.entries()) {
    const own = { rule, resource, action: index };
    const begun: Observation = { type: 'action-started', verb, ...own };
    const done: Observation = { type: 'actuated', resource, verb, incarnation: index, authority };
    const ended: Observation = { type: 'action-ended', outcome: 'expired', ...own };
    now = now.at(at * second).see(1, begun);
    if (until === 'expired') now = now.at(at * second + 1).see(1, ended);
    now = now.at((at + 0.5) * second).see(3, done);
    if (until === 'actuated') now = now.see(1, { ...ended, outcome: 'succeeded' });
  }
  return now;
}

t.test('a budget is counted at the hosts, in each sliding window', (t) => {
  t.equal(broken(acts(sound(), [1, 5, 11.1, 15.1], 'keep')), null);
  const found = broken(acts(sound(), [1, 5, 10], 'keep'));
  t.match(found, { timeUs: 10.5 * second });
  t.match(found?.explanation, /3 actions within 9.0 s, 2 allowed by the brakes\[0\] of the run/);
  const late = broken(acts(sound(), [1, 5, 10], 'keep', 'expired'));
  t.equal(late, null, 'who had given it up could not know');
  t.end();
});

t.test('a budget counts what local rules do, whoever wanted it', (t) => {
  const restarts = [{ ...brake, of: ['restart'] as const }];
  const at = (seconds: readonly number[], until?: string, from = sound()): Break | null =>
    broken(acts(from, seconds, 'plain', until), restarts);
  t.equal(at([21, 25, 31.1, 35.1]), null);
  t.match(at([21, 25, 30]), { timeUs: 30.5 * second });
  t.match(at([21, 25, 30])?.explanation, /3 actions within 9.0 s, 2 allowed by the brakes\[0\]/);
  t.match(at([21, 25, 30], 'expired'), { timeUs: 30.5 * second }, 'no host asked in vain');
  const set: Observation = { type: 'clock-set', stepUs: second, drift: 0 };
  t.equal(at([21, 25, 30], 'actuated', sound().at(20 * second).see(2, set)), null);
  const under = (counter: number): Break | null => at([21, 25, 30], 'actuated',
    sound().at(20 * second).down(1).elect(2, ballot(counter, 2)));
  t.match(under(3), { timeUs: 30.5 * second });
  t.equal(under(1), null, 'it never heard of any other');
  t.end();
});

t.test('so is the limit of a local rule, while one manager holds the resource', (t) => {
  t.match(broken(acts(sound(), [1, 5], 'mend'))?.explanation, /1 allowed by the limit of mend/);
  t.equal(broken(acts(sound(), [1, 12], 'mend')), null);
  const moved = acts(sound(), [1], 'mend').see(1, { type: 'listing-removed', resource: 0 });
  t.equal(broken(acts(moved, [5], 'mend')), null, 'it begins anew with another listing');
  t.end();
});

t.test('whom a resource is passed on to goes on counting', (t) => {
  const passed = (rule: string, isMoved: boolean): Script => {
    const script = acts(sound(), [1], rule)
      .at(2 * second).see(2, { type: 'listing-added', resource: 0, token: token(b2, 9) })
      .at(2 * second + 5).see(1, { type: 'listing-removed', resource: 0 });
    if (isMoved) {
      script.see(1, { type: 'resource-moved', resource: 0, from: 1, to: 2, why: 'balance' });
    }
    const authority = { ballot: b2, sequence: 9 };
    return script.at(5 * second)
      .see(2, { type: 'action-started', verb: 'restart', rule, resource: 0, action: 1 })
      .see(3, { type: 'actuated', resource: 0, verb: 'restart', incarnation: 1, authority });
  };
  t.match(broken(passed('mend', true))?.explanation, /1 allowed by the limit of mend/);
  t.match(broken(passed('cool', true))?.explanation, /in its cooldown of 10.0 s/);
  for (const rule of ['mend', 'cool']) t.equal(broken(passed(rule, false)), null, 'not told of it');
  t.end();
});

t.test('a rule that only observes does nothing', (t) => {
  t.match(broken(acts(sound(), [1], 'watch'))?.explanation, /watch, which only observes, acts/);
  t.end();
});

t.test('a rule that cools down begins nothing', (t) => {
  const found = broken(acts(sound(), [1, 5], 'cool'));
  t.match(found, { timeUs: 5 * second });
  t.match(found?.explanation, /4.0 s after it last did, in its cooldown of 10.0 s/);
  t.equal(broken(acts(sound(), [1, 11], 'cool')), null);
  const moved = acts(sound(), [1], 'cool').see(1, { type: 'listing-removed', resource: 0 });
  t.equal(broken(acts(moved, [5], 'cool')), null, 'it begins anew with another listing');
  t.end();
});

t.test('what is missed is acted on when it has been so for as long as a rule asks', (t) => {
  const down: Observation = { type: 'resource-state', resource: 0, state: 'down', incarnation: 0 };
  const missed: Observation = { type: 'resource-suspected', resource: 0, incarnation: 0 };
  const listed = (): Script =>
    sound().see(1, { type: 'listing-added', resource: 0, token: token(b2, 7) });
  const gone = (): Script => listed().at(second).see(-1, down).at(2 * second).see(1, missed);
  t.match(broken(acts(gone(), [9], 'ripe'))?.explanation, /7.0 s after it was taken for down, not/);
  t.equal(broken(acts(gone(), [12], 'ripe')), null);
  const before = listed().at(second).see(1, missed).at(8 * second).see(-1, down);
  t.equal(broken(acts(before, [9], 'ripe')), null, 'when it was missed before is another matter');
  const asked = (endS: number): Break | null => broken(acts(
    acts(listed(), [0.5], 'cool', 'expired').at(2 * second).see(-1, down)
      .at(5 * second).see(1, missed), [endS], 'ripe',
  ));
  t.equal(asked(13), null, 'of what it had asked for it may have heard before it missed it');
  t.match(asked(11)?.explanation, /9.0 s after/, 'not before it was down');
  t.end();
});

t.test('notices mind the same times', (t) => {
  const down: Observation = { type: 'resource-state', resource: 0, state: 'down', incarnation: 0 };
  const missed: Observation = { type: 'resource-suspected', resource: 0, incarnation: 0 };
  const { name: target } = inventory.descriptor(0);
  const fired: Observation = { type: 'rule-fired', rule: 'tell', scope: 'local', target };
  const told: Observation = {
    type: 'notified', rule: 'tell', target, text: 'it is down', occasion: 1,
  };
  const gone = (): Script =>
    sound().see(1, { type: 'listing-added', resource: 0, token: token(b2, 7) })
      .at(second).see(-1, down).at(2 * second).see(1, missed);
  const tells = (seconds: readonly number[]): string | undefined => {
    const script = gone();
    for (const one of seconds) script.at(one * second).see(1, fired).see(1, told);
    return broken(script)?.explanation;
  };
  t.match(tells([9]), /tell fires for .* 7.0 s after it was taken for down, not after 10.0 s/);
  t.equal(tells([12]), undefined);
  t.match(tells([12, 20]), /tell tells of .* 8.0 s after it last did, in its cooldown of 10.0 s/);
  t.equal(tells([12, 22]), undefined);
  t.end();
});

t.test('nothing begins in a silence', (t) => {
  const { zone: name } = inventory.descriptor(0);
  const silence: Silence = { over: 'zone', name, fromUs: 10 * second, untilUs: 20 * second };
  const at = (time: number): Break | null => broken(acts(sound(), [time], 'mend'), [], [silence]);
  t.match(at(15)?.explanation, /mend acts on .* in a silence/);
  t.equal(at(9), null);
  t.equal(at(20), null);
  t.end();
});

t.test('a coordinator begins nothing beyond unavailable, or while its model says halt', (t) => {
  const at = (more: Partial<BrakeSettings>): BrakeSettings => ({ ...brake, budget: null, ...more });
  const begun = (script: Script, resource: number): Script => script.see(1, {
    type: 'action-started', verb: 'start', rule: 'keep', resource, action: resource,
  });
  const two = begun(begun(sound().at(second), 0), 1);
  t.match(broken(two, [at({ unavailable: 1 })])?.explanation, /with 1 actions under way, 1 allow/);
  t.equal(broken(two, [at({ unavailable: 2 })]), null);
  const shows = (script: Script, resource: number, state: 'up' | 'down'): Script =>
    script.see(1, { type: 'model-entity', resource, state, incarnation: 0, manager: 1 });
  const half = shows(shows(sound().at(second), 0, 'down'), 1, 'up');
  t.match(broken(begun(half, 1), [at({ halt: 0.4 })])?.explanation, /with 1 of 2 down, halted/);
  t.equal(broken(begun(half, 1), [at({ halt: 0.5 })]), null);
  t.end();
});

t.test('the limit of a global rule counts by its groups', (t) => {
  const limited = broken(acts(sound(), [1, 5], 'few'), []);
  t.match(limited?.explanation, /2 actions within 4.0 s, 1 allowed by the limit of few/);
  t.equal(broken(acts(sound(), [1, 12], 'few'), []), null);
  t.end();
});
