import t from 'tap';
import { MetricsView } from '../../../campaign/explore/metrics-view.js';
import type { ManagerProcess } from '../../../core/coordination/index.js';
import { buildInventory } from '../../../experiment/inventory.js';
import { parseScenario } from '../../../checker/scenario.js';

type Values = readonly number[] | null | undefined;

const scenario = parseScenario(`
name: metrics
duration: 400s
system:
  managers: 2
  resources: [{ kind: service, count: 2, perHost: 1 }]
  kinds: { service: { metrics: { load: { mean: 0.5, deviation: 0.2, resolution: 0.2 } } } }
coordination: { managers: { heartbeatPeriod: 10s } }
`, 'metrics.yaml');
const token = { ballot: { counter: 1, node: '1', incarnation: 1, address: 0 }, sequence: 1 };

interface World {
  readonly view: MetricsView;
  known: Values;
  model: Values;
  isUp: boolean;
}

/** Manager 1 lists resource 0; manager 0 coordinates. What they know, the test says. */
function view(): World {
  const world: World = {
    known: [0.5], model: [0.5], isUp: true,
    view: new MetricsView(scenario, buildInventory(scenario), 300e6, (manager) => {
      const process = { measured: () => world.known, modelled: () => world.model };
      return world.isUp || manager === 0 ? process as unknown as ManagerProcess : undefined;
    }),
  };
  world.view.observe(0, 0, { type: 'coordinator-elected', ballot: token.ballot });
  world.view.observe(1, 1, { type: 'listing-added', resource: 0, token });
  return world;
}

/** From `fromS` on every 10 s until `toS`. */
function sample(to: MetricsView, fromS: number, toS: number): string | null {
  for (let timeS = fromS; timeS <= toS; timeS += 10) to.sample(timeS * 1e6);
  return to.flaw();
}

t.test('the model may differ by less than the resolution, and by more for two periods', (t) => {
  const world = view();
  world.model = [0.69];
  t.equal(sample(world.view, 300, 400), null);
  world.model = [0.71];
  t.equal(sample(world.view, 300, 320), null);
  t.match(sample(world.view, 330, 330), /for 30.0 s .* to measure 0.71, and its manager 0.5$/);
  t.end();
});

t.test('who hears nothing at all is told as well', (t) => {
  const world = view();
  world.model = null;
  t.match(sample(world.view, 300, 400), /to measure nothing/);
  t.end();
});

t.test('what is heard late is heard, and before the last part of the quiet nothing counts', (t) => {
  const world = view();
  world.model = [0.9];
  t.equal(sample(world.view, 100, 290), null);
  for (let timeS = 300; timeS < 400; timeS += 20) {
    world.model = [timeS];
    t.equal(sample(world.view, timeS, timeS + 10), null);
  }
  t.end();
});

t.test('of a manager that is gone, or lists it no more, nothing is asked', (t) => {
  for (const change of [{ isUp: false }, { known: undefined }, { model: undefined }]) {
    const world = view();
    Object.assign(world, { model: [0.9] }, change);
    t.equal(sample(world.view, 300, 400), null);
  }
  t.end();
});
