/** Faults of plugins among those that an exploration draws. */
import t from 'tap';
import { explorationOf } from '../../../../campaign/explore/schedules/index.js';
import { createRegistry, definePlugin } from '../../../../checker/plugins.js';
import { parseScenario } from '../../../../checker/scenario.js';
import { buildInventory } from '../../../../experiment/inventory.js';
import { toYaml } from '../../../../experiment/scenario/index.js';

const create = () => ({ aim: () => null, begin: () => {}, end: () => {} });
const plugin = definePlugin({
  faults: {
    drawable: { create, draw: (next) => ({ share: Math.round(next() * 1000) / 1000 }) },
    silent: { create },
  },
});
const plugins = createRegistry([{ origin: 'p', plugin }]);
const base = parseScenario('{ duration: 2m, system: { managers: 3 } }', 's.yaml', { plugins });
const inventory = buildInventory(base);
const seeds = Array.from({ length: 30 }, (_, seed) => seed);

t.test('one that says how is drawn in some seeds, the others stay as they were', (t) => {
  const plain = seeds.map((seed) => explorationOf(base, inventory, seed));
  const mixed = seeds.map((seed) => explorationOf(base, inventory, seed, { plugins }));
  const names = ({ scenario: { faults } }: (typeof plain)[number]) =>
    faults.map(({ action }) => action.kind === 'from-plugin' ? action.name : action.kind);
  const having = mixed.filter((one) => names(one).includes('drawable'));
  t.ok(having.length > 5 && having.length < 25, `${having.length} of 30`);
  t.notOk(mixed.some((one) => names(one).includes('silent')), 'without draw it never is');
  for (const [index, one] of mixed.entries()) {
    if (Object.keys(plain[index].drawn).length === 0) continue;
    t.same(names(one).filter((name) => name !== 'drawable'), names(plain[index]));
  }
  const [{ scenario }] = having;
  t.match(toYaml(scenario), /drawable: \{ share: [\d.]+ \}/);
  t.same(parseScenario(toYaml(scenario), 's.yaml', { plugins }), scenario);
  t.end();
});

t.test('it alone, where only it is asked for', (t) => {
  const { drawn } = explorationOf(base, inventory, 1, { plugins, only: ['drawable'] });
  t.same(Object.keys(drawn), ['drawable']);
  t.end();
});
