import t from 'tap';
import { StoreView } from '../../../campaign/explore/store-view.js';
import type { BuiltInMessage } from '../../../core/messages.js';
import type { Environment } from '../../../core/process.js';
import { buildInventory } from '../../../experiment/inventory.js';
import { parseScenario } from '../../../checker/scenario.js';
import type { PooledProcesses } from '../../../sim/index.js';
import { MemoryWorld } from '../../core/overlay/memory-world.js';

const scenario = parseScenario(`
name: store
duration: 10s
system: { managers: 2, resources: [{ kind: service, count: 1 }] }
`, 'store.yaml');
const ballot = { counter: 1, node: '1'.padStart(32, '0'), incarnation: 1, address: 0 };
const message: BuiltInMessage = { type: 'coordinator-announce', ballot };

/** What is said of a manager that does this when it starts. */
function flawOf(act: (environment: Environment) => void): string | undefined {
  const view = new StoreView(scenario, buildInventory(scenario));
  const processes = {
    manager: (environment: Environment) => ({
      start: () => act(environment), receive: () => {}, onTimer: () => {},
    }),
  } as unknown as PooledProcesses;
  const world = new MemoryWorld(1);
  world.host(0, (environment) => view.around(processes).manager(environment, 0));
  world.start(0);
  return view.flaw?.explanation;
}

t.test('what is put is durable before anything is sent', (t) => {
  t.equal(flawOf((env) => {
    env.store.put('ballot', 1);
    env.store.sync();
    env.send(1, message);
  }), undefined);
  t.match(flawOf((env) => {
    env.store.put('ballot', 1);
    env.send(1, message);
  }), /^manager-1 sent coordinator-announce before what it had stored was durable$/);
  t.end();
});

t.test('a ballot that is taken, and an action, have something written for them', (t) => {
  const taken = { type: 'coordinator-elected', ballot } as const;
  t.match(flawOf((env) => env.observe(taken)), /took a ballot without anything durable/);
  t.match(flawOf((env) => {
    env.store.put('ballot', 1);
    env.observe({ type: 'actuated', resource: 0, verb: 'start', incarnation: 0,
      authority: { ballot, sequence: 1 } });
  }), /acted without anything durable/);
  t.equal(flawOf((env) => {
    env.store.put('ballot', 1);
    env.store.sync();
    env.observe(taken);
  }), undefined);
  t.end();
});
