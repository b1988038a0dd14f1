import fc from 'fast-check';
import t from 'tap';
import { Group } from '../../../core/rules/group.js';
import type { GlobalRule } from '../../../core/rules/rule-set.js';

const rule = { groupMetrics: ['load'] } as unknown as GlobalRule;
const load = (value: number): number[] => [value];

t.test('means and sums are of the members that are up and report', (t) => {
  const group = new Group(rule, 'web', 0);
  t.equal(group.mean('load'), undefined, 'of nobody');
  t.equal(group.sum('load'), 0);
  group.count('up', 1, load(500_000));
  group.count('up', 1, load(250_000));
  group.count('up', 1, undefined);
  group.count('down', 1, load(9_000_000));
  t.equal(group.mean('load'), 0.375);
  t.equal(group.sum('load'), 0.75);
  t.match(group.counts, { up: 3, starting: 0, stopped: 0, down: 1, unknown: 0, unreachable: 0 });
  group.count('up', -1, load(500_000));
  group.count('up', -1, load(250_000));
  t.equal(group.mean('load'), undefined);
  t.equal(group.mean('other'), undefined);
  group.count('up', 1, [NaN]);
  t.equal(group.mean('load'), undefined, 'it does not report it');
  t.end();
});

t.test('sums are exact, whatever the order and size', (t) => {
  const values = fc.array(fc.integer({ min: -(2 ** 52), max: 2 ** 52 }), { maxLength: 50 });
  fc.assert(fc.property(values, fc.integer({ min: 0, max: 50 }), (all, gone) => {
    const group = new Group(rule, 'web', 0);
    for (const value of all) group.count('up', 1, [value]);
    const left = all.slice(gone);
    for (const value of all.slice(0, gone)) group.count('up', -1, [value]);
    const total = left.reduce((sum, value) => sum + BigInt(value), 0n);
    t.equal(group.sum('load'), Number(total) / 1e6);
  }));
  t.end();
});
