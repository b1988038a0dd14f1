import t from 'tap';
import type { Observation } from '../../../core/observations.js';
import { buildInventory, type Inventory } from '../../../experiment/inventory.js';
import { parseScenario } from '../../../checker/scenario.js';
import { toYaml } from '../../../experiment/scenario/index.js';
import { runSimulation } from '../../../sim/index.js';
import { quietHooks, Recorder } from '../../sim/world/fixture.js';

const base = `
duration: 10m
system:
  managers: 2
  zones: 3
  resources:
    - { kind: service, count: 12, perHost: 2, labels: { group: web, tier: front } }
    - { kind: service, count: 3, perHost: 1, labels: { group: api } }
    - { kind: service, count: 6, perHost: 1, spares: 2, labels: { group: web, tier: back } }
  kinds: { service: { startUp: { uniform: { low: 5s, high: 9s } } } }
`;

interface Told {
  readonly second: number;
  readonly name: string;
  readonly what: 'restarted' | 'up' | 'down';
}

interface Run {
  readonly inventory: Inventory;
  readonly told: readonly Told[];
  readonly skipped: number;
}

async function run(faults: string, duration = '10m'): Promise<Run> {
  const text = `${base.replace('10m', duration)}faults:\n${faults}`;
  const scenario = parseScenario(text, 'rolling.yaml');
  t.match(parseScenario(toYaml(scenario), 's.yaml').faults, scenario.faults, 'printed and read');
  const inventory = buildInventory(scenario);
  const recorder = new Recorder();
  const { faultsSkipped: skipped = 0 } =
    await runSimulation(scenario, inventory, quietHooks([recorder]));
  const named = (resource: number): string => inventory.descriptor(resource).name;
  const told = recorder.seen.flatMap(({ timeUs, observation }) => {
    const second = timeUs / 1e6;
    const known = tell(observation);
    return second < 60 ? [] : known.map(([resource, what]) =>
      ({ second, what, name: named(resource) }));
  });
  return { inventory, told, skipped };
}

function tell(observation: Observation): [number, Told['what']][] {
  if (observation.type === 'fault-began' && observation.kind === 'rolling') {
    return observation.resources.map((resource) => [resource, 'restarted']);
  }
  if (observation.type !== 'resource-state') return [];
  const what = observation.state === 'up' ? 'up' : 'down';
  return [[observation.resource, what]];
}

function restarted({ told }: Run): readonly Told[] {
  return told.filter(({ what }) => what === 'restarted');
}

/** How many of some resources were not up at worst. */
function mostDown({ told }: Run, whose: (name: string) => boolean): number {
  const down = new Set<string>();
  return told.reduce((most, { name, what }) => {
    if (whose(name)) down[what === 'up' ? 'delete' : 'add'](name);
    return Math.max(most, down.size);
  }, 0);
}

const isWeb = (name: string): boolean => name.startsWith('web');

t.test('zone by zone, so many at once at most, and with a pause', async (t) => {
  const made = await run(
    '  - { at: 2m, rolling: { labels: { group: web }, unavailable: 2, pause: 5s } }\n',
  );
  const names = restarted(made).map(({ name }) => name);
  t.equal(names.length, 16, 'all but spares');
  t.equal(new Set(names).size, 16, 'each once');
  t.ok(names.every(isWeb));
  const zones = names.map((name) => {
    const all = Array.from({ length: made.inventory.resources }, (_, index) =>
      made.inventory.descriptor(index));
    return all.find((one) => one.name === name)!.zone;
  });
  t.same(zones, [...zones].sort((a, b) => (a < b ? -1 : 1)));
  t.equal(mostDown(made, isWeb), 2);
  const ups = made.told.filter(({ what }) => what === 'up').map(({ second }) => second);
  for (const { second } of restarted(made).slice(2)) {
    t.ok(ups.some((up) => Math.abs(second - up - 5) < 0.01), `${second} is 5 s after one was up`);
  }
  t.equal(ups.length, 16, 'all are back');
});

t.test('labels choose, and repairAfter keeps each down for longer', async (t) => {
  const made = await run(
    '  - at: 2m\n    rolling: { labels: { group: web, tier: back } }\n    repairAfter: 20s\n',
  );
  t.same(new Set(restarted(made).map(({ name }) => name)),
    new Set(['web2-1', 'web2-2', 'web2-3', 'web2-4']));
  const [first, second] = restarted(made);
  t.ok(second.second - first.second > 25, 'down for 20 s, and 5 s or more to start');
});

t.test('it stops at the first that does not return in time', async (t) => {
  const made = await run([
    '  - { at: 2m, rolling: { labels: { group: web }, unavailable: 2, timeout: 30s } }',
    '  - { at: 121s, crash: host-1, repairAfter: 4m }\n',
  ].join('\n'));
  t.same(restarted(made).map(({ name }) => name), ['web-1', 'web-2']);
});

t.test('what others took down counts, and is passed over', async (t) => {
  const made = await run([
    '  - { at: 110s, crash: web-3, repairAfter: 60s }',
    '  - { at: 115s, crash: web-12, repairAfter: 6m }',
    '  - { at: 2m, rolling: { labels: { tier: front }, unavailable: 2 } }\n',
  ].join('\n'));
  t.equal(mostDown(made, isWeb), 2);
  const first = restarted(made)[0];
  t.ok(first.second > 170, 'two were down already');
  t.equal(restarted(made).length, 11);
  t.equal(made.skipped, 1, 'web-12');
});

t.test('healed, or at the end of the run, it goes on no more', async (t) => {
  const made = await run([
    '  - { at: 2m, rolling: { labels: { group: web } } }', '  - { at: 130s, heal: all }\n',
  ].join('\n'));
  t.ok(restarted(made).length <= 2);
  const short = await run('  - { at: 2m, rolling: { labels: { group: web } } }\n', '150s');
  t.ok(restarted(short).length < 6);
});

t.test('what is wrong is told', (t) => {
  const refused = (fault: string, message: RegExp): void => {
    t.throws(() => parseScenario(`${base}faults:\n  - { ${fault} }\n`, 'r.yaml'), { message });
  };
  const rolling = 'rolling: { labels: { group: web } }';
  refused(`every: 5m, ${rolling}`, /r\.yaml:12:\d+: a rolling restart goes on by itself, give/);
  refused(`at: 5m, rolling: { labels: { group: wab } }`, /no resource has these labels, did you m/);
  refused('at: 5m, rolling: { labels: {} }', /no resource has these labels/);
  refused('at: 5m, rolling: { labels: { group: web }, unavailable: 0 }', /0 is too small/);
  refused('at: 5m, rolling: { label: { group: web } }', /unknown key label, did you mean labels/);
  t.end();
});
