import fc from 'fast-check';
import t from 'tap';
import type { PartDelta, PartEntry } from '../../../core/metamodel/delta.js';
import { Part } from '../../../core/metamodel/part.js';
import { holds } from '../overlay/holds.js';
import { change, changes, descriptorOf, partContent } from './changes.js';

/** What a reader holds who applies deltas in order. */
function read(held: Map<number, PartEntry>, deltas: readonly PartDelta[]): void {
  for (const { entries } of deltas) {
    for (const entry of entries) {
      const before = held.get(entry.resource);
      if (entry.removed) held.delete(entry.resource);
      else if (entry.descriptor !== null) held.set(entry.resource, entry);
      else if (before === undefined) throw new Error('changed before it was described');
      else held.set(entry.resource, { ...entry, descriptor: before.descriptor });
    }
  }
}

function contentOf(held: ReadonlyMap<number, PartEntry>): string[] {
  return [...held.values()].map(({ resource, state, incarnation, token, descriptor }) =>
    [resource, state, incarnation, token.sequence, descriptor!.name].join(' ')).sort();
}

t.test('whoever reads on holds what the part holds, whatever is cut or lost', async (t) => {
  const limit = fc.integer({ min: 1, max: 5 });
  const round = fc.record({ steps: changes, limit, lost: fc.nat(4) });
  holds(t, fc.property(fc.array(round, { maxLength: 8 }), (rounds) => {
    const part = new Part(1);
    const held = new Map<number, PartEntry>();
    let version = 0;
    for (const { steps, limit, lost } of [...rounds, { steps: [], limit: 9, lost: 0 }]) {
      for (const step of steps) change(part, step);
      const deltas = part.since(version, limit);
      if (!continueEachOther(deltas, version, part.version, limit)) return false;
      const arrived = deltas.slice(0, deltas.length - lost);
      read(held, arrived);
      version = arrived.at(-1)?.to ?? version;
      part.acknowledged(version);
    }
    return contentOf(held).join() === partContent(part).join();
  }), 300);
});

function continueEachOther(
  deltas: readonly PartDelta[], from: number, to: number, limit: number,
): boolean {
  return deltas.length > 0 && deltas[0].from === from && deltas.at(-1)!.to === to &&
    deltas.every(({ entries }) => entries.length <= limit) &&
    deltas.every((delta, index) => index === 0 || delta.from === deltas[index - 1].to);
}

t.test('a snapshot is as good as all deltas, and takes back what was listed before', async (t) => {
  holds(t, fc.property(changes, (steps) => {
    const part = new Part(1);
    const ever = new Set<number>();
    for (const step of steps) {
      change(part, step);
      for (const { resource } of part.since(0, 1000)[0].entries) ever.add(resource);
    }
    const held = new Map<number, PartEntry>();
    const snapshot = part.since(0, 1000);
    read(held, snapshot);
    // A coordinator may have ordered what came and went before the first report got through.
    const told = new Set(snapshot[0].entries.map(({ resource }) => resource));
    return [...ever].every((resource) => told.has(resource)) &&
      contentOf(held).join() === partContent(part).join();
  }), 300);
});

t.test('a removal is told until it is acknowledged', async (t) => {
  const part = new Part(1);
  change(part, { do: 'add', resource: 3 });
  const known = part.version;
  change(part, { do: 'remove', resource: 3 });
  const told = (): unknown[] => part.since(known, 10)[0].entries.map(({ removed }) => removed);
  t.same(told(), [true]);
  part.acknowledged(known);
  t.same(told(), [true], 'the acknowledgement was of an earlier version');
  part.acknowledged(part.version);
  t.same(told(), []);
});

t.test('a resource that left and came back is described anew', async (t) => {
  const part = new Part(1);
  change(part, { do: 'add', resource: 3 });
  const known = part.version;
  change(part, { do: 'remove', resource: 3 });
  change(part, { do: 'add', resource: 3 });
  const entries = part.since(known, 10)[0].entries;
  t.same(entries.map(({ removed }) => removed), [true, false], 'the removal first');
  t.equal(entries[1].descriptor, descriptorOf(3));
});

t.test('metrics go up once one has moved by its resolution since it was told', async (t) => {
  const part = new Part(1);
  change(part, { do: 'add', resource: 0 });
  const measured = (...metrics: number[]): boolean => {
    const before = part.version;
    part.measure(0, metrics, [0.5, 10]);
    return part.version > before;
  };
  t.equal(measured(1, 100), true, 'the first');
  t.equal(measured(1.25, 105), false);
  t.equal(measured(1.375, 109), false);
  t.equal(measured(1.5, 109), true, 'far enough from what was told, in small steps');
  t.equal(measured(1.5, 119), true);
  t.same(part.since(0, 10)[0].entries[0].metrics, [1.5, 119]);
});

t.test('a version says the same whenever it is asked for: only one of the answers arrives', (t) => {
  const part = new Part(1);
  change(part, { do: 'add', resource: 0 });
  const told = () => part.since(0, 10)[0].entries[0].metrics;
  part.measure(0, [1], [0.5]);
  part.measure(0, [1.4], [0.5]);
  t.same(told(), [1], 'else it would be out by twice the resolution, for as long as [0.9] comes');
  part.sense(0, 'starting', 2);
  t.same(told(), [1.4], 'what goes up anyway goes up as it is');
  t.end();
});
