import t from 'tap';
import type { Descriptor } from '../../../core/metamodel/entity.js';
import { GlobalRules, LocalRules } from '../../../core/rules/index.js';
import { entity, Recorder, rulesOf } from './fixtures.js';

const second = 1e6;
const settings = { timeoutUs: 10 * second, retries: 1, deadlines: true } as const;
const rules = rulesOf('rules:', '  - name: keep', '    scope: global', '    group: entity.kind',
  '    when: group.up + group.starting < 1', '    do: start', '    pick: entity.state == "stopped"',
  '    retry: { delay: 1000s, max: 2000s }');

/** A coordinator with two spares, which has just asked for the first of them. */
class Bench extends Recorder {
  readonly rules = new GlobalRules(rules, settings, this);

  constructor() {
    super();
    this.rules.update(entity(1, { state: 'stopped' }));
    this.rules.update(entity(2, { state: 'stopped' }));
    this.rules.tick(0);
  }

  /** The host of the action sent last asks; whether it is told to go on. */
  asks(): boolean {
    const { action, resource } = this.sent.at(-1)!;
    this.rules.onCheck({ type: 'action-check', action, resource, question: 9 });
    return this.confirmed.splice(0).length > 0;
  }

  /** Which resources were asked for until then, a look a second. */
  until(endUs: number): number[] {
    for (; this.nowUs <= endUs; this.nowUs += second) this.rules.tick(this.nowUs);
    return this.sent.splice(0).map(({ resource }) => resource);
  }
}

t.test('a host is told to go on while there is time left for it', async (t) => {
  const bench = new Bench();
  t.ok(bench.asks());
  bench.nowUs = 14 * second;
  t.ok(bench.asks());
  bench.nowUs = 14 * second + 1;
  t.notOk(bench.asks(), 'its answer could come after the deadline');
});

t.test('what no host was told to begin frees its claim at its deadline', async (t) => {
  const bench = new Bench();
  t.same(bench.until(19 * second), [1, 1]);
  t.same(bench.until(22 * second), [2], 'the other spare');
});

t.test('what may have been begun is asked for again first', async (t) => {
  const bench = new Bench();
  bench.asks();
  t.same(bench.until(60 * second), [1, 1], 'it may be starting');
});

t.test('nothing is sent to a host that is dead', async (t) => {
  class Host extends Recorder {
    isUp = false;
    isHostUp(): boolean {
      return this.isUp;
    }
    override descriptor(resource: number): Descriptor {
      return entity(resource).descriptor;
    }
  }
  const host = new Host();
  const local = new LocalRules(rulesOf('rules:', '  - name: mend', '    scope: local',
    '    when: entity.state == "down"', '    do: restart'), settings, host);
  local.update({ ...entity(1, { state: 'down' }), hostUp: false });
  local.tick(second);
  t.same(host.takeSent(), []);
  t.match(host.takeObserved(), ['rule-fired', 'action-held mend restart host service-1 1']);
  host.isUp = true;
  host.nowUs = 2 * second;
  local.tick(host.nowUs);
  t.same(host.takeSent(), ['restart 1@1 #0']);
});
