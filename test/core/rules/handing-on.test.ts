/** What rules keep in mind of a resource goes with it. */
import { verbOf } from '../../../core/verbs/index.js';
import t from 'tap';
import { aged, ruleMemory } from '../../../core/rules/memory.js';
import { LocalRules, type LocalEntity } from '../../../core/rules/index.js';
import { Reader } from '../../../core/wire/reader.js';
import { Writer } from '../../../core/wire/writer.js';
import { entity, Recorder, rulesOf } from './fixtures.js';

const second = 1e6;
const down = entity(1, { state: 'down' });

/** A manager whose clock shows something of its own. */
class Manager extends Recorder {
  readonly rules: LocalRules;
  shown: LocalEntity = down;

  constructor(nowUs: number, lines: readonly string[], handOn = true) {
    super();
    this.nowUs = nowUs;
    const settings = { timeoutUs: 10 * second, retries: 0, ...(handOn ? { handOn } as const : {}) };
    this.rules = new LocalRules(rulesOf('rules:', ...lines), settings, this);
  }

  show(change: LocalEntity): void {
    this.shown = change;
    this.rules.update(change);
  }

  override look(): void {
    this.rules.update(this.shown);
  }

  /** Restarts begun in so many seconds, which all end so, each of a resource that stays down. */
  pass(seconds: number, outcome: 'succeeded' | 'failed' = 'succeeded'): number[] {
    const begun: number[] = [];
    const fromUs = this.nowUs;
    for (; this.nowUs < fromUs + seconds * second; this.nowUs += second) {
      this.rules.tick(this.nowUs);
      for (const { action, resource, verb, incarnation } of this.sent.splice(0)) {
        begun.push((this.nowUs - fromUs) / second);
        const next = outcome === 'succeeded' ? incarnation + 1 : incarnation;
        this.rules.onOutcome({
          type: 'action-outcome', action, resource, verb: verbOf(verb), outcome, incarnation: next,
          state: 'down',
        });
        this.show({ ...this.shown, state: 'up', incarnation: next });
        this.show({ ...this.shown, state: 'down' });
      }
    }
    return begun;
  }

  notices(): number {
    return this.takeObserved().filter((words) => words.startsWith('notified')).length;
  }
}

/** Another manager takes the resource over, told over the wire. */
function next(former: Manager, lines: readonly string[], handOn = true): Manager {
  const later = new Manager(5000 * second, lines, handOn);
  const told = former.rules.remember(1).map((memory) => {
    const bytes = new Uint8Array(ruleMemory.size(memory));
    ruleMemory.put(new Writer(bytes), memory);
    return ruleMemory.take(new Reader(bytes, 0, bytes.length));
  });
  later.rules.announced(told);
  later.show(former.shown);
  return later;
}

const rule = (...more: readonly string[]): string[] => [
  '  - name: mend', '    scope: local', '    when: entity.state == "down"', '    do: restart',
  ...more.map((line) => `    ${line}`),
];

function mended(seconds: number, ...more: readonly string[]): [Manager, Manager, Manager] {
  const manager = new Manager(0, rule(...more));
  manager.show(down);
  manager.pass(seconds);
  return [manager, next(manager, rule(...more)), next(manager, rule(...more), false)];
}

t.test('a limit goes on counting, and given up stays given up', async (t) => {
  const [, later, anew] = mended(5, 'limit: { atMost: 2, per: 20s }');
  t.same(later.pass(40).slice(0, 2), [15, 16], 'when the window has passed');
  t.same(anew.pass(40).slice(0, 2), [0, 1], 'without it the window begins anew');
  const [first, gaveUp] = mended(10, 'limit: { atMost: 2, per: 100s, then: give-up }');
  t.ok(first.takeObserved().some((words) => words.startsWith('rule-gave-up')));
  t.same(gaveUp.pass(1000), []);
  t.notOk(gaveUp.takeObserved().some((words) => words.startsWith('rule-gave-up')), 'told once');
});

t.test('a cooldown, a wait and a back-off go on', async (t) => {
  t.same(mended(4, 'cooldown: 30s')[1].pass(31), [26]);
  t.same(mended(4, 'for: 30s')[1].pass(31), [26]);
  const lines = rule('retry: { delay: 8s, factor: 2, max: 100s }');
  const manager = new Manager(0, lines);
  manager.show(down);
  t.same(manager.pass(10, 'failed'), [0, 8]);
  t.same(next(manager, lines).pass(50, 'failed'), [14, 46]);
});

t.test('what is under way when it goes is asked for again, for the same incarnation', async (t) => {
  const manager = new Manager(0, rule());
  manager.show(down);
  t.same(manager.takeSent(), ['restart 1@1 #0']);
  const later = next(manager, rule());
  later.rules.tick(later.nowUs);
  t.same(later.takeSent(), [], 'not at once');
  later.nowUs += 10 * second;
  later.rules.tick(later.nowUs);
  t.same(later.takeSent(), ['restart 1@1 #0']);
});

t.test('a notice that was given is not given again', async (t) => {
  const lines = ['  - name: tell', '    scope: local', '    when: entity.state == "down"',
    '    notify: entity.name'];
  const manager = new Manager(0, lines);
  manager.show(down);
  t.equal(manager.notices(), 1);
  const later = next(manager, lines);
  t.equal(later.notices(), 0);
  later.show({ ...down, state: 'up' });
  later.show(down);
  t.equal(later.notices(), 1, 'the next occasion is another');
  t.equal(next(manager, lines, false).notices(), 1);
});

t.test('what changed is told twice, and no more', async (t) => {
  const manager = new Manager(0, rule());
  manager.show(down);
  t.same([1, 2, 3].map(() => manager.rules.takeChanged(5)), [[1], [1], []]);
  manager.rules.tellAnew(1);
  t.same(manager.rules.takeChanged(0), []);
  t.same(manager.rules.takeChanged(1), [1]);
});

t.test('of one that it knows a manager believes itself', async (t) => {
  const [manager, later] = mended(5, 'limit: { atMost: 2, per: 20s }');
  later.rules.announced(manager.rules.remember(1));
  t.same(later.pass(16), [15]);
});

t.test('what is told later is so much older', async (t) => {
  const [manager] = mended(5, 'limit: { atMost: 2, per: 20s }', 'cooldown: 1s');
  const [memory] = manager.rules.remember(1);
  const later = aged(memory, 100);
  t.equal(later.begunUs, memory.begunUs! + 100);
  t.same(later.limit!.endedUs, memory.limit!.endedUs.map((us) => us + 100));
});

t.test('what a manager was told gets older until the resource comes', async (t) => {
  const lines = rule('limit: { atMost: 2, per: 20s }');
  const [manager] = mended(5, 'limit: { atMost: 2, per: 20s }');
  const later = new Manager(5000 * second, lines);
  later.rules.announced(manager.rules.remember(1));
  later.nowUs += 10 * second;
  later.show(manager.shown);
  t.same(later.pass(16).slice(0, 1), [5]);
});

const most = Number.MAX_SAFE_INTEGER - 1;

t.test('whatever was told of it, it can be told on, and its rules go on', async (t) => {
  const lines = rule('cooldown: 3s', 'retry: { delay: 4s, factor: 1, max: 8s }',
    'limit: { atMost: 2, per: 20s }');
  for (const number of [0, most]) {
    const manager = new Manager(0, lines);
    manager.rules.announced([{
      resource: 1, rule: 'mend', fired: -1, occasions: number, feud: null, ripening: null,
      givenUs: number,
      waiting: { incarnation: number, leftUs: number },
      failures: { delayUs: number, leftUs: number, endedUs: number }, begunUs: number,
      limit: { underWay: 0, endedUs: [number, number], gaveUpUs: null, wellUs: number },
    }]);
    manager.show(down);
    manager.nowUs += second;
    for (const memory of manager.rules.remember(1)) {
      const bytes = new Uint8Array(ruleMemory.size(aged(memory, second)));
      ruleMemory.put(new Writer(bytes), aged(memory, second));
    }
    const begun = manager.pass(60, 'failed');
    t.ok(begun[0] <= 20, `${begun[0]} s from when it was told ${number}`);
    t.ok(begun.slice(1).every((at, index) => at - begun[index] >= 4), 'no back-off is too short');
  }
});

t.test('an order for a life that was never seen stands in nothing\'s way', async (t) => {
  const manager = new Manager(0, rule());
  manager.rules.announced([{
    resource: 1, rule: 'mend', fired: -1, occasions: 0, feud: null, ripening: null,
    givenUs: null,
    waiting: { incarnation: 1000, leftUs: 0 }, failures: null, begunUs: null, limit: null,
  }]);
  manager.show({ ...down, incarnation: 2 });
  manager.rules.tick(manager.nowUs);
  t.same(manager.takeSent(), ['restart 1@2 #0']);
});
