import fc from 'fast-check';
import t from 'tap';
import type { HostCut } from '../../../core/observations.js';
import { componentsOf, cutOf, overlay, passes, SCATTERED } from '../../../experiment/cut.js';
import { Reachability } from '../../../checker/truth/index.js';

const HOSTS = 9;
const anyCut = fc
  .tuple(
    fc.array(fc.nat(3), { minLength: HOSTS, maxLength: HOSTS }),
    fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }),
  )
  .map(([classOf, open]) => cutOf(Uint16Array.from(classOf), 4, (a, b) => open[a * 4 + b]));
const hosts = Array.from({ length: HOSTS }, (_, host) => host);

t.test('what gets through two cuts gets through both', async (t) => {
  fc.assert(
    fc.property(anyCut, anyCut, (a, b) => {
      const both = overlay(a, b);
      return hosts.every((from) =>
        hosts.every((to) =>
          passes(both, from, to) === (passes(a, from, to) && passes(b, from, to))));
    }),
  );
  t.pass('for all of them');
});

/** Whether everybody in the component of each host reaches each other, and nobody else. */
function isClean(cut: HostCut, reachability: Reachability): boolean {
  return hosts.every((a) =>
    hosts.every((b) =>
      passes(cut, a, b) === (reachability.componentOf(a) === reachability.componentOf(b))));
}

t.test('components are connected both ways, and clean if there is nothing else', async (t) => {
  const zoneOf = Uint16Array.from(hosts, (host) => host % 3);
  let clean = 0;
  fc.assert(
    fc.property(anyCut, (cut) => {
      const reachability = new Reachability(zoneOf, 3);
      reachability.setCut(cut);
      for (const a of hosts) {
        const reached = new Set([a]);
        for (const one of reached) {
          for (const b of hosts) if (passes(cut, one, b) && passes(cut, b, one)) reached.add(b);
        }
        for (const b of hosts) {
          const together = reachability.componentOf(a) === reachability.componentOf(b);
          if (together !== reached.has(b)) return false;
          if (reachability.reach(a, b) !== (passes(cut, a, b) && passes(cut, b, a))) return false;
        }
        const zones = reachability.components[reachability.componentOf(a)];
        if ([...reached].some((b) => !zones.includes(zoneOf[b]))) return false;
      }
      if (reachability.isClean) clean += 1;
      // A class of one host may make a clean one look unclean, never the reverse.
      return !reachability.isClean || isClean(cut, reachability);
    }),
    { numRuns: 2000 },
  );
  t.ok(clean > 0, `${clean} of 2,000 were clean`);
});

t.test('the shapes that faults have', async (t) => {
  const classOf = Uint16Array.from(hosts, (host) => host % 3);
  const halves = componentsOf(cutOf(classOf, 3, (a, b) => a === b));
  t.same([...halves.componentOf], [0, 1, 2]);
  t.equal(halves.clean, true);
  const alone = componentsOf(cutOf(classOf, 3, (a, b) => a === b && a !== 1));
  t.same([...alone.componentOf], [0, SCATTERED, 1]);
  t.equal(alone.clean, true);
  const bridge = componentsOf(cutOf(classOf, 3, (a, b) => a === b || a === 2 || b === 2));
  t.same([...bridge.componentOf], [0, 0, 0]);
  t.equal(bridge.clean, false, 'some reach each other by a third host only');
  const oneWay = componentsOf(cutOf(classOf, 3, (a, b) => !(a === 0 && b === 1)));
  t.equal(oneWay.clean, false);
});
