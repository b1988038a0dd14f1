import fc from 'fast-check';
import t from 'tap';
import type { ActionOutcome } from '../../../core/rules/messages.js';
import type { Outcome } from '../../../core/identity.js';
import type { ResourceState } from '../../../core/metamodel/entity.js';
import { LocalMatcher, type LocalEntity } from '../../../core/rules/local-matcher.js';
import { LocalRules, type LocalRule, type RuleSet } from '../../../core/rules/index.js';
import { entity, Recorder, rulesOf } from './fixtures.js';

const restart = rulesOf(
  'rules:', '  - name: restart', '    scope: local', '    kind: service',
  '    when: entity.state == "down" && entity.hostUp', '    do: restart',
  '    retry: { delay: 5s, factor: 2, max: 15s }',
);
const settings = { timeoutUs: 1e6, retries: 2 };
const second = 1e6;

function outcome(action: number, resource: number, result: Outcome, incarnation: number,
  state: ResourceState): ActionOutcome {
  return {
    type: 'action-outcome', action, resource, verb: 'restart', outcome: result, incarnation, state,
  };
}

t.test('a crash is answered by one restart', (t) => {
  const world = new Recorder();
  const rules = new LocalRules(restart, settings, world);
  rules.update(entity(4));
  rules.update(entity(4, { state: 'down', hostUp: false }));
  t.strictSame(world.takeSent(), [], 'not while the host is dead');
  rules.update(entity(4, { state: 'down' }));
  t.strictSame(world.takeSent(), ['restart 4@1 #0']);
  t.strictSame(world.takeObserved(),
    ['rule-fired restart local service-4', 'action-started restart restart 4 0']);
  rules.update(entity(4, { state: 'down' }));
  rules.update(entity(4, { state: 'down', metrics: [1, 2] }));
  t.strictSame(world.takeSent(), [], 'once');
  t.notOk(rules.onOutcome(outcome(2, 4, 'succeeded', 2, 'up')), 'not this action');
  t.notOk(rules.onOutcome(outcome(0, 5, 'succeeded', 2, 'up')), 'not this resource');
  t.ok(rules.onOutcome(outcome(0, 4, 'succeeded', 2, 'up')));
  t.notOk(rules.onOutcome(outcome(0, 4, 'succeeded', 2, 'up')), 'a repeated outcome');
  t.strictSame(world.takeObserved(), ['action-ended restart 4 0 succeeded']);
  rules.update(entity(4, { incarnation: 2 }));
  rules.update(entity(4, { incarnation: 2, state: 'down' }));
  t.strictSame(world.takeSent(), ['restart 4@2 #2'], 'the next crash');
  t.end();
});

t.test('without an answer it is sent again under its number, expires, and is retried', (t) => {
  const world = new Recorder();
  const rules = new LocalRules(restart, settings, world, 100);
  rules.update(entity(1, { state: 'down' }));
  const sent: string[] = [];
  for (; world.nowUs <= 9 * second; world.nowUs += second / 2) {
    rules.tick(world.nowUs);
    sent.push(...world.takeSent().map((words) => `${world.nowUs / second} ${words}`));
  }
  t.strictSame(sent, [
    '0 restart 1@1 #200', '1 restart 1@1 #200', '2 restart 1@1 #200',
    '8 restart 1@1 #202', '9 restart 1@1 #202',
  ]);
  t.ok(world.takeObserved().includes('action-ended restart 1 200 expired'));
  t.end();
});

t.test('what is no longer ours has an end too, and no outcome', (t) => {
  const world = new Recorder();
  const rules = new LocalRules(restart, settings, world);
  for (const resource of [1, 2, 3]) rules.update(entity(resource, { state: 'down' }));
  world.takeObserved();
  rules.forget(2);
  rules.forget(7);
  t.strictSame(world.takeObserved(), ['action-ended restart 2 2 dropped']);
  t.notOk(rules.onOutcome(outcome(2, 2, 'succeeded', 2, 'up')));
  rules.clear();
  t.strictSame(world.takeObserved(),
    ['action-ended restart 1 0 dropped', 'action-ended restart 3 4 dropped']);
  rules.tick(60 * second);
  t.strictSame(world.takeObserved(), []);
  t.end();
});

t.test('failures back off, with the incarnation that the outcome reported', (t) => {
  const world = new Recorder();
  const rules = new LocalRules(restart, settings, world);
  rules.update(entity(1, { state: 'down' }));
  const attempts: string[] = [];
  for (; world.nowUs <= 60 * second; world.nowUs += second) {
    rules.tick(world.nowUs);
    for (const { action, incarnation } of world.sent.splice(0)) {
      attempts.push(`${world.nowUs / second}: @${incarnation}`);
      // The model hears of it before the rules, or after them, in turn.
      const down = entity(1, { state: 'down', incarnation: incarnation + 1 });
      if (incarnation % 2 === 0) rules.update(down);
      rules.onOutcome(outcome(action, 1, incarnation % 3 === 0 ? 'unknown' : 'failed',
        incarnation + 1, 'down'));
      if (incarnation % 2 === 1) rules.update(down);
    }
  }
  t.strictSame(attempts, ['0: @1', '5: @2', '15: @3', '30: @4', '45: @5', '60: @6']);
  t.end();
});

t.test('after a success the back-off begins anew', (t) => {
  const world = new Recorder();
  const rules = new LocalRules(restart, settings, world);
  rules.update(entity(1, { state: 'down' }));
  rules.onOutcome(outcome(0, 1, 'failed', 2, 'down'));
  rules.tick(world.nowUs = 5 * second);
  rules.onOutcome(outcome(2, 1, 'succeeded', 3, 'up'));
  rules.update(entity(1, { state: 'down', incarnation: 3 }));
  rules.onOutcome(outcome(4, 1, 'failed', 4, 'down'));
  world.takeSent();
  rules.tick(world.nowUs = 10 * second);
  t.strictSame(world.takeSent(), ['restart 1@4 #6']);
  t.end();
});

t.test('a retry needs the rule to hold still; an old failure is forgotten', (t) => {
  const world = new Recorder();
  const rules = new LocalRules(restart, settings, world);
  rules.update(entity(1, { state: 'down' }));
  rules.onOutcome(outcome(0, 1, 'failed', 2, 'down'));
  rules.update(entity(1, { state: 'up', incarnation: 3 }));
  world.takeSent();
  rules.tick(world.nowUs = 5 * second);
  t.strictSame(world.takeSent(), [], 'someone else repaired it');
  world.nowUs = 60 * second;
  rules.update(entity(1, { state: 'down', incarnation: 3 }));
  t.strictSame(world.takeSent(), ['restart 1@3 #2']);
  rules.onOutcome(outcome(2, 1, 'failed', 4, 'down'));
  rules.tick(world.nowUs = 65 * second);
  t.strictSame(world.takeSent(), ['restart 1@4 #4'], 'after the first delay again');
  t.end();
});

t.test('a refusal is no leave to act on an incarnation that the rule has not seen', (t) => {
  const world = new Recorder();
  const rules = new LocalRules(restart, settings, world);
  rules.update(entity(1, { state: 'down' }));
  rules.onOutcome(outcome(0, 1, 'refused', 2, 'up'));
  world.takeSent();
  rules.tick(world.nowUs = 5 * second);
  t.strictSame(world.takeSent(), ['restart 1@1 #2'], 'will be refused again');
  rules.update(entity(1, { state: 'down', incarnation: 2 }));
  rules.onOutcome(outcome(2, 1, 'refused', 2, 'down'));
  rules.tick(world.nowUs = 15 * second);
  t.strictSame(world.takeSent(), ['restart 1@2 #4']);
  t.end();
});

t.test('what is handed over is forgotten with its action', (t) => {
  const world = new Recorder();
  const rules = new LocalRules(restart, settings, world);
  rules.update(entity(1, { state: 'down' }));
  rules.forget(1);
  rules.tick(world.nowUs = 10 * second);
  t.notOk(rules.onOutcome(outcome(0, 1, 'succeeded', 2, 'up')));
  t.strictSame(world.takeSent(), ['restart 1@1 #0']);
  rules.update(entity(1, { state: 'down' }));
  t.strictSame(world.takeSent(), ['restart 1@1 #2'], 'and new when it comes back');
  rules.clear();
  rules.update(entity(1, { state: 'down' }));
  t.strictSame(world.takeSent(), ['restart 1@1 #4'], 'numbers go on');
  t.end();
});

t.test('a second rule waits until the action of the first has ended', (t) => {
  const world = new Recorder();
  const rules = new LocalRules(rulesOf(
    'rules:', '  - { name: a, scope: local, when: entity.state == "down", do: restart }',
    '  - { name: b, scope: local, when: entity.state == "down", do: stop }',
    '  - { name: c, scope: local, when: entity.state == "down",',
    '      notify: "\'lost \' + entity.name" }',
  ), settings, world);
  rules.update(entity(1, { state: 'down' }));
  t.strictSame(world.takeSent(), ['restart 1@1 #0']);
  t.ok(world.takeObserved().includes('notified c service-1 lost service-1 1'));
  rules.tick(0);
  t.strictSame(world.takeSent(), []);
  rules.onOutcome(outcome(0, 1, 'failed', 1, 'down'));
  rules.tick(0);
  t.strictSame(world.takeSent(), ['stop 1@1 #2']);
  t.end();
});

// -- incremental matching against evaluation from scratch

const manyRules = [
  '  - { name: down, scope: local, when: entity.state == "down" && entity.hostUp, do: restart }',
  '  - { name: busy, scope: local, kind: service, when: entity.metrics.load > 0.5, do: stop }',
  '  - { name: late, scope: local, kind: service, do: stop,',
  '      when: entity.state == "up" && entity.metrics.latency > 5.0 || entity.incarnation > 3 }',
  '  - { name: queue, scope: local, kind: worker, do: restart,',
  '      when: has(entity.metrics.queue) && entity.labels.group == "a" }',
];
/** The same conditions, written without the code under test. */
const conditions: Record<string, (entity: LocalEntity) => boolean> = {
  down: (e) => e.state === 'down' && e.hostUp,
  busy: (e) => e.descriptor.kind === 'service' && e.metrics !== null && e.metrics[0] > 0.5,
  late: (e) => e.descriptor.kind === 'service'
    && ((e.state === 'up' && e.metrics !== null && e.metrics[1] > 5) || e.incarnation > 3),
  queue: (e) => e.descriptor.kind === 'worker' && e.metrics !== null
    && e.descriptor.labels['group'] === 'a',
};

const states: readonly ResourceState[] = ['up', 'starting', 'stopped', 'down'];
const step = fc.record({
  resource: fc.nat(3),
  forget: fc.nat(9).map((n) => n === 0),
  change: fc.record({
    state: fc.constantFrom(...states),
    incarnation: fc.integer({ min: 1, max: 5 }),
    hostUp: fc.boolean(),
    metrics: fc.option(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 4, max: 6 }))),
  }, { requiredKeys: [] }),
});

t.test('incremental matching says what evaluation from scratch says', (t) => {
  const rules = rulesOf('rules:', ...manyRules);
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const matcher = new LocalMatcher(rules);
    const model = new Map<number, LocalEntity>();
    const fired = new Map<string, number>();
    for (const { resource, forget, change } of steps) {
      if (forget) {
        matcher.forget(resource);
        model.delete(resource);
        for (const name of Object.keys(conditions)) fired.delete(`${name} ${resource}`);
        continue;
      }
      const kind = resource % 2 === 0 ? 'service' : 'worker';
      const fresh = entity(resource, { kind, ...(resource < 2 ? { group: 'a' } : {}) });
      const next = { ...(model.get(resource) ?? fresh), ...change };
      model.set(resource, next);
      const found = matcher.update(next, 0).map((one) => `${one.rule.name} ${one.resource}`);
      const expected: string[] = [];
      for (const [name, holds] of Object.entries(conditions)) {
        for (const one of model.values()) {
          const key = `${name} ${one.resource}`;
          if (!holds(one)) fired.delete(key);
          else if (fired.get(key) !== one.incarnation) {
            fired.set(key, one.incarnation);
            expected.push(key);
          }
          const rule = rules.rules.find((candidate) => candidate.name === name) as LocalRule;
          if (matcher.holds(rule, one.resource) !== holds(one)) throw new Error(`${key} differs`);
        }
      }
      t.strictSame(found, expected);
    }
  }), { numRuns: 200 });
  t.end();
});

t.test('a rule is evaluated only when something that it reads has changed', (t) => {
  const evaluated: string[] = [];
  const rules = spied(rulesOf('rules:', ...manyRules), (name) => evaluated.push(name));
  const matcher = new LocalMatcher(rules);
  t.ok(matcher.minded('service'));
  t.notOk(new LocalMatcher(restart).minded('service'));
  matcher.update(entity(2, { metrics: [0, 0] }), 0);
  t.strictSame(evaluated.splice(0), ['down', 'busy', 'late']);
  matcher.update(entity(2, { metrics: [1, 0] }), 0);
  t.strictSame(evaluated.splice(0), ['busy', 'late'], 'metrics alone');
  matcher.update(entity(2, { metrics: [1, 0], hostUp: false }), 0);
  t.strictSame(evaluated.splice(0), ['down', 'busy', 'late']);
  t.end();
});

function spied(rules: RuleSet, note: (rule: string) => void): RuleSet {
  const local = rules.rules.filter((rule) => rule.scope === 'local').map((rule): LocalRule => ({
    ...rule,
    when: (context) => {
      note(rule.name);
      return rule.when(context);
    },
  }));
  const byKind = ['service', 'worker'].map((kind) =>
    [kind, local.filter((rule) => rule.kinds.includes(kind))] as const);
  return { ...rules, rules: local, local: new Map(byKind) };
}

// -- against an actuator that compares and sets, over a network that loses

const network = fc.array(fc.record({
  requestLost: fc.boolean(), answerLost: fc.boolean(), fails: fc.boolean(),
  crash: fc.nat(6), wait: fc.integer({ min: 0, max: 4 }), stale: fc.boolean(),
}), { maxLength: 80 });

t.test('over a bad network nothing is done twice, over a good one all is repaired', (t) => {
  fc.assert(fc.property(network, (steps) => {
    const world = new Recorder();
    const rules = new LocalRules(restart, settings, world);
    const truth = [0, 1, 2].map((resource) => entity(resource));
    const carriedOut = new Set<string>();
    const answers = new Map<number, ActionOutcome>();
    const lossless = { requestLost: false, answerLost: false, fails: false, crash: 6, wait: 4,
      stale: false };
    for (const now of [...steps, ...Array.from({ length: 40 }, () => lossless)]) {
      world.nowUs += now.wait * second;
      if (now.crash < 3) {
        truth[now.crash] = { ...truth[now.crash], state: 'down' };
        rules.update(truth[now.crash]);
      }
      rules.tick(world.nowUs);
      for (const { resource, action, incarnation } of world.sent.splice(0)) {
        if (now.requestLost) continue;
        const target = truth[resource];
        let answer = answers.get(action);
        if (answer === undefined && incarnation !== target.incarnation) {
          answer = outcome(action, resource, 'refused', target.incarnation, target.state);
        } else if (answer === undefined) {
          const key = `${resource}@${incarnation}`;
          if (carriedOut.has(key)) throw new Error(`twice: ${key}`);
          carriedOut.add(key);
          const state = now.fails ? 'down' : 'up';
          truth[resource] = { ...target, incarnation: incarnation + 1, state };
          answer = outcome(action, resource, now.fails ? 'failed' : 'succeeded',
            incarnation + 1, state);
        }
        answers.set(action, answer);
        if (now.answerLost) continue;
        if (!now.stale) rules.update(truth[resource]);
        rules.onOutcome(answer);
        if (now.stale) rules.update(truth[resource]);
      }
    }
    t.strictSame(truth.map(({ state }) => state), ['up', 'up', 'up']);
  }), { numRuns: 300 });
  t.end();
});
