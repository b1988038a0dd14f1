/** The world's side of leaving: who is told, who may go, and who has to. */
import t from 'tap';
import type { Process } from '../../../core/process.js';
import { leaveLimitUs } from '../../../experiment/world.js';
import { parseScenario } from '../../../checker/scenario.js';
import { buildInventory } from '../../../experiment/inventory.js';
import { WheelQueue } from '../../../sim/engine/wheel-queue.js';
import { SimWorld } from '../../../sim/world/world.js';

const scenario = parseScenario(
  'duration: 10m\nsystem: { managers: 3 }\ncoordination: { leaveTimeout: 20s }', 'leave.yaml',
);
const limitUs = leaveLimitUs(scenario.coordination);
const story: string[] = [];

/** What manager 0 does when told to go: nothing, or goes after so long; 1 cannot be told. */
function worldWith(goesAfterUs: number): SimWorld {
  story.length = 0;
  const inventory = buildInventory(scenario);
  const world: SimWorld = new SimWorld({
    queue: new WheelQueue(), scenario, inventory, seed: 1,
    sink: {
      observe: (timeUs, process, { type }) => {
        if (type !== 'process-up') story.push(`${timeUs / 1e6} ${process} ${type}`);
      },
    },
    processes: {
      manager: (environment): Process => ({
        start: () => undefined,
        receive: () => undefined,
        onTimer: () => environment.exit(),
        ...(environment.address === 1 ? {} : {
          leave: () => {
            if (goesAfterUs < Infinity) environment.setTimer(goesAfterUs, 1, 0);
          },
        }),
      }),
      agent: () => {
        throw new Error('there are none');
      },
    },
  });
  return world;
}

t.test('a process that is told to go goes when it wants to', async (t) => {
  const world = worldWith(3e6);
  world.callAt(5e6, () => world.leaveProcess(0));
  world.callAt(6e6, () => world.leaveProcess(0));
  world.loop.run(60e6, Infinity);
  t.same(story, ['5 0 process-leaving', '8.000001 0 process-down']);
});

t.test('one that does not is taken down when its time is up', async (t) => {
  const world = worldWith(Infinity);
  world.callAt(5e6, () => world.leaveProcess(0));
  world.loop.run(60e6, Infinity);
  t.same(story, ['5 0 process-leaving', `${(5e6 + limitUs) / 1e6} 0 process-down`]);
});

t.test('one that has nothing to hand over goes at once', async (t) => {
  const world = worldWith(3e6);
  world.callAt(5e6, () => world.leaveProcess(1));
  world.loop.run(60e6, Infinity);
  t.same(story, ['5 1 process-leaving', '5 1 process-down']);
});

t.test('a paused one hears of it when it goes on', async (t) => {
  const world = worldWith(3e6);
  world.callAt(4e6, () => world.pauseProcess(0));
  world.callAt(5e6, () => world.leaveProcess(0));
  world.callAt(6e6, () => world.resumeProcess(0));
  world.loop.run(60e6, Infinity);
  t.same(story.slice(-2), ['6 0 process-resumed', '9.000001 0 process-down']);
});

t.test('the time limit of one life is not that of the next', async (t) => {
  const world = worldWith(Infinity);
  world.callAt(5e6, () => world.leaveProcess(0));
  world.callAt(6e6, () => world.crashHost(0));
  world.callAt(7e6, () => world.restartHost(0));
  world.callAt(8e6, () => world.leaveProcess(0));
  world.loop.run(60e6, Infinity);
  t.same(story, [
    '5 0 process-leaving', '6 0 process-down',
    '8 0 process-leaving', `${(8e6 + limitUs) / 1e6} 0 process-down`,
  ]);
});
