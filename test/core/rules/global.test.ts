import fc from 'fast-check';
import t from 'tap';
import type { ActionOutcome } from '../../../core/rules/messages.js';
import type { Outcome, Refusal } from '../../../core/identity.js';
import type { Entity, ResourceState } from '../../../core/metamodel/entity.js';
import { GlobalMatcher } from '../../../core/rules/global-matcher.js';
import { GlobalRules, type GlobalRule, type RuleSet } from '../../../core/rules/index.js';
import { entity, Recorder, rulesOf } from './fixtures.js';

const keepThree = [
  '  - name: keep', '    scope: global', '    kind: service', '    group: entity.labels.group',
  '    let: { wanted: 3 }', '    when: group.up + group.starting < wanted', '    do: start',
  '    pick: entity.state == "stopped"', '    order: entity.metrics.load',
];
const settings = { timeoutUs: 1e6, retries: 2 };
const unbraked = { admit: () => null, ceased: () => {} };
const second = 1e6;

/** Three members up, then spares, with these loads. */
function shop(loads: readonly number[], rules: GlobalRules): void {
  for (const resource of [0, 1, 2]) rules.update(entity(resource, { group: 'shop' }));
  for (const [index, load] of loads.entries()) {
    rules.update(spare(3 + index, load));
  }
}

function spare(resource: number, load = 0, incarnation = 1): Entity {
  return entity(resource, { group: 'shop', state: 'stopped', metrics: [load, 0], incarnation });
}

function outcome(action: number, resource: number, result: Outcome | Refusal, incarnation: number,
  state: ResourceState = 'starting'): ActionOutcome {
  return {
    type: 'action-outcome', action, resource, verb: 'start', outcome: result, incarnation, state,
  };
}

t.test('a shortage of two starts exactly two, the best candidates', (t) => {
  const world = new Recorder();
  const rules = new GlobalRules(rulesOf('rules:', ...keepThree), settings, world);
  shop([3, 1, 2], rules);
  rules.tick(0);
  t.strictSame(world.takeSent(), []);
  for (const resource of [0, 1]) rules.update(entity(resource, { group: 'shop', state: 'down' }));
  t.strictSame(world.takeSent(), [], 'only tick acts');
  rules.tick(0);
  t.strictSame(world.takeSent(), ['start 4@1 #1', 'start 5@1 #3']);
  t.strictSame(world.takeObserved(), ['rule-fired keep global shop',
    'action-started keep start 4 1', 'action-started keep start 5 3']);
  rules.update(spare(4, 9));
  rules.tick(0);
  t.strictSame(world.takeSent(), [], 'a change of metrics does not unmake it');
  t.ok(rules.onOutcome(outcome(1, 4, 'succeeded', 2)));
  rules.tick(0);
  t.strictSame(world.takeSent(), [], 'nor does success before the model shows it');
  rules.update(entity(4, { group: 'shop', incarnation: 2 }));
  rules.update(entity(5, { group: 'shop', incarnation: 2, state: 'starting' }));
  rules.onOutcome(outcome(3, 5, 'succeeded', 2));
  rules.tick(0);
  t.strictSame(world.takeSent(), []);
  rules.update(entity(4, { group: 'shop', incarnation: 2, state: 'down' }));
  rules.tick(0);
  t.strictSame(world.takeSent(), ['start 3@1 #5'], 'the next shortage');
  t.end();
});

t.test('a failed candidate comes last, and not before its back-off and the model allow', (t) => {
  const world = new Recorder();
  const rules = new GlobalRules(rulesOf('rules:', ...keepThree), settings, world);
  shop([1, 2], rules);
  rules.update(entity(0, { group: 'shop', state: 'down' }));
  rules.tick(0);
  t.strictSame(world.takeSent(), ['start 3@1 #1']);
  rules.onOutcome(outcome(1, 3, 'failed', 2, 'stopped'));
  rules.tick(0);
  t.strictSame(world.takeSent(), ['start 4@1 #3'], 'the other one at once');
  rules.onOutcome(outcome(3, 4, 'refused', 1, 'stopped'));
  rules.tick(world.nowUs = 4 * second);
  t.strictSame(world.takeSent(), [], 'both back off');
  rules.tick(world.nowUs = 5 * second);
  t.strictSame(world.takeSent(), ['start 4@1 #5'], 'the model does not show the other\'s failure');
  rules.update(spare(3, 1, 2));
  rules.onOutcome(outcome(5, 4, 'failed', 2, 'stopped'));
  rules.tick(world.nowUs);
  t.strictSame(world.takeSent(), ['start 3@2 #7']);
  t.end();
});

/** One is missing, and of the two spares the first was asked and refuses; nothing else is sent. */
function refused(refusal: Refusal, incarnation: number, state: ResourceState): {
  world: Recorder; rules: GlobalRules;
} {
  const world = new Recorder();
  const rules = new GlobalRules(rulesOf('rules:', ...keepThree), settings, world);
  shop([1, 2], rules);
  rules.update(entity(0, { group: 'shop', state: 'down' }));
  rules.tick(0);
  world.takeSent();
  rules.onOutcome(outcome(1, 3, refusal, incarnation, state));
  rules.tick(0);
  return { world, rules };
}

t.test('what makes no sense where all is as the model shows it frees its claim at once', (t) => {
  const { world } = refused('no-sense', 1, 'stopped');
  t.strictSame(world.takeSent(), ['start 4@1 #3'], 'another is taken');
  t.end();
});

t.test('what has moved on counts as its agent says, until the model shows it', (t) => {
  for (const refusal of ['moved-on', 'busy', 'no-sense'] as const) {
    const { world, rules } = refused(refusal, 2, 'starting');
    rules.tick(world.nowUs = 100 * second);
    t.strictSame(world.takeSent(), [], `${refusal}: it starts, as it seems`);
    rules.update(entity(3, { group: 'shop', incarnation: 2, state: 'starting' }));
    rules.tick(world.nowUs);
    t.strictSame(world.takeSent(), [], 'and the model shows it');
    rules.update(entity(3, { group: 'shop', incarnation: 2, state: 'down' }));
    rules.tick(world.nowUs);
    t.strictSame(world.takeSent(), ['start 4@1 #3'], 'and that it has failed');
  }
  const { world } = refused('moved-on', 2, 'down');
  t.strictSame(world.takeSent(), ['start 4@1 #3'], 'it is down: another is needed');
  t.end();
});

t.test('while another action may be under way, that very one is asked again', (t) => {
  // The sensors show nothing of it.
  const { world, rules } = refused('busy', 1, 'stopped');
  t.strictSame(world.takeSent(), [], 'it counts as done');
  rules.tick(world.nowUs = 5 * second);
  t.strictSame(world.takeSent(), ['start 3@1 #3'], 'not another');
  rules.onOutcome(outcome(3, 3, 'busy', 1, 'stopped'));
  rules.tick(world.nowUs = 14 * second);
  t.strictSame(world.takeSent(), [], 'after the back-off, which doubles');
  rules.update(entity(0, { group: 'shop', incarnation: 2 }));
  rules.tick(world.nowUs = 15 * second);
  rules.tick(world.nowUs = 100 * second);
  t.strictSame(world.takeSent(), [], 'nor when it is not wanted any more');
  rules.update(entity(0, { group: 'shop', incarnation: 2, state: 'down' }));
  rules.tick(world.nowUs);
  t.strictSame(world.takeSent(), ['start 4@1 #5'], 'but from then on any');
  t.end();
});

t.test('while no answer comes that very one is asked once more, then another', (t) => {
  const world = new Recorder();
  const rules = new GlobalRules(rulesOf('rules:', ...keepThree), settings, world);
  shop([1, 2], rules);
  rules.update(entity(0, { group: 'shop', state: 'down' }));
  const sent: string[] = [];
  for (; world.nowUs <= 12 * second; world.nowUs += second) {
    rules.tick(world.nowUs);
    sent.push(...world.takeSent().map((words) => `${world.nowUs / second} ${words}`));
  }
  t.strictSame(sent, [
    '0 start 3@1 #1', '1 start 3@1 #1', '2 start 3@1 #1',
    '8 start 3@1 #3', '9 start 3@1 #3', '10 start 3@1 #3', '11 start 4@1 #5', '12 start 4@1 #5',
  ]);
  t.end();
});

t.test('one that is stopping counts as stopped, and is no candidate', (t) => {
  const world = new Recorder();
  const rules = new GlobalRules(rulesOf('rules:', '  - name: fewer', '    scope: global',
    '    kind: service', '    when: group.up > 1 && group.stopped < 2', '    do: stop',
    '    pick: entity.state == "up"'), settings, world);
  for (const resource of [0, 1, 2, 3]) rules.update(entity(resource));
  rules.update(entity(0, { state: 'stopping' }));
  rules.tick(0);
  t.strictSame(world.takeSent(), ['stop 1@1 #1']);
  rules.update(entity(1, { state: 'stopping' }));
  rules.tick(0);
  t.strictSame(world.takeSent(), []);
  t.end();
});

t.test('what failed lately comes after what did not', (t) => {
  const world = new Recorder();
  const rules = new GlobalRules(rulesOf('rules:', ...keepThree), settings, world);
  shop([1, 2, 3], rules);
  rules.update(entity(0, { group: 'shop', state: 'down' }));
  rules.tick(0);
  rules.onOutcome(outcome(1, 3, 'failed', 1, 'stopped'));
  rules.tick(0);
  rules.onOutcome(outcome(3, 4, 'succeeded', 2));
  rules.update(entity(4, { group: 'shop', incarnation: 2 }));
  rules.tick(world.nowUs = 30 * second);
  t.strictSame(world.takeSent(), ['start 3@1 #1', 'start 4@1 #3']);
  rules.update(entity(4, { group: 'shop', incarnation: 2, state: 'down' }));
  rules.tick(world.nowUs);
  t.strictSame(world.takeSent(), ['start 5@1 #5'], 'though 3 has less load');
  t.end();
});

t.test('without an answer the action expires, and what was begun no longer counts', (t) => {
  const world = new Recorder();
  const rules = new GlobalRules(rulesOf('rules:', ...keepThree), settings, world);
  shop([1], rules);
  rules.update(entity(0, { group: 'shop', state: 'down' }));
  const sent: string[] = [];
  for (; world.nowUs <= 8 * second; world.nowUs += second) {
    rules.tick(world.nowUs);
    sent.push(...world.takeSent().map((words) => `${world.nowUs / second} ${words}`));
  }
  t.strictSame(sent, ['0 start 3@1 #1', '1 start 3@1 #1', '2 start 3@1 #1', '8 start 3@1 #3']);
  t.end();
});

t.test('what left the model and came back unchanged is not started again', (t) => {
  const world = new Recorder();
  const rules = new GlobalRules(rulesOf('rules:', ...keepThree), settings, world);
  shop([1, 2], rules);
  rules.update(entity(0, { group: 'shop', state: 'down' }));
  rules.tick(0);
  rules.forget(3);
  rules.update(spare(3, 1));
  rules.tick(0);
  t.strictSame(world.takeSent(), ['start 3@1 #1']);
  rules.clear();
  t.notOk(rules.onOutcome(outcome(1, 3, 'succeeded', 2)), 'cleared');
  shop([1, 2], rules);
  rules.tick(0);
  t.strictSame(world.takeSent(), []);
  rules.forget(0);
  rules.tick(0);
  t.strictSame(world.takeSent(), ['start 3@1 #3'], 'a lost member is a missing one');
  t.end();
});

t.test('a group whose last member is gone is looked at as any other', (t) => {
  const world = new Recorder();
  const rules = new GlobalRules(rulesOf('rules:', '  - name: missing', '    scope: global',
    '    kind: service', '    group: entity.labels.group', '    when: group.up == 0',
    '    notify: group.name + " does not serve"',
  ), settings, world);
  rules.update(entity(0, { group: 'shop' }));
  rules.tick(0);
  t.strictSame(world.takeObserved(), []);
  rules.forget(0);
  rules.tick(0);
  t.match(world.takeObserved(), [/^rule-fired/, /^notified missing shop shop does not serve/]);
  t.end();
});

t.test('metrics alone can make a candidate', (t) => {
  const world = new Recorder();
  const rules = new GlobalRules(rulesOf('rules:', '  - name: shed', '    scope: global',
    '    kind: service', '    when: group.up > 1', '    do: stop',
    '    pick: entity.metrics.load < 0.5',
  ), settings, world);
  for (const resource of [0, 1]) rules.update(entity(resource, { metrics: [0.9, 0] }));
  rules.tick(0);
  t.strictSame(world.takeObserved(), ['rule-fired shed global all'], 'wanted, but by nobody');
  rules.update(entity(1, { metrics: [0.4, 0] }));
  rules.tick(0);
  t.strictSame(world.takeSent(), ['stop 1@1 #1']);
  t.strictSame(world.takeObserved(), ['action-started shed stop 1 1'], 'fired before');
  t.end();
});

t.test('a notice is given once each time; means and sums are of those that are up', (t) => {
  const world = new Recorder();
  const rules = new GlobalRules(rulesOf('rules:', '  - name: hot', '    scope: global',
    '    kind: service', '    when: group.mean.load > 0.8',
    '    notify: group.name + " " + string(group.sum.load) + " of " + string(group.up)',
  ), settings, world);
  const said = (): string[] => {
    rules.tick(0);
    return world.takeObserved().filter((words) => words.startsWith('notified'));
  };
  rules.update(entity(0));
  t.strictSame(said(), [], 'no mean yet');
  rules.update(entity(0, { metrics: [0.7, 0] }));
  rules.update(entity(1, { metrics: [0.8, 0] }));
  rules.update(entity(2, { metrics: [3, 0], state: 'down' }));
  t.strictSame(said(), []);
  rules.update(entity(0, { metrics: [1, 0] }));
  t.strictSame(said(), ['notified hot all all 1.8 of 2 1']);
  rules.update(entity(0, { metrics: [1.1, 0] }));
  t.strictSame(said(), []);
  rules.forget(0);
  t.strictSame(said(), []);
  rules.update(entity(1, { metrics: [0.9, 0] }));
  t.strictSame(said(), ['notified hot all all 0.9 of 1 2']);
  t.end();
});

// -- incremental matching against evaluation from scratch

const manyRules = rulesOf('rules:', ...keepThree,
  '  - { name: surplus, scope: global, kind: service, group: entity.labels.group, do: stop,',
  '      when: group.up > 3, pick: entity.state == "up" && entity.metrics.load < 3.0 }',
  '  - { name: hot, scope: global, kind: worker, group: entity.host, notify: group.name,',
  '      when: group.mean.queue > 1.5 && group.total > 1 }',
);
type Rule = 'keep' | 'surplus' | 'hot';

/** All is computed anew from the model and from what was begun and not yet superseded. */
class Oracle {
  readonly model = new Map<number, Entity>();
  /** All that ever was in it: a group that once was is looked at when it is empty. */
  readonly once: Entity[] = [];
  /** Resource -> what the model showed when an action began, and as what it counts since. */
  readonly begun = new Map<number, { shown: string; state: ResourceState }>();
  readonly wanting = new Set<string>();

  shown(resource: number): string {
    const one = this.model.get(resource);
    return one === undefined ? '' : `${one.state}@${one.incarnation}`;
  }
  countsAs(one: Entity): ResourceState {
    return this.begun.get(one.resource)?.state ?? one.state;
  }
  /** What a change of the model shows is no longer as it was when the action began. */
  settle(): void {
    for (const [resource, { shown }] of this.begun) {
      const now = this.shown(resource);
      if (now !== '' && now !== shown) this.begun.delete(resource);
    }
  }

  evaluate(busy: ReadonlySet<number>): string[] {
    const said: string[] = [];
    for (const rule of ['keep', 'surplus', 'hot'] as const) {
      const groups = new Set(this.once.map((one) => this.groupOf(rule, one)));
      for (const group of groups) {
        if (group !== undefined) said.push(...this.#evaluate(rule, group, busy));
      }
    }
    return said.sort();
  }

  groupOf(rule: Rule, { descriptor }: Entity): string | undefined {
    if (rule === 'hot') return descriptor.kind === 'worker' ? descriptor.host : undefined;
    return descriptor.kind === 'service' ? descriptor.labels['group'] : undefined;
  }

  #evaluate(rule: Rule, group: string, busy: ReadonlySet<number>): string[] {
    const key = `${rule} ${group}`;
    if (!this.#holds(rule, group)) {
      this.wanting.delete(key);
      return [];
    }
    const fresh = !this.wanting.has(key);
    this.wanting.add(key);
    const targets: number[] = [];
    while (rule !== 'hot' && this.#holds(rule, group)) {
      const [best] = this.#members(rule, group)
        .filter((one) => !busy.has(one.resource) && !this.begun.has(one.resource))
        .filter((one) => (rule === 'keep' ? one.state === 'stopped'
          : one.state === 'up' && one.metrics !== null && one.metrics[0] < 3))
        .sort((a, b) => this.#order(rule, a) - this.#order(rule, b) || a.resource - b.resource);
      if (best === undefined) break;
      targets.push(best.resource);
      const state = rule === 'keep' ? 'starting' : 'stopped';
      this.begun.set(best.resource, { shown: this.shown(best.resource), state });
    }
    if (!this.#holds(rule, group)) this.wanting.delete(key);
    return fresh || targets.length > 0 ? [`${key} ${fresh} ${targets.join(',')}`] : [];
  }

  #order(rule: Rule, one: Entity): number {
    return rule === 'keep' ? one.metrics?.[0] ?? 1e9 : 0;
  }
  #members(rule: Rule, group: string): Entity[] {
    return [...this.model.values()].filter((one) => this.groupOf(rule, one) === group);
  }
  #holds(rule: Rule, group: string): boolean {
    const members = this.#members(rule, group);
    const up = members.filter((one) => this.countsAs(one) === 'up');
    if (rule === 'surplus') return up.length > 3;
    if (rule === 'keep') {
      const starting = members.filter((one) => this.countsAs(one) === 'starting');
      return up.length + starting.length < 3;
    }
    const values = up.flatMap((one) => (one.metrics === null ? [] : [one.metrics[0]]));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.length > 0 && mean > 1.5 && members.length > 1;
  }
}

const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({
    type: fc.constant('update' as const), resource: fc.nat(23),
    change: fc.record({
      state: fc.constantFrom<ResourceState>('up', 'up', 'up', 'starting', 'stopped', 'down'),
      incarnation: fc.integer({ min: 1, max: 3 }),
      metrics: fc.option(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.constant(0))),
    }, { requiredKeys: [] }),
  }) },
  fc.record({ type: fc.constant('forget' as const), resource: fc.nat(23) }),
  { weight: 2, arbitrary: fc.record({ type: fc.constant('evaluate' as const) }) },
  fc.record({ type: fc.constant('end' as const), which: fc.nat(20), succeeded: fc.boolean(),
    later: fc.boolean() }),
);

t.test('incremental matching says what evaluation from scratch says', (t) => {
  fc.assert(fc.property(fc.array(command, { maxLength: 120 }), (commands) => {
    const matcher = new GlobalMatcher(manyRules);
    const oracle = new Oracle();
    const pending = new Map<number, { rule: GlobalRule; incarnation: number }>();
    const book = {
      isFree: (_rule: unknown, resource: number) => !pending.has(resource),
      backOffUs: () => 0, ...unbraked,
    };
    for (const one of [...commands, { type: 'evaluate' as const }]) {
      if (one.type === 'update') {
        const kind = one.resource < 18 ? 'service' : 'worker';
        const group = ['a', 'b', undefined][one.resource % 3];
        const fresh = entity(one.resource, { kind, ...(group === undefined ? {} : { group }) });
        const next = { ...(oracle.model.get(one.resource) ?? fresh), ...one.change };
        oracle.model.set(one.resource, next);
        oracle.once.push(next);
        oracle.settle();
        matcher.update(next);
      } else if (one.type === 'forget') {
        oracle.model.delete(one.resource);
        matcher.forget(one.resource);
      } else if (one.type === 'end') {
        const [resource, order] = [...pending][one.which % Math.max(1, pending.size)] ?? [];
        if (resource === undefined || order === undefined) continue;
        pending.delete(resource);
        const incarnation = order.incarnation + (one.later ? 1 : 0);
        const begun = oracle.begun.get(resource);
        if (!one.succeeded && begun !== undefined) {
          const [state, shown] = begun.shown.split('@');
          if (incarnation <= Number(shown)) oracle.begun.delete(resource);
          else oracle.begun.set(resource, { ...begun, state: state as ResourceState });
        }
        const rule = order.rule as unknown as Parameters<GlobalMatcher['ended']>[0]['rule'];
        const group = '';
        matcher.ended({ rule, resource, incarnation: order.incarnation, group },
          one.succeeded ? 'succeeded' : 'failed', incarnation);
        matcher.due({ rule, resource, incarnation, group }, () => true);
      } else {
        const busy = new Set(pending.keys());
        const found = matcher.evaluate(book, 0);
        for (const { rule, targets } of found) {
          for (const { resource, incarnation } of targets) {
            pending.set(resource, { rule, incarnation });
          }
        }
        const words = found.map(({ rule, group, fresh, targets }) =>
          `${rule.name} ${group} ${fresh} ${targets.map(({ resource }) => resource).join(',')}`);
        t.strictSame(words.sort(), oracle.evaluate(busy));
      }
    }
  }), { numRuns: 500 });
  t.end();
});

t.test('with 100,000 entities an update touches one group and scans nothing', (t) => {
  const evaluated = { group: 0, when: 0, pick: 0 };
  const rules = counted(rulesOf('rules:', ...keepThree), evaluated);
  const matcher = new GlobalMatcher(rules);
  const book = { isFree: () => true, backOffUs: () => 0, ...unbraked };
  const count = 100_000;
  // Of processor time, which others on the machine do not lengthen.
  const began = process.cpuUsage();
  for (let resource = 0; resource < count; resource += 1) {
    const state = resource < 0.9 * count ? 'up' : 'stopped';
    matcher.update(entity(resource, { group: `group-${resource % 1000}`, state }));
  }
  t.strictSame(matcher.evaluate(book, 0), []);
  t.strictSame(evaluated, { group: count, when: 1000, pick: count }, 'each once');
  Object.assign(evaluated, { group: 0, when: 0, pick: 0 });
  for (let round = 0; round < 3; round += 1) {
    for (let resource = 0; resource < count; resource += 1) {
      const state = (['down', 'starting', 'up'] as const)[round];
      matcher.update(entity(resource, { group: `group-${resource % 1000}`, state }));
    }
  }
  t.strictSame(evaluated, { group: 0, when: 0, pick: 3 * count });
  t.strictSame(matcher.evaluate(book, 0), []);
  t.equal(evaluated.when, 1000);
  matcher.update(entity(7, { group: 'group-7', state: 'down' }));
  t.strictSame(matcher.evaluate(book, 0), []);
  t.equal(evaluated.when, 1001);
  const microseconds = process.cpuUsage(began).user / (4 * count);
  t.comment(`${microseconds.toFixed(2)} us per update`);
  t.ok(microseconds < 50, 'far from a scan, which would take milliseconds');
  t.end();
});

function counted(
  rules: RuleSet, counts: { group: number; when: number; pick: number },
): RuleSet {
  const global = rules.rules.filter((rule) => rule.scope === 'global').map((rule): GlobalRule => {
    const { act } = rule;
    return {
      ...rule,
      group: (context) => (counts.group += 1, rule.group(context)),
      when: (context) => (counts.when += 1, rule.when(context)),
      act: act.verb === 'notify' ? act
        : { ...act, pick: (context) => (counts.pick += 1, act.pick(context)) },
    };
  });
  return { ...rules, rules: global, global: new Map([['service', global]]) };
}
