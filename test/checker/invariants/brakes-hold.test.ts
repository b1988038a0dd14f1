/** Planted: more is carried out than brakes allow. */
import t from 'tap';
import { Health } from '../../../checker/health/index.js';
import { createInvariants, type Break } from '../../../checker/invariants/index.js';
import type { Observation } from '../../../core/observations.js';
import type { BrakeSettings } from '../../../core/rules/index.js';
import type { Script } from '../health/world.js';
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
  - name: mend
    scope: local
    when: entity.state == "down"
    do: restart
    limit: { atMost: 1, per: 10s }
  - { name: watch, scope: local, when: entity.state == "down", do: restart, mode: observe }`,
}];

function broken(script: Script): Break | null {
  const { coordination } = scenario;
  const actions = { ...coordination.actions, brakes: [brake] };
  const braked = { ...scenario, rules, coordination: { ...coordination, actions } };
  const health = new Health(inventory, bounds);
  const context = { inventory, bounds, health, scenario: braked };
  const [invariant] = createInvariants(['brakes-hold'], context);
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
  const isGlobal = rule === 'keep';
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

t.test('so is the limit of a local rule, while one manager holds the resource', (t) => {
  t.match(broken(acts(sound(), [1, 5], 'mend'))?.explanation, /1 allowed by the limit of mend/);
  t.equal(broken(acts(sound(), [1, 12], 'mend')), null);
  const moved = acts(sound(), [1], 'mend').see(1, { type: 'listing-removed', resource: 0 });
  t.equal(broken(acts(moved, [5], 'mend')), null, 'it begins anew with another listing');
  t.end();
});

t.test('a rule that only observes does nothing', (t) => {
  t.match(broken(acts(sound(), [1], 'watch'))?.explanation, /watch, which only observes, acts/);
  t.end();
});
