import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import t from 'tap';
import {
  BallotNumbers,
  ListingTable,
  NO_BALLOT,
  NONE,
  Reachability,
  Truth,
} from '../../../checker/truth/index.js';
import { ballot, makeInventory, token } from '../health/world.js';

t.test('listings are found by resource and by manager, whatever came and went', (t) => {
  const step = fc.record({
    add: fc.boolean(),
    manager: fc.nat(2),
    resource: fc.nat(4),
    sequence: fc.nat(9),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const table = new ListingTable(3, 5);
      const expected = new Map<string, number>();
      for (const [timeUs, { add, manager, resource, sequence }] of steps.entries()) {
        const key = `${manager}/${resource}`;
        if (add) table.add(manager, resource, 0, sequence, timeUs);
        else deepStrictEqual(table.remove(manager, resource), expected.has(key));
        if (add) expected.set(key, sequence);
        else expected.delete(key);
      }
      const byResource = new Map<string, number>();
      for (let resource = 0; resource < 5; resource += 1) {
        let row = table.firstOfResource(resource);
        for (; row !== NONE; row = table.nextOfResource(row)) {
          byResource.set(`${table.manager(row)}/${resource}`, table.sequence(row));
        }
      }
      const byManager = new Map<string, number>();
      for (let manager = 0; manager < 3; manager += 1) {
        let row = table.firstOfManager(manager);
        for (; row !== NONE; row = table.nextOfManager(row)) {
          byManager.set(`${manager}/${table.resource(row)}`, table.sequence(row));
        }
      }
      deepStrictEqual(byResource, expected);
      deepStrictEqual(byManager, expected);
    }),
  );
  t.pass();
  t.end();
});

t.test('equal ballots have one number, in the order of ballots', async (t) => {
  const numbers = new BallotNumbers();
  const low = numbers.numberOf(ballot(1, 2));
  const high = numbers.numberOf(ballot(2, 1));
  t.equal(numbers.numberOf({ ...ballot(1, 2) }), low);
  t.equal(numbers.numberOf(null), NO_BALLOT);
  t.ok(numbers.compare(low, high) < 0);
  t.ok(numbers.compare(NO_BALLOT, low) < 0);
  t.same(numbers.ballot(high), ballot(2, 1));
});

t.test('components are numbered in the order of zones', async (t) => {
  const reachability = new Reachability(Uint16Array.of(0, 1, 2, 0), 3);
  t.same(reachability.components, [[0, 1, 2]]);
  reachability.set([7, 3, 7]);
  t.same(reachability.components, [[0, 2], [1]]);
  t.equal(reachability.reach(0, 2), true);
  t.equal(reachability.reach(0, 1), false);
  t.equal(reachability.componentOf(1), 1);
});

t.test('what a process believed is forgotten when it goes down', async (t) => {
  const shape = { managers: 2, agents: 1, resourcesPerAgent: 2, zones: 1 };
  const truth = new Truth(makeInventory(shape));
  const b = ballot(1, 0);
  const given = token(b, 1);
  truth.observe(0, 0, { type: 'process-up', incarnation: 1 });
  truth.observe(0, 2, { type: 'process-up', incarnation: 1 });
  truth.observe(1, 0, { type: 'coordinator-elected', ballot: b });
  truth.observe(1, 0, { type: 'ballot-acknowledged', ballot: b });
  truth.observe(2, 0, { type: 'listing-added', resource: 1, token: given });
  truth.observe(2, 2, { type: 'pointer-set', resource: 1, manager: 0, token: given });
  truth.observe(3, 0, {
    type: 'model-entity', resource: 1, state: 'up', incarnation: 1, manager: 0,
  });
  t.same(truth.actingManagers, [0]);
  t.equal(truth.model(0)?.incarnation(1), 1);
  t.equal(truth.pointers.manager(1), 0);
  truth.observe(4, 0, { type: 'process-down' });
  truth.observe(4, 0, { type: 'listing-added', resource: 0, token: given });
  t.same(truth.actingManagers, []);
  t.equal(truth.model(0), null);
  t.equal(truth.acknowledged(0), NO_BALLOT);
  t.equal(truth.listings.firstOfManager(0), NONE);
  t.equal(truth.pointers.manager(1), 0, 'the agent knows nothing of it');
  truth.observe(5, 2, { type: 'process-down' });
  t.equal(truth.pointers.manager(1), -1);
});
