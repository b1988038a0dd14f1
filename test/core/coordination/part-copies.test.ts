/** What one that is next in line for the role knows of what managers list. */
import fc from 'fast-check';
import t from 'tap';
import { PartCopies } from '../../../core/coordination/standby/part-copies.js';
import { FormerParts, PartsCopy } from '../../../core/coordination/standby/parts-copy.js';
import type { PartCopied, PartCopy } from '../../../core/coordination/standby-messages.js';
import type { PartDelta, PartEntry } from '../../../core/metamodel/delta.js';
import { Part } from '../../../core/metamodel/part.js';
import type { Address } from '../../../core/process.js';
import { change, changes, descriptorOf, partContent, type Change } from '../metamodel/changes.js';
import { holds } from '../overlay/holds.js';
import { ballotOf } from './fixtures.js';

const second = 1e6;
const heirs: readonly Address[] = [8, 9];
const registry = {
  entry: (resource: number) => ({ descriptor: descriptorOf(resource), agent: 100 + resource }),
};

/** Two managers, two heirs, and messages that arrive or do not. */
class Bench {
  readonly parts: Readonly<Record<Address, Part>> = { 1: new Part(1, 1), 2: new Part(1, 2) };
  readonly copies: Readonly<Record<Address, PartCopies>>;
  readonly kept: Record<Address, PartsCopy> = { 8: new PartsCopy(), 9: new PartsCopy() };
  nowUs = 0;
  entries = 0;
  /** What is on its way; each arrives, or is lost, or comes twice. */
  flying: (() => void)[] = [];

  constructor() {
    const copiesOf = (manager: Address): PartCopies => new PartCopies({
      part: this.parts[manager], address: manager, perMessage: 2, patienceUs: 5 * second,
      now: () => this.nowUs,
      send: (to, message) => {
        this.entries += message.part.entries.length;
        this.flying.push(() => this.#arrive(manager, to, message));
      },
    });
    this.copies = { 1: copiesOf(1), 2: copiesOf(2) };
  }

  #arrive(manager: Address, to: Address, message: PartCopy): void {
    const answer: PartCopied | null = this.kept[to].onCopy(manager, message);
    if (answer === null) return;
    this.flying.push(() => this.copies[manager].onCopied(to, answer));
  }

  /** A period goes by. */
  beat(): void {
    this.nowUs += 5 * second;
    for (const copies of Object.values(this.copies)) copies.tell(ballotOf(1));
  }

  /** In what order, and whether at all, the draws say; without any, all of it arrives. */
  fly(draws: readonly number[] = []): void {
    let drawn = 0;
    while (this.flying.length > 0) {
      const draw = draws[drawn] ?? 0;
      drawn += 1;
      const [next] = this.flying.splice(draw % this.flying.length, 1);
      if (draw % 5 === 3) continue;
      next();
      if (draw % 5 === 4) next();
    }
  }

  /** What the heir would have the coordinator know of the manager, who tells what it lacks. */
  succeed(heir: Address, manager: Address): string[] {
    const part = this.parts[manager];
    const held = this.copies[manager].succeeded(heir);
    const known = held === 0 ? null : new FormerParts(this.kept[heir], registry).take(manager);
    this.kept[heir] = new PartsCopy();
    const rest = part.since(held, 3);
    const isOn = held === 0 || (known !== null && known.to >= held);
    const told = isOn ? contentOf([...known === null ? [] : [known], ...rest]) : null;
    return told ?? contentOf(part.since(0, 3))!;
  }
}

/** Null: something was never described, so all has to be told. */
function contentOf(deltas: readonly PartDelta[]): string[] | null {
  const held = new Map<number, PartEntry>();
  let version = 0;
  for (const { to, entries } of deltas) {
    if (to <= version) continue;
    for (const entry of entries) {
      const descriptor = entry.descriptor ?? held.get(entry.resource)?.descriptor ?? null;
      if (!entry.removed && descriptor === null) return null;
      if (entry.removed) held.delete(entry.resource);
      else held.set(entry.resource, { ...entry, descriptor });
    }
    version = to;
  }
  return [...held.values()].map(({ resource, state, incarnation, token, descriptor }) =>
    [resource, state, incarnation, token.sequence, descriptor!.name].join(' ')).sort();
}

const round = fc.record({
  steps: changes, others: changes,
  draws: fc.array(fc.nat(99), { maxLength: 30 }),
  event: fc.constantFrom('none', 'none', 'none', 'heir dies', 'none in line', 'one in line'),
  acknowledged: fc.boolean(),
});

t.test('an heir and what a manager tells it are all that it lists, whatever is lost', async (t) => {
  holds(t, fc.property(fc.array(round, { maxLength: 9 }), (rounds) => {
    const bench = new Bench();
    const { parts, copies } = bench;
    for (const manager of [1, 2]) copies[manager].keepAt(heirs);
    for (const { steps, others, draws, event, acknowledged } of rounds) {
      for (const step of steps) change(parts[1], step);
      for (const step of others) change(parts[2], step);
      if (event === 'heir dies') bench.kept[8] = new PartsCopy();
      if (event === 'none in line') copies[1].keepAt([]);
      if (event === 'one in line') copies[1].keepAt([9]);
      if (event === 'none') copies[1].keepAt(heirs);
      bench.beat();
      bench.fly(draws);
      if (acknowledged) parts[1].acknowledged(parts[1].version, copies[1].heldByAll);
    }
    return [1, 2].every((manager) =>
      bench.succeed(8, manager).join() === partContent(parts[manager]).join());
  }), 300);
});

const add = (resource: number): Change => ({ do: 'add', resource });

t.test('what has not changed since is not told again', async (t) => {
  const bench = new Bench();
  const { parts, copies } = bench;
  for (const resource of [0, 1, 2, 3, 4, 5]) change(parts[1], add(resource));
  copies[1].keepAt(heirs);
  bench.beat();
  bench.fly();
  t.equal(bench.entries, 12, 'six to each heir');
  bench.beat();
  bench.fly();
  t.equal(bench.entries, 12);
  const known = parts[1].version;
  change(parts[1], { do: 'sense', resource: 3, state: 'down', again: false });
  t.equal(copies[1].succeeded(8), known);
  t.equal(parts[1].since(known, 10)[0].entries.length, 1);
  t.equal(copies[1].succeeded(7), 0, 'one that was not in line knows nothing');
});

t.test('what two managers list is kept of both', async (t) => {
  const bench = new Bench();
  const { parts, copies } = bench;
  for (const manager of [1, 2]) {
    change(parts[manager], add(3));
    copies[manager].keepAt([8]);
  }
  change(parts[2], { do: 'sense', resource: 3, state: 'down', again: false });
  bench.beat();
  bench.fly();
  const former = new FormerParts(bench.kept[8], registry);
  t.equal(former.take(1)?.entries[0].state, 'starting');
  t.equal(former.take(2)?.entries[0].state, 'down');
  t.equal(former.take(1), null, 'it is asked once');
});

t.test('of what is not registered under its agent the manager is to tell all', async (t) => {
  const bench = new Bench();
  change(bench.parts[1], add(3));
  bench.copies[1].keepAt([8]);
  bench.beat();
  bench.fly();
  t.equal(new FormerParts(bench.kept[8], { entry: () => null }).take(1), null);
  const elsewhere = { entry: () => ({ descriptor: descriptorOf(3), agent: 5 }) };
  t.equal(new FormerParts(bench.kept[8], elsewhere).take(1), null);
});

t.test('a removal that an heir has not heard of is not forgotten', async (t) => {
  const bench = new Bench();
  const { parts, copies } = bench;
  change(parts[1], add(3));
  change(parts[1], add(4));
  copies[1].keepAt([8]);
  bench.beat();
  bench.fly();
  change(parts[1], { do: 'remove', resource: 3 });
  parts[1].acknowledged(parts[1].version, copies[1].heldByAll);
  t.same(bench.succeed(8, 1), partContent(parts[1]));
});
