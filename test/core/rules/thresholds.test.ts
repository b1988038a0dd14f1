/** Rules that only compare metrics with numbers see nothing new while none is crossed. */
import fc from 'fast-check';
import t from 'tap';
import { LocalMatcher } from '../../../core/rules/local-matcher.js';
import { parseRules, type RuleSet } from '../../../core/rules/index.js';
import { Sides } from '../../../core/rules/thresholds.js';
import { holds } from '../overlay/holds.js';

const kinds = [{ name: 'service', metrics: ['load', 'queue'], resolutions: [0, 0] }];

function rulesOf(...conditions: string[]): RuleSet {
  const rules = conditions.map((when, index) =>
    `{ name: r${index}, scope: local, when: '${when}', notify: entity.name }`);
  return parseRules([{ file: 'r.yaml', text: `rules: [${rules.join(', ')}]` }], kinds);
}

const mindedOf = (...conditions: string[]): Sides | null =>
  new LocalMatcher(rulesOf(...conditions)).minded('service');

t.test('what is minded of metrics', async (t) => {
  t.equal(mindedOf('entity.state == "down"'), null);
  const minded = mindedOf('entity.metrics.load > 0.5 && entity.state == "up"',
    '0.8 <= entity.metrics.load');
  t.equal(minded?.isExact, true);
  const sides = [0.1, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, NaN].map((load) => minded!.of([load, 3]));
  t.same(sides.map((side) => sides.indexOf(side)), [0, 0, 2, 3, 3, 5, 6, 7]);
  t.notSame(minded?.of(null), minded?.of([]), 'no metrics, and not that one');
  for (const more of [
    'entity.metrics.load > entity.metrics.queue', 'entity.metrics.load + 1.0 > 2.0',
    'has(entity.metrics.load)', '[0.5].exists(x, entity.metrics.load > x)',
    'entity.metrics.load > 0.5 && entity.age > 3.0', 'entity.metrics["load"] > 0.5',
  ]) t.equal(mindedOf('entity.metrics.load > 0.5', more)?.isExact, false, more);
});

const number = fc.constantFrom('0.2', '0.5', '0.8');
const comparison = fc.tuple(
  fc.constantFrom('load', 'queue'), fc.constantFrom('<', '<=', '>', '>=', '==', '!='), number,
  fc.boolean(),
).map(([metric, op, value, isTurned]) => isTurned
  ? `${value} ${op} entity.metrics.${metric}` : `entity.metrics.${metric} ${op} ${value}`);
const condition = fc.tuple(
  comparison, fc.constantFrom('&&', '||'), fc.oneof(comparison, fc.constant('entity.hostUp')),
).map(([one, op, other]) => `${one} ${op} ${other}`);
const value = fc.constantFrom(0.1, 0.2, 0.3, 0.5, 0.6, 0.8, 0.9, NaN, undefined);
const sight = fc.record({
  metrics: fc.option(fc.tuple(value, value), { nil: null }), hostUp: fc.boolean(),
  incarnation: fc.constantFrom(1, 1, 1, 2),
});

t.test('a matcher that is asked only when a side changed finds what one does that is not',
  async (t) => {
    holds(t, fc.property(
      fc.array(condition, { minLength: 1, maxLength: 3 }), fc.array(sight, { maxLength: 20 }),
      (conditions, sights) => {
        const rules = rulesOf(...conditions);
        // `age` has it look each time.
        const looking = rulesOf(...conditions.map((one) => `(${one}) && entity.age >= 0.0`));
        const [asked, each] = [new LocalMatcher(rules), new LocalMatcher(looking)];
        let last = '';
        for (const { metrics, hostUp, incarnation } of sights) {
          const descriptor = { name: 'a', kind: 'service', host: 'h', zone: 'z', labels: {} };
          const entity = {
            resource: 0, descriptor, state: 'up' as const, incarnation, hostUp,
            metrics: metrics as number[] | null,
          };
          const seen = `${asked.minded('service')?.of(entity.metrics)} ${hostUp} ${incarnation}`;
          const found = seen === last ? [] : asked.update(entity, 0);
          last = seen;
          const names = (all: typeof found): string => all.map(({ rule }) => rule.name).join();
          if (names(found) !== names(each.update(entity, 0))) return false;
        }
        return true;
      },
    ), 200);
  });
