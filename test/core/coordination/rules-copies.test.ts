/** What those next in line for the role know of what global rules keep in mind. */
import fc from 'fast-check';
import t from 'tap';
import type { RulesCopied, RulesCopy as Told } from
  '../../../core/coordination/standby-messages.js';
import { RulesCopies } from '../../../core/coordination/standby/rules-copies.js';
import { RulesCopy } from '../../../core/coordination/standby/rules-copy.js';
import type { Address } from '../../../core/process.js';
import { Changes } from '../../../core/rules/changes.js';
import { groupMemoryOf } from '../../../core/rules/memory.js';
import { holds } from '../overlay/holds.js';
import { ballotOf } from './fixtures.js';

const second = 1e6;

/** A coordinator, two managers, and messages that arrive or do not. */
class Bench {
  readonly changes = new Changes();
  readonly copies: RulesCopies;
  readonly standby: Readonly<Record<Address, RulesCopy>> = {
    2: new RulesCopy(), 3: new RulesCopy(),
  };
  ballot = ballotOf(1);
  nowUs = 0;
  isLost = false;
  /** What was sent waits in here; null: it arrives at once. */
  waiting: (() => void)[] | null = null;
  sent = 0;

  constructor() {
    const { changes } = this;
    this.copies = new RulesCopies({
      rules: {
        get version() {
          return changes.version;
        },
        stateSince: (from, most) => {
          const { changed, to } = changes.since(from, most);
          const groups = changed.map(({ rule, group }) =>
            groupMemoryOf(rule, group, [{ fired: 0, givenUs: 5 }], []));
          return { groups, places: from === 0 ? [] : null, to };
        },
      },
      perMessage: 2, patienceUs: 5 * second,
      ballot: () => this.ballot, now: () => this.nowUs,
      send: (to, message) => this.#send(to, message),
    });
  }

  #send(to: Address, message: Told): void {
    this.sent += 1;
    if (!this.isLost) this.#later(() => this.#arrive(to, message));
  }

  #arrive(to: Address, message: Told): void {
    const answer = this.standby[to].onCopy(message, this.nowUs);
    if (answer !== null) this.#later(() => this.answer(to, answer));
  }

  #later(arrives: () => void): void {
    if (this.waiting === null) arrives();
    else this.waiting.push(arrives);
  }

  answer(from: Address, message: RulesCopied): void {
    this.copies.onCopied(from, message);
  }

  change(...groups: readonly string[]): void {
    for (const group of groups) this.changes.note('keep', group);
    this.copies.tell();
  }

  known(at: Address): string | null {
    const state = this.standby[at].of(this.ballot, this.nowUs);
    return state === null ? null : state.groups.map(({ group }) => group).sort().join('');
  }
}

void t.test('each change is told at once, to newcomers all of it', async (t) => {
  const bench = new Bench();
  bench.change('a', 'b', 'c');
  bench.copies.keepAt([2]);
  t.equal(bench.known(2), 'abc', 'in two messages');
  t.equal(bench.known(3), null);
  bench.change('d');
  bench.copies.keepAt([2, 3]);
  t.same([bench.known(2), bench.known(3)], ['abcd', 'abcd']);
  bench.sent = 0;
  bench.copies.check();
  t.equal(bench.sent, 0, 'all is acknowledged');
  bench.nowUs = second;
  t.equal(bench.standby[2].of(bench.ballot, bench.nowUs)!.groups[0].givenUs, 5 + second);
});

void t.test('what is lost is told again', async (t) => {
  const bench = new Bench();
  bench.copies.keepAt([2]);
  bench.isLost = true;
  bench.change('a');
  bench.isLost = false;
  bench.change('b');
  t.equal(bench.known(2), null, 'there is a gap');
  bench.nowUs += 5 * second;
  bench.copies.check();
  t.equal(bench.known(2), 'ab');
});

void t.test('who has half of it does not take that for all', async (t) => {
  const bench = new Bench();
  bench.change('a', 'b', 'c');
  const onlyFirst = new RulesCopy();
  onlyFirst.onCopy({
    type: 'rules-copy', ballot: bench.ballot, from: 0, to: 2, version: 3, isHeir: true, groups: [],
    places: null,
  }, 0);
  t.equal(onlyFirst.of(bench.ballot, 0), null);
});

void t.test('who is next in line no more forgets, and another ballot is told anew', async (t) => {
  const bench = new Bench();
  bench.copies.keepAt([2]);
  bench.change('a');
  bench.copies.keepAt([3]);
  t.same([bench.known(2), bench.known(3)], [null, 'a']);
  bench.ballot = ballotOf(2);
  t.equal(bench.known(3), null);
  bench.copies.renewed();
  t.equal(bench.known(3), 'a');
  const late = bench.standby[3].onCopy({
    type: 'rules-copy', ballot: ballotOf(1), from: 0, to: 0, version: 0, isHeir: true, groups: [],
    places: [],
  }, 0);
  t.equal(late, null);
  t.equal(bench.known(3), 'a');
});

void t.test('whatever overtakes what, each piece is told once and all arrives', async (t) => {
  const groups = fc.integer({ min: 0, max: 26 });
  holds(t, fc.property(groups, fc.infiniteStream(fc.nat()), (count, draws) => {
    const bench = new Bench();
    bench.waiting = [];
    const names = Array.from({ length: count }, (_, index) => String.fromCharCode(97 + index));
    bench.change(...names);
    bench.copies.keepAt([2]);
    let changes = 3;
    while (bench.waiting.length > 0) {
      const [arrives] = bench.waiting.splice(draws.next().value! % bench.waiting.length, 1);
      arrives();
      if (changes > 0 && draws.next().value! % 4 === 0) {
        changes -= 1;
        bench.change('~');
      }
    }
    const isRight = bench.known(2) === names.join('') + (changes < 3 ? '~' : '');
    return isRight && bench.sent <= Math.max(1, Math.ceil(count / 2)) + 3;
  }), 100);
});
