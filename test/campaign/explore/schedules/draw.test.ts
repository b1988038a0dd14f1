/** Schedules of faults drawn by seed: concrete, repeatable, and of every kind there is. */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import t from 'tap';
import {
  drawnKinds, drawnSettings, explorationOf, quietUs, startUs, widerExplorationOf,
} from '../../../../campaign/explore/schedules/index.js';
import { buildInventory } from '../../../../experiment/inventory.js';
import { loadScenario, openScenario, parseScenario } from '../../../../checker/scenario.js';
import { toYaml } from '../../../../experiment/scenario/index.js';
import { inTime } from '../../../length.js';

const base = loadScenario('scenarios/swarm.yaml');
const inventory = buildInventory(base);
const drawnBy = (seed: number) => explorationOf(base, inventory, seed);
const seeds = Array.from({ length: inTime(40, 150) }, (_, index) => index + 1);

t.test('a seed stands for one schedule, which a file can hold', (t) => {
  for (const seed of seeds) {
    const { scenario } = drawnBy(seed);
    t.ok(isDeepStrictEqual(drawnBy(seed).scenario, scenario));
    const again = parseScenario(toYaml(scenario), 'kept.yaml');
    t.ok(isDeepStrictEqual(again.faults, scenario.faults), `seed ${seed}`);
    t.equal(again.durationUs, scenario.durationUs);
  }
  t.notSame(drawnBy(1).scenario.faults, drawnBy(2).scenario.faults);
  t.end();
});

t.test('faults come between warm-up and healing, and quiet after it', (t) => {
  for (const seed of seeds) {
    const { scenario, drawn } = drawnBy(seed);
    const times = scenario.faults.map(startUs);
    t.same(times, [...times].sort((a, b) => a - b));
    t.ok(times[0] >= base.warmUpUs);
    const { action } = scenario.faults.at(-1)!;
    t.equal(action.kind, 'heal');
    t.equal(times.at(-1), base.durationUs);
    t.equal(scenario.durationUs, base.durationUs + quietUs(scenario));
    const counted = Object.values(drawn).reduce((sum, count) => sum + count, 0);
    t.equal(counted, scenario.faults.length - 1);
  }
  t.end();
});

t.test('every kind is drawn, none always, and most seeds are such that a bound holds', (t) => {
  const seedsOf = new Map<string, number>();
  let bounded = 0;
  const many = Array.from({ length: 600 }, (_, index) => index + 1);
  const served = loadScenario('scenarios/swarm.yaml', { set: ['system.service.manager=1us'] });
  for (const seed of many) {
    const { drawn } = explorationOf(served, inventory, seed);
    for (const kind of Object.keys(drawn)) seedsOf.set(kind, (seedsOf.get(kind) ?? 0) + 1);
    const isBeyond = drawnKinds.some(({ name, unpromised }) => unpromised && name in drawn);
    if (!isBeyond) bounded += 1;
  }
  for (const { name } of drawnKinds) {
    const count = seedsOf.get(name) ?? 0;
    t.ok(count > 0 && count < many.length * 0.8, `${name}: in ${count} seeds`);
  }
  t.ok(bounded > many.length / 2, `${bounded} seeds`);
  t.end();
});

t.test('so many kinds as are asked for, each as likely as any other', (t) => {
  const pairs = new Set<string>();
  const names = new Set<string>();
  for (let seed = 1; seed <= 300; seed += 1) {
    const drawn = Object.keys(explorationOf(base, inventory, seed, { kinds: 2 }).drawn);
    t.equal(drawn.length, 2, `seed ${seed}`);
    pairs.add(drawn.sort().join());
    for (const name of drawn) names.add(name);
  }
  const inSwarm = new Set(seeds.flatMap((seed) => Object.keys(drawnBy(seed).drawn)));
  t.same([...inSwarm].filter((name) => !names.has(name)), []);
  t.ok(pairs.size > 200, `${pairs.size} pairs`);
  t.end();
});

t.test('settings that matter with certain faults only come with them', (t) => {
  const file = 'scenarios/swarm.yaml';
  const open = openScenario(readFileSync(file, 'utf8'), file, {});
  const kinds = drawnKinds.flatMap(({ name, topic }) =>
    topic === undefined ? [] : [{ name, topic }]);
  const seen = new Set<string>();
  for (let seed = 1; seed <= 60; seed += 1) {
    const { settings, drawn } = widerExplorationOf(open, base, seed);
    const topics = drawnSettings.flatMap(({ name, topic }) => name in settings ? topic ?? [] : []);
    for (const { name, topic } of kinds.filter((kind) => topics.includes(kind.topic))) {
      t.ok(name in drawn, `seed ${seed}: ${name}`);
      seen.add(topic);
    }
  }
  t.same([...seen].sort(), ['inventory', 'loads', 'rules']);
  t.end();
});

t.test('a system without zones, hosts or resources draws what it can', (t) => {
  const text = 'name: lone\nduration: 5m\nsystem: { managers: 2, zones: 1 }\n';
  const lone = parseScenario(text, 'lone.yaml');
  const its = buildInventory(lone);
  const names = new Set(seeds.flatMap((seed) => Object.keys(explorationOf(lone, its, seed).drawn)));
  for (const none of ['hosts crash', 'resources crash', 'hosts pause', 'partitions']) {
    t.notOk(names.has(none), none);
  }
  t.ok(names.has('coordinator crashes'));
  t.end();
});
