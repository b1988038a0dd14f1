/** What global rules keep in mind is known to the coordinator that comes next. */
import t from 'tap';
import { GlobalRules, type GlobalState } from '../../../core/rules/index.js';
import { entity, Recorder, rulesOf } from './fixtures.js';

const second = 1e6;
const settings = { timeoutUs: 10 * second, retries: 0 };

class Coordinator extends Recorder {
  readonly rules: GlobalRules;

  constructor(lines: readonly string[], sinceUs: number | null, former: GlobalState | null) {
    super();
    this.nowUs = sinceUs ?? 0;
    this.rules = new GlobalRules(rulesOf('rules:', ...lines), settings, this, 0, sinceUs, former);
  }

  show(change: Parameters<typeof entity>[1], resource = 1): this {
    this.rules.update(entity(resource, change));
    this.rules.tick(this.nowUs);
    return this;
  }

  /** The next one, told all, or all up to then. */
  next(lines: readonly string[], state = this.rules.stateSince(0, 1000)): Coordinator {
    return new Coordinator(lines, this.nowUs, state);
  }

  notices(): string[] {
    return this.takeObserved().filter((words) => words.startsWith('notified'));
  }
}

const tell = ['  - name: tell', '    scope: global', '    group: entity.name',
  '    when: group.up == 0', '    notify: group.name'];

void t.test('what was told is not told again', async (t) => {
  const first = new Coordinator(tell, null, null).show({ state: 'down' });
  t.same(first.notices(), ['notified tell service-1 service-1 1']);
  const next = first.next(tell).show({ state: 'down' });
  t.same(next.notices(), []);
  next.show({ state: 'up' }).show({ state: 'down' });
  t.same(next.notices().map((words) => words.split(' ').at(-1)), ['3'],
    'the number that its predecessor may have given is left out');
});

void t.test('where death falls between giving and telling, the same is given and marked', (t) => {
  const first = new Coordinator(tell, null, null);
  const before = first.rules.stateSince(0, 1000);
  first.show({ state: 'down' });
  const next = first.next(tell, before).show({ state: 'down' });
  t.same(first.notices(), ['notified tell service-1 service-1 1']);
  t.same(next.notices(), ['notified tell service-1 service-1 1 true']);
  t.end();
});

const start = (...more: readonly string[]): string[] => [
  '  - name: keep', '    scope: global', '    group: entity.kind',
  '    when: group.up + group.starting == 0',
  '    pick: entity.state == "down"', '    do: start', ...more.map((line) => `    ${line}`),
];

void t.test('an action that may be under way is asked for again, and no other', async (t) => {
  const first = new Coordinator(start(), null, null);
  first.rules.update(entity(2, { state: 'down' }));
  first.show({ state: 'down' });
  t.same(first.takeSent().map((words) => words.split(' ')[1]), ['1@1']);
  const next = first.next(start());
  next.rules.update(entity(2, { state: 'down' }));
  next.show({ state: 'down' });
  t.same(next.takeSent(), []);
  next.nowUs += 11 * second;
  next.rules.tick(next.nowUs);
  t.same(next.takeSent().map((words) => words.split(' ')[1]), ['1@1']);
});

void t.test('a limit counts on; without word of it the window counts as full', async (t) => {
  const lines = start('limit: { atMost: 1, per: 60s }');
  const first = new Coordinator(lines, null, null);
  const unused = first.rules.stateSince(0, 1000);
  first.show({ state: 'down' });
  t.equal(first.takeSent().length, 1);
  for (const [state, begins] of [
    [first.rules.stateSince(0, 1000), 60], [unused, 0], [null, 60],
  ] as const) {
    const next = new Coordinator(lines, 0, state);
    // Another, so that what is under way is not what keeps it waiting.
    next.show({ state: 'down' }, 2);
    let waitedS = 0;
    for (; next.takeSent().length === 0 && waitedS < 100; waitedS += 1) {
      next.nowUs += second;
      next.rules.tick(next.nowUs);
    }
    t.equal(waitedS, begins, `${waitedS} s`);
  }
});
