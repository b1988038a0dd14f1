/** Actions of local rules under brakes of the scenario: what managers and coordinator agree on. */
import fc from 'fast-check';
import t from 'tap';
import { Granting } from '../../../core/coordination/standby/granting.js';
import { RulesCopies } from '../../../core/coordination/standby/rules-copies.js';
import { RulesCopy } from '../../../core/coordination/standby/rules-copy.js';
import type { BrakeSettings, GlobalState } from '../../../core/rules/index.js';
import { answerWithinUs, GlobalRules, lentForUs, LocalRules } from '../../../core/rules/index.js';
import { permittedWithinUs } from '../../../core/rules/deadline.js';
import { ballotOf } from '../coordination/fixtures.js';
import { holds } from '../overlay/holds.js';
import { entity, Recorder, rulesOf } from './fixtures.js';

const second = 1e6;
const rules = rulesOf('rules:', '  - name: mend', '    scope: local',
  '    when: entity.state == "down" && entity.hostUp', '    do: restart',
  '    retry: { delay: 1s, max: 1s }');
const budget = { atMost: 3, perUs: 12 * second };
const brake: BrakeSettings = {
  over: 'run', of: ['restart'], budget, halt: null, unavailable: null,
};
const settings = { timeoutUs: 4 * second, retries: 1, deadlines: true, brakes: [brake] };
const managers = [0, 1, 2];
const perManager = 3;
/** Clocks differ by a tenth. */
const fast = 1.05;
const slow = 0.95;

/** What becomes of a message. */
interface Fate {
  readonly lost: boolean;
  readonly twice: boolean;
  readonly lateS: number;
}

interface Mishap {
  readonly atS: number;
  readonly what: 'manager dies' | 'manager stands still' | 'coordinator dies';
  readonly which: number;
  readonly forS: number;
}

/** A manager and the hosts of its resources, all of which are down whenever they can be. */
class Managed extends Recorder {
  readonly #bench: Bench;
  readonly address: number;
  rules: LocalRules;
  readonly incarnations = new Map<number, number>();
  /** It stands still until then, and has stood still for so long. */
  untilUs = 0;
  stoodUs = 0;
  life = 0;
  readonly waiting: (() => void)[] = [];

  constructor(bench: Bench, address: number) {
    super();
    this.#bench = bench;
    this.address = address;
    this.rules = this.begin();
  }

  begin(): LocalRules {
    this.life += 1;
    this.rules = new LocalRules(rules, settings, this, this.life * 1_000);
    return this.rules;
  }

  /** Its running time: stalls are left out. */
  override now(): number {
    return this.#bench.trueUs * slow - this.stoodUs;
  }

  clock(): number {
    return this.#bench.trueUs * slow;
  }

  override descriptor(resource: number): ReturnType<typeof entity>['descriptor'] {
    return entity(resource, { group: 'web' }).descriptor;
  }

  asking(): void {}

  show(): void {
    for (let index = 0; index < perManager; index += 1) {
      const resource = this.address * perManager + index;
      const incarnation = this.incarnations.get(resource) ?? 1;
      this.rules.update(entity(resource, { state: 'down', incarnation }));
    }
  }

  tick(): void {
    const bench = this.#bench;
    if (bench.trueUs < this.untilUs) {
      this.stoodUs += second * slow;
      return;
    }
    for (const handle of this.waiting.splice(0)) handle();
    this.show();
    this.rules.tick(this.now());
    this.#say();
  }

  /** What has to be said is said. */
  #say(): void {
    const bench = this.#bench;
    const { rules: own } = this;
    for (let asked = own.takeWishes(2); asked !== null; asked = own.takeWishes(2)) {
      const message = { type: 'permit-request' as const, ...asked };
      bench.post(() => bench.granting?.onRequest(this.address, message));
    }
    for (const request of this.sent.splice(0)) bench.post(() => this.#onRequest(request));
    for (const word of this.confirmed.splice(0)) bench.post(() => this.#onConfirmed(word));
  }

  hear(handle: () => void): void {
    if (this.#bench.trueUs < this.untilUs) this.waiting.push(handle);
    else {
      handle();
      this.#say();
    }
  }

  // -- the host

  readonly #asked = new Map<number, { question: number; atUs: number; action: number }>();
  #questions = 0;

  #onRequest({ action, resource, incarnation }: (typeof this.sent)[number]): void {
    if (incarnation !== (this.incarnations.get(resource) ?? 1)) return;
    const question = this.#questions += 1;
    this.#asked.set(resource, { question, atUs: this.#bench.trueUs * slow, action });
    const check = { type: 'action-check' as const, action, resource, question };
    this.#bench.post(() => this.hear(() => void this.rules.onCheck(check)));
  }

  #onConfirmed({ action, resource, question }: (typeof this.confirmed)[number]): void {
    const bench = this.#bench;
    const asked = this.#asked.get(resource);
    if (asked?.question !== question) return;
    this.#asked.delete(resource);
    if (bench.trueUs * slow - asked.atUs > answerWithinUs(settings)) return;
    bench.doneUs.push(bench.trueUs);
    const incarnation = (this.incarnations.get(resource) ?? 1) + 1;
    this.incarnations.set(resource, incarnation);
    bench.post(() => this.hear(() => void this.rules.onOutcome({
      type: 'action-outcome', action, resource, verb: 'restart', outcome: 'succeeded',
      incarnation, state: 'up',
    })));
  }
}

/** Managers, one coordinator after the other, and one that is next in line. */
class Bench {
  trueUs = 0;
  readonly doneUs: number[] = [];
  readonly managed: readonly Managed[];
  readonly #fates: readonly Fate[];
  #fate = 0;
  readonly #mail: { readonly dueUs: number; readonly arrives: () => void }[] = [];
  #counter = 1;
  heir = new RulesCopy();
  /** What is told to who is next in line is lost. */
  isHeirDeaf = false;
  #copies: RulesCopies | null = null;
  granting: Granting | null = null;
  /** When there will be another coordinator. */
  #nextUs = Infinity;

  constructor(fates: readonly Fate[]) {
    this.#fates = fates;
    this.managed = managers.map((address) => new Managed(this, address));
    this.#elect(null, null);
  }

  post(arrives: () => void): void {
    const fate = this.#fates[this.#fate % this.#fates.length] ??
      { lost: false, twice: false, lateS: 0 };
    this.#fate += 1;
    if (fate.lost) return;
    this.#mail.push({ dueUs: this.trueUs + fate.lateS * second, arrives });
    if (fate.twice) this.#mail.push({ dueUs: this.trueUs + 9 * second, arrives });
  }

  #now(): number {
    return this.trueUs * fast;
  }

  #elect(sinceUs: number | null, former: GlobalState | null): void {
    const outlets = Object.assign(new Recorder(), {
      now: () => this.#now(),
      descriptor: (resource: number) => entity(resource, { group: 'web' }).descriptor,
    });
    const global = new GlobalRules(rules, settings, outlets, this.#counter, sinceUs, former);
    const ballot = ballotOf(this.#counter);
    const heir = new RulesCopy();
    this.heir = heir;
    const copies = new RulesCopies({
      rules: global, perMessage: 10, patienceUs: 2 * second, ballot: () => ballot,
      now: () => this.#now(),
      send: (_to, message) => this.post(() => {
        const answer = this.isHeirDeaf ? null : heir.onCopy(message, this.trueUs * slow);
        if (answer !== null) this.post(() => copies.onCopied(9, answer));
      }),
    });
    this.#copies = copies;
    copies.keepAt([9]);
    this.granting = new Granting({
      rules: global, patienceUs: answerWithinUs(settings), isOpen: () => true,
      knownTo: () => copies.knownTo, tell: () => copies.tell(), now: () => this.#now(),
      send: (to, message) => this.post(() => this.managed[to].hear(() => {
        this.managed[to].rules.onPermits(message.answers);
      })),
    });
  }

  suffer({ what, which, forS }: Mishap): void {
    const one = this.managed[which];
    if (what === 'manager dies') one.begin();
    else if (what === 'manager stands still') one.untilUs = this.trueUs + forS * second;
    else if (this.granting !== null) {
      this.granting = null;
      this.#nextUs = this.trueUs + (1 + forS / 10) * second;
    }
  }

  step(): void {
    if (this.trueUs >= this.#nextUs) {
      this.#nextUs = Infinity;
      const former = this.heir.of(ballotOf(this.#counter), this.trueUs * slow);
      this.#counter += 1;
      this.#elect(this.#now(), former);
    }
    for (const one of this.managed) one.tick();
    // What is answered at once arrives at once.
    for (let place = 0; place < this.#mail.length; place += 1) {
      const { dueUs, arrives } = this.#mail[place];
      if (dueUs > this.trueUs) continue;
      this.#mail.splice(place, 1);
      arrives();
      place = -1;
    }
    if (this.granting !== null) this.#copies?.check();
    this.granting?.flush();
    this.trueUs += second;
  }

  run(lengthS: number, mishaps: readonly Mishap[] = []): void {
    for (let atS = 0; atS < lengthS; atS += 1) {
      for (const mishap of mishaps) if (mishap.atS === atS) this.suffer(mishap);
      this.step();
    }
  }

  /** The most that was done within a window, by the fastest clock. */
  get densest(): number {
    const within = (fromUs: number): number => this.doneUs
      .filter((atUs) => atUs >= fromUs && atUs < fromUs + budget.perUs / fast).length;
    return Math.max(0, ...this.doneUs.map(within));
  }
}

const sound: readonly Fate[] = [{ lost: false, twice: false, lateS: 0 }];

t.test('what is permitted begins at once, and as much as the budget has room for', (t) => {
  const bench = new Bench(sound);
  bench.run(2);
  t.equal(bench.doneUs.length, budget.atMost);
  bench.run(120);
  t.equal(bench.densest, budget.atMost);
  t.ok(bench.doneUs.length > 25, `${bench.doneUs.length} of 30 in two minutes`);
  t.end();
});

t.test('without an answer it is held back, and told by its cause', (t) => {
  const bench = new Bench([{ lost: true, twice: false, lateS: 0 }]);
  bench.run(60);
  t.strictSame(bench.doneUs, []);
  const [one] = bench.managed;
  const held = one.takeObserved().filter((words) => words.startsWith('action-held'));
  t.strictSame(held, [0, 1, 2].map((resource) =>
    `action-held mend restart unanswered service-${resource} ${resource}`), 'each is told once');
  t.end();
});

t.test('a successor that was told all goes on, one that was not waits', (t) => {
  const dies: Mishap = { atS: 3, what: 'coordinator dies', which: 0, forS: 0 };
  const told = new Bench(sound);
  told.run(20, [dies]);
  t.equal(told.doneUs.length, 2 * budget.atMost, 'a window after the first, the next');
  t.equal(told.densest, budget.atMost);
  const untold = new Bench(sound);
  untold.run(3);
  untold.heir = new RulesCopy();
  untold.run(40, [{ ...dies, atS: 0 }]);
  const next = untold.doneUs[budget.atMost] / second;
  const leastS = 3 + (lentForUs(settings) + budget.perUs) / fast / second;
  t.ok(next > leastS, `${next} s, not before what others may have begun can count no more`);
  t.ok(next < leastS + 4);
  t.end();
});

t.test('nothing is permitted that who is next in line does not know', (t) => {
  const bench = new Bench(sound);
  bench.isHeirDeaf = true;
  bench.run(20);
  t.strictSame(bench.doneUs, []);
  bench.isHeirDeaf = false;
  bench.run(20);
  t.ok(bench.doneUs.length >= budget.atMost);
  t.end();
});

/** A manager whose clock goes on while it stands still, and what it says. */
class Alone extends Recorder {
  stoodUs = 0;
  readonly rules = new LocalRules(rules, settings, this);

  clock(): number {
    return this.nowUs + this.stoodUs;
  }

  override descriptor(resource: number): ReturnType<typeof entity>['descriptor'] {
    return entity(resource).descriptor;
  }

  asks(resource = 1): number {
    this.rules.update(entity(resource, { state: 'down' }));
    return this.rules.takeWishes(9)!.wishes[0].number;
  }

  permit(number: number): void {
    this.rules.onPermits([{ number, heldBy: null, waitUs: 0 }]);
  }

  get returned(): string[] {
    return (this.rules.takeWishes(9)?.returned ?? []).map(({ number, end }) => `${number} ${end}`);
  }
}

t.test('a permit is used at once, or given back', (t) => {
  const one = new Alone();
  const first = one.asks();
  t.strictSame(one.takeSent(), [], 'nothing begins without it');
  one.permit(first);
  t.strictSame(one.takeSent(), ['restart 1@1 #0']);
  one.permit(first);
  t.strictSame([one.takeSent(), one.returned], [[], []], 'said twice, it is the same');
  const unneeded = one.asks(2);
  one.rules.update(entity(2, { state: 'up' }));
  one.permit(unneeded);
  t.strictSame([one.takeSent(), one.returned], [[], [`${unneeded} unused`]], 'it is not needed');
  const late = one.asks(3);
  one.stoodUs += 3 * second;
  one.permit(late);
  t.strictSame(one.takeSent(), [], 'it came too late: the manager stood still');
  t.ok(one.returned.includes(`${late} unused`));
  t.end();
});

t.test('no host goes on with what was permitted too long ago', (t) => {
  const one = new Alone();
  one.permit(one.asks());
  const check = { type: 'action-check' as const, action: 0, resource: 1, question: 5 };
  one.rules.onCheck(check);
  t.equal(one.confirmed.length, 1);
  one.stoodUs += permittedWithinUs(settings);
  one.nowUs += 1;
  one.rules.onCheck(check);
  t.equal(one.confirmed.length, 1, 'though it has been running for a moment only');
  one.nowUs += 8 * second;
  one.takeSent();
  one.rules.tick(one.nowUs);
  t.strictSame(one.takeSent(), [], 'nor is it sent again');
  t.strictSame(one.takeObserved().slice(-1), ['action-ended mend 1 0 expired']);
  t.strictSame(one.returned, [], 'it may be under way still, so it is not given back');
  t.end();
});

const fates = fc.array(fc.record({
  lost: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.boolean()),
  twice: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.boolean()),
  lateS: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(1), fc.nat(8)),
}), { minLength: 5, maxLength: 60 });
const mishaps = fc.array(fc.record({
  atS: fc.nat(80), which: fc.nat(managers.length - 1), forS: fc.nat(20),
  what: fc.constantFrom('manager dies', 'manager stands still', 'coordinator dies'),
}), { maxLength: 12 });

t.test('no window holds more, whatever dies, stands still, is lost, late or said twice', (t) => {
  holds(t, fc.property(fates, mishaps, (drawn, events) => {
    const bench = new Bench(drawn);
    bench.run(90, events);
    return bench.densest <= budget.atMost;
  }), 60);
  t.end();
});
