import fc from 'fast-check';
import t from 'tap';
import { Ledger } from '../../../core/coordination/ledger.js';
import type { Token } from '../../../core/identity.js';
import { holds } from '../overlay/holds.js';
import { ascending } from '../overlay/node.js';

const ballot = { counter: 1, node: '0'.repeat(32), incarnation: 1, address: 0 };

t.test('agrees with a plain map after any moves', async (t) => {
  const moves = fc.array(fc.tuple(fc.nat(20), fc.nat(4)), { maxLength: 100 });
  holds(t, fc.property(moves, (moves) => {
    const ledger = new Ledger();
    const oracle = new Map<number, { manager: number; token: Token }>();
    for (const [index, [resource, manager]] of moves.entries()) {
      const token: Token = { ballot, sequence: index };
      ledger.set(resource, manager, token);
      oracle.set(resource, { manager, token });
    }
    for (let resource = 0; resource <= 21; resource += 1) {
      const held = oracle.get(resource);
      if (ledger.manager(resource) !== (held?.manager ?? -1)) return false;
      if (ledger.token(resource) !== (held?.token ?? null)) return false;
    }
    return [0, 1, 2, 3, 4, 5].every((manager) => {
      const expected = [...oracle].filter(([, held]) => held.manager === manager);
      const resources = ascending(expected.map(([resource]) => resource));
      return ascending(ledger.resourcesOf(manager)).join() === resources.join() &&
        ledger.count(manager) === resources.length;
    });
  }), 300);
});

t.test('what a manager holds may be moved while it is gone through', async (t) => {
  const ledger = new Ledger();
  for (let resource = 0; resource < 9; resource += 1) {
    ledger.set(resource, 1, { ballot, sequence: resource });
  }
  for (const resource of ledger.resourcesOf(1)) {
    ledger.set(resource, resource % 2 === 0 ? 2 : 3, { ballot, sequence: 10 + resource });
  }
  t.equal(ledger.count(1), 0);
  t.equal(ledger.count(2), 5);
  t.equal(ledger.count(3), 4);
});
