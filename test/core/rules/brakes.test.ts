import t from 'tap';
import { verbOf } from '../../../core/verbs/index.js';
import type { Outcome } from '../../../core/identity.js';
import type { ActionOutcome } from '../../../core/rules/messages.js';
import type { Descriptor, ResourceState } from '../../../core/metamodel/entity.js';
import { GlobalRules, LocalRules, type BrakeSettings } from '../../../core/rules/index.js';
import type { LocalEntity } from '../../../core/rules/index.js';
import { entity, Recorder, rulesOf } from './fixtures.js';

const settings = { timeoutUs: 10e6, retries: 2 };
const second = 1e6;

/** One manager and its resources: what is restarted succeeds at once, and crashes when told to. */
class Host extends Recorder {
  readonly rules: LocalRules;
  readonly entities = new Map<number, LocalEntity>();

  constructor(lines: readonly string[], more: object = {}) {
    super();
    this.rules = new LocalRules(rulesOf('rules:', ...lines), { ...settings, ...more }, this);
  }

  show(resource: number, change: Partial<LocalEntity>): void {
    const next = { ...(this.entities.get(resource) ?? entity(resource)), ...change };
    this.entities.set(resource, next);
    this.rules.update(next);
  }

  override look(resource: number): void {
    this.rules.update(this.entities.get(resource)!);
  }

  override descriptor(resource: number): Descriptor | undefined {
    return this.entities.get(resource)?.descriptor;
  }

  /** Lets time pass; what is begun succeeds, or fails, at once. Says when what was begun. */
  pass(untilUs: number, outcome: Outcome = 'succeeded', crashes = true): string[] {
    const begun: string[] = [];
    for (; this.nowUs <= untilUs; this.nowUs += second) {
      this.rules.tick(this.nowUs);
      for (const { action, resource, verb, incarnation } of this.sent.splice(0)) {
        begun.push(`${this.nowUs / second} ${verb} ${resource}`);
        const next = incarnation + 1;
        const state = outcome === 'succeeded' ? 'up' : 'down';
        this.rules.onOutcome({
          type: 'action-outcome', action, resource, verb: verbOf(verb), outcome, incarnation: next,
          state,
        });
        this.show(resource, { state: 'up', incarnation: next });
        if (crashes) this.show(resource, { state: 'down', incarnation: next });
      }
    }
    return begun;
  }

  told(type: string): string[] {
    return this.takeObserved().filter((words) => words.startsWith(type));
  }
}

const restart = (...more: readonly string[]): string[] => [
  '  - name: restart', '    scope: local', '    when: entity.state == "down" && entity.hostUp',
  '    do: restart', ...more.map((line) => `    ${line}`),
];

t.test('for: what does not last does not fire, and each incarnation begins anew', (t) => {
  const host = new Host(restart('for: 5s'));
  host.show(1, { state: 'down' });
  t.strictSame(host.pass(4 * second), []);
  host.show(1, { state: 'up' });
  host.show(1, { state: 'down' });
  t.strictSame(host.pass(9 * second), [], 'it has to last without a break');
  t.strictSame(host.pass(16 * second), ['10 restart 1', '15 restart 1']);
  t.end();
});

t.test('cooldown: so long from one action on a resource to the next, others go on', (t) => {
  const host = new Host(restart('cooldown: 10s'));
  host.show(1, { state: 'down' });
  host.nowUs = 3 * second;
  host.show(2, { state: 'down' });
  t.strictSame(host.pass(14 * second),
    ['3 restart 1', '3 restart 2', '10 restart 1', '13 restart 2']);
  t.strictSame(host.told('action-held'), [
    'action-held restart restart cooldown service-1 1',
    'action-held restart restart cooldown service-2 2',
    'action-held restart restart cooldown service-1 1',
    'action-held restart restart cooldown service-2 2',
  ]);
  t.end();
});

t.test('limit: it waits for the window, which counts an action from its end', (t) => {
  const host = new Host(restart('limit: { atMost: 2, per: 20s }'));
  host.show(1, { state: 'down' });
  t.strictSame(host.pass(45 * second), [
    '0 restart 1', '1 restart 1', '20 restart 1', '21 restart 1', '40 restart 1', '41 restart 1',
  ]);
  t.end();
});

t.test('limit, then give-up: told once, and over when it has been well for long enough', (t) => {
  const host = new Host(restart('limit: { atMost: 2, per: 20s, then: give-up }'));
  host.show(1, { state: 'down' });
  t.equal(host.pass(100 * second).length, 2);
  t.strictSame(host.told('rule-'), [
    'rule-fired restart local service-1', 'rule-fired restart local service-1',
    'rule-fired restart local service-1', 'rule-gave-up restart service-1',
  ]);
  host.show(1, { state: 'up', incarnation: 9 });
  host.pass(110 * second);
  host.show(1, { state: 'down', incarnation: 10 });
  t.strictSame(host.pass(115 * second), [], 'well for ten seconds: still given up');
  host.show(1, { state: 'up', incarnation: 11 });
  host.pass(140 * second);
  host.show(1, { state: 'down', incarnation: 12 });
  t.equal(host.pass(150 * second).length, 2, 'somebody has put it right');
  t.ok(host.told('rule-resumed').includes('rule-resumed restart service-1'));
  t.end();
});

t.test('limit with reset: it takes up again by itself', (t) => {
  const host = new Host(restart('limit: { atMost: 1, per: 5s, then: give-up, reset: 30s }'));
  host.show(1, { state: 'down' });
  t.strictSame(host.pass(70 * second), ['0 restart 1', '30 restart 1', '60 restart 1']);
  t.end();
});

t.test('retry with stable: a success that does not last is no success', (t) => {
  const lines = restart('retry: { delay: 5s, factor: 2, max: 40s, stable: 30s }');
  const host = new Host(lines);
  host.show(1, { state: 'down' });
  t.strictSame(host.pass(120 * second),
    [0, 5, 15, 35, 75, 115].map((at) => `${at} restart 1`), 'ever more slowly');
  host.show(1, { state: 'up' });
  host.pass(200 * second);
  host.show(1, { state: 'down', incarnation: 20 });
  t.strictSame(host.pass(206 * second), ['201 restart 1', '206 restart 1'], 'it lasted: anew');
  t.end();
});

t.test('what a rule would do is told in mode observe, under the switch, and in a silence', (t) => {
  const observing = new Host(restart('mode: observe'));
  observing.show(1, { state: 'down' });
  t.strictSame(observing.pass(9 * second), []);
  t.strictSame(observing.told('action-held'), ['action-held restart restart observe service-1 1']);
  const off = new Host(restart(), { mode: 'observe' });
  off.show(1, { state: 'down' });
  t.strictSame(off.pass(9 * second), []);
  t.strictSame(off.told('action-held'), ['action-held restart restart off service-1 1']);
  const silences = [{ over: 'host', name: 'host-1', fromUs: 0, untilUs: 7 * second }];
  const silenced = new Host(restart(), { silences });
  silenced.show(1, { state: 'down' });
  silenced.show(2, { state: 'down' });
  t.strictSame(silenced.pass(7 * second, 'succeeded', false), ['0 restart 2', '7 restart 1']);
  t.strictSame(silenced.told('action-held'), ['action-held restart restart silence service-1 1']);
  t.end();
});

t.test('a notice waits for its cooldown, and is given then if it still holds', (t) => {
  const host = new Host(['  - name: tell', '    scope: local', '    when: entity.state == "down"',
    '    cooldown: 10s', '    notify: entity.name']);
  for (const state of ['down', 'up', 'down', 'up', 'down'] as const) host.show(1, { state });
  t.strictSame(host.told('notified'), ['notified tell service-1 service-1 1']);
  host.pass(9 * second);
  t.strictSame(host.told('notified'), []);
  host.pass(10 * second);
  t.strictSame(host.told('notified'), ['notified tell service-1 service-1 2']);
  t.end();
});

// -- global rules

/** One coordinator and its model. What is begun succeeds at once. */
class Whole extends Recorder {
  readonly rules: GlobalRules;
  readonly entities = new Map<number, LocalEntity>();

  constructor(lines: readonly string[], brakes: readonly Partial<BrakeSettings>[] = [],
    unknownFromUs: number | null = null) {
    super();
    const whole = brakes.map((brake): BrakeSettings => ({
      over: 'run', of: ['start', 'restart', 'stop'], budget: null, halt: null, unavailable: null,
      ...brake,
    }));
    const rules = rulesOf('rules:', ...lines);
    this.rules = new GlobalRules(rules, { ...settings, brakes: whole }, this, 0, unknownFromUs);
  }

  override descriptor(resource: number): Descriptor | undefined {
    return this.entities.get(resource)?.descriptor;
  }

  show(resource: number, change: Partial<LocalEntity>): void {
    const next = { ...(this.entities.get(resource) ?? entity(resource, { group: 'web' })),
      ...change };
    this.entities.set(resource, next);
    this.rules.update(next);
  }

  pass(untilUs: number, answers = true): string[] {
    const begun: string[] = [];
    for (; this.nowUs <= untilUs; this.nowUs += second) {
      this.rules.tick(this.nowUs);
      for (const { action, resource, verb, incarnation } of this.sent.splice(0)) {
        begun.push(`${this.nowUs / second} ${verb} ${resource}`);
        if (!answers) continue;
        const state: ResourceState = verb === 'stop' ? 'stopped' : 'up';
        const next = verb === 'stop' ? incarnation : incarnation + 1;
        const outcome: ActionOutcome = {
          type: 'action-outcome', action, resource, verb: verbOf(verb), outcome: 'succeeded', state,
          incarnation: next,
        };
        this.rules.onOutcome(outcome);
        this.show(resource, { state, incarnation: next });
      }
    }
    return begun;
  }
}

const keep = (wanted: number, ...more: readonly string[]): string[] => [
  '  - name: keep', '    scope: global', '    group: entity.labels.group',
  `    when: group.up + group.starting < ${wanted}`, '    do: start',
  '    pick: entity.state == "stopped"', ...more.map((line) => `    ${line}`),
];
const shrink = (above: number): string[] => [
  '  - name: shrink', '    scope: global', '    group: entity.labels.group',
  `    when: group.up > ${above}`, '    do: stop', '    pick: entity.state == "up"',
];

function spares(whole: Whole, count: number, up = 0): void {
  for (let resource = 0; resource < count + up; resource += 1) {
    whole.show(resource, { state: resource < up ? 'up' : 'stopped' });
  }
}

t.test('for: a group that is short for a moment starts nothing', (t) => {
  const whole = new Whole(keep(3, 'for: 5s'));
  spares(whole, 2, 3);
  whole.show(0, { state: 'down' });
  t.strictSame(whole.pass(3 * second), []);
  whole.show(0, { state: 'up' });
  whole.pass(4 * second);
  whole.show(0, { state: 'down' });
  t.strictSame(whole.pass(20 * second), ['10 start 3']);
  t.end();
});

t.test('a budget holds in every window, and is shared by all rules and groups', (t) => {
  const budget = { atMost: 3, perUs: 10 * second };
  const whole = new Whole(keep(8), [{ budget }]);
  spares(whole, 10);
  t.strictSame(whole.pass(25 * second), [
    '0 start 0', '0 start 1', '0 start 2', '10 start 3', '10 start 4', '10 start 5',
    '20 start 6', '20 start 7',
  ]);
  t.ok(whole.takeObserved().includes('action-held keep start budget web 3'));
  t.end();
});

t.test('a window counts an action that nobody has answered, and until its deadline', (t) => {
  const whole = new Whole(keep(8), [{ budget: { atMost: 3, perUs: 10 * second } }]);
  spares(whole, 10);
  const begun = whole.pass(39 * second, false).filter((words) => words.endsWith('start 3'));
  t.strictSame(begun, [], 'three are out, sent again every ten seconds, and given up at 30 s');
  t.strictSame(whole.pass(41 * second, false).slice(0, 1).map((words) => words.split(' ')[1]),
    ['start']);
  t.end();
});

t.test('a successor that does not know what was begun takes the window for full', (t) => {
  const whole = new Whole(keep(2), [{ budget: { atMost: 3, perUs: 10 * second } }], 0);
  spares(whole, 3);
  t.strictSame(whole.pass(11 * second), ['10 start 0', '10 start 1']);
  t.end();
});

t.test('a budget of each zone lets others go on', (t) => {
  const budget = { atMost: 1, perUs: 10 * second };
  const whole = new Whole(keep(3), [{ over: 'zone', budget }]);
  spares(whole, 4);
  const base = whole.entities.get(2)!;
  whole.show(2, { descriptor: { ...base.descriptor, zone: 'zone-2' } });
  t.strictSame(whole.pass(5 * second), ['0 start 0', '0 start 2']);
  t.end();
});

t.test('halt: nothing begins while too much is down; spares do not count', (t) => {
  const whole = new Whole(keep(4), [{ halt: 0.5 }]);
  spares(whole, 20, 4);
  for (const resource of [0, 1, 2]) whole.show(resource, { state: 'down' });
  t.strictSame(whole.pass(5 * second), [], 'three of four are down, whatever the spares');
  whole.show(0, { state: 'up' });
  t.strictSame(whole.pass(6 * second), ['6 start 4', '6 start 5'], 'half of them: not more');
  t.end();
});

t.test('halt: what was decommissioned while it was down is not missed any more', (t) => {
  const whole = new Whole(keep(4), [{ halt: 0.5 }]);
  spares(whole, 20, 4);
  for (const resource of [0, 1, 2]) whole.show(resource, { state: 'down' });
  t.strictSame(whole.pass(second), []);
  for (const resource of [0, 1]) whole.rules.forget(resource);
  t.strictSame(whole.pass(2 * second), ['2 start 4', '2 start 5', '2 start 6'], 'one of two');
  t.end();
});

t.test('unavailable: one member at a time is taken down by our own doing', (t) => {
  const whole = new Whole(shrink(2), [{ over: 'group', of: ['stop'], unavailable: 1 }]);
  spares(whole, 0, 4);
  t.strictSame(whole.pass(0, false), ['0 stop 0']);
  t.strictSame(whole.pass(3 * second, false), [], 'the first is still under way');
  t.strictSame(new Whole(shrink(2)).pass(0), []);
  const free = new Whole(shrink(2));
  spares(free, 0, 4);
  t.strictSame(free.pass(0, false), ['0 stop 0', '0 stop 1']);
  t.end();
});

t.test('unavailable: what is decommissioned is nobody that others wait for', (t) => {
  const whole = new Whole(shrink(2), [{ over: 'group', of: ['stop'], unavailable: 1 }]);
  spares(whole, 0, 4);
  t.strictSame(whole.pass(0, false), ['0 stop 0']);
  whole.rules.forget(0);
  t.strictSame(whole.pass(second, false), ['1 stop 1']);
  t.end();
});

t.test('rules that undo each other are named and slowed down', (t) => {
  const whole = new Whole([...keep(4), ...shrink(2)]);
  spares(whole, 3, 3);
  const begun = whole.pass(3600 * second);
  t.ok(begun.length < 60, `${begun.length} actions in an hour`);
  const named = whole.observed.filter(({ type }) => type === 'rules-fight');
  t.strictSame(named, [{ type: 'rules-fight', rules: ['keep', 'shrink'], target: 'web' }]);
  t.end();
});

t.test('rules that only meet are left alone: spares are started, and stopped after a heal', (t) => {
  const whole = new Whole([...keep(3), ...shrink(3)]);
  spares(whole, 3, 3);
  for (let round = 0; round < 20; round += 1) {
    for (const resource of [0, 1, 2]) whole.show(resource, { state: 'down' });
    whole.pass(whole.nowUs + 60 * second);
    for (const resource of [0, 1, 2]) whole.show(resource, { state: 'up' });
    whole.pass(whole.nowUs + 60 * second);
  }
  t.notOk(whole.observed.some(({ type }) => type === 'rules-fight'));
  t.end();
});
