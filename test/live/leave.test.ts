import t from 'tap';
import { runLive } from '../../live/index.js';
import { childrenOf, hasProc, hooks, judge, smoke } from './fixture.js';

t.test('a coordinator that leaves hands over and comes back', async (t) => {
  const system = smoke(
    'duration=30s', 'warmUp=1s', 'live.processes=4',
    'faults=[{at: 3s, leave: coordinator, repairAfter: 500ms}]',
  );
  const { health, invariants, seen, sinks } = judge(system);
  const count = (type: string): number => seen.filter((one) => one === type).length;
  // Until it has been back for a while: how long it takes to start is up to the machine.
  let backUs = Infinity;
  const progress = (nowUs: number): boolean => {
    if (count('process-up') === 15) backUs = Math.min(backUs, nowUs);
    return nowUs < backUs + 3e6;
  };
  const { scenario, inventory } = system;
  const result = await runLive(scenario, inventory, hooks({ sinks, progress }));
  health.finish(result.endUs);
  for (const { name, broken } of invariants) t.equal(broken, null, name);
  t.ok(health.healthy(), JSON.stringify(health.violations()));
  t.equal(health.plane.heldResources, 24);
  t.equal(count('process-leaving'), 1);
  t.equal(count('process-down'), 1);
  t.equal(count('process-up'), 15);
  t.ok(count('resource-moved') > 0);
  if (hasProc) t.same(childrenOf(process.pid), [], 'nobody is left');
});
