import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import type { BuiltInMessage } from '../../core/messages.js';
import type { Environment, Process } from '../../core/process.js';
import { EntityRandom, streamKey } from '../../experiment/random/streams.js';
import { Clock } from '../../live/node/clock.js';
import { LagMeter } from '../../live/node/lag.js';
import { LiveNode } from '../../live/node/live-node.js';
import { MemoryTransport } from '../../live/node/memory-transport.js';
import { SimWorld } from '../../sim/world/world.js';
import { buildInventory } from '../../experiment/inventory.js';
import { HeapQueue } from '../../sim/engine/heap-queue.js';
import { constant, scenarioOf, type ScenarioChoices } from '../sim/world/fixture.js';
import { environmentConformance, type Conduct, type EnvironmentWorld } from './environment.js';

const processOf = (environment: Environment, conduct: Conduct): Process => ({
  start: () => conduct(environment, { what: 'start' }),
  receive: (from, message) =>
    conduct(environment, { what: 'message', from, message: message as BuiltInMessage }),
  onTimer: (kind, argument) => conduct(environment, { what: 'timer', kind, argument }),
});

const simulated = (choices: ScenarioChoices) =>
  async (conduct: Conduct): Promise<EnvironmentWorld> => {
    const network = { latency: { kind: 'same', delay: constant(0.002) } } as const;
    const scenario = scenarioOf({ managers: 2, resources: 0, network, ...choices });
    const world = new SimWorld({
      queue: new HeapQueue(),
      scenario,
      inventory: buildInventory(scenario),
      seed: 1,
      sink: { observe: () => {} },
      processes: {
        manager: (environment) => processOf(environment, conduct),
        agent: () => {
          throw new Error('there is none');
        },
      },
    });
    return {
      // Hosts start within the first second.
      advance: async (us) => void world.loop.run(world.loop.now + 1e6 + us, Infinity),
      stop: async () => {},
    };
  };

async function live(conduct: Conduct): Promise<EnvironmentWorld> {
  const clock = Clock.startingNow();
  const transport = new MemoryTransport();
  const directory = t.testdir();
  const failures: unknown[] = [];
  const nodes: LiveNode[] = [0, 1].map((address) => new LiveNode({
    address,
    path: join(directory, `${address}.json`),
    random: new EntityRandom(streamKey(1, 'live'), address),
    create: (environment) => processOf(environment, conduct),
  }, {
    clock, transport, lag: new LagMeter(20_000), observe: () => {}, worked: () => {},
    exit: () => {},
    failed: (_process, _during, error) => void failures.push(error),
  }));
  return {
    advance: async (us) => {
      await delay(us / 1000);
      if (failures.length > 0) throw failures[0];
    },
    stop: async () => {
      for (const node of nodes) node.crash();
    },
  };
}

t.test('simulated', (t) => environmentConformance(t, simulated({})));
const clocks = { offsetUs: 1e6, drift: 0.0001, timersUs: 500 };
t.test('simulated, with clocks that are wrong', (t) =>
  environmentConformance(t, simulated({ clocks })));
t.test('live', (t) => environmentConformance(t, live));
