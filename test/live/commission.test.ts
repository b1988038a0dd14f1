import t from 'tap';
import type { Observation } from '../../core/observations.js';
import { runLive } from '../../live/index.js';
import { hooks, judge, smoke } from './fixture.js';

t.test('what is commissioned comes when it does, and is managed', async (t) => {
  const system = smoke(
    'duration=30s', 'warmUp=500ms', 'live.processes=4',
    'faults=[{at: 1s, restart: [manager-3, host-2]},' +
      '{at: 2s, commission: [manager-3, host-2, web-1]}]',
  );
  const { health, invariants, sinks } = judge(system);
  const { inventory } = system;
  const late = [2, inventory.managers + 1];
  const ups: (readonly [number, number])[] = [];
  const webs = new Set<number>();
  const recorder = {
    observe: (timeUs: number, process: number, what: Observation): void => {
      if (what.type === 'process-up' && late.includes(process)) ups.push([process, timeUs]);
      if (what.type === 'pointer-set') webs.add(what.resource);
    },
  };
  // Until all are managed: how long it takes to start is up to the machine.
  let doneUs = Infinity;
  const progress = (nowUs: number): boolean => {
    if (ups.length === 2 && webs.size === 24) doneUs = Math.min(doneUs, nowUs);
    return nowUs < doneUs + 1e6;
  };
  const result = await runLive(system.scenario, inventory,
    hooks({ sinks: [...sinks, recorder], progress }));
  health.finish(result.endUs);
  for (const { name, broken } of invariants) t.equal(broken, null, name);
  t.same(ups.map(([process]) => process).sort((a, b) => a - b), late);
  t.ok(ups.every(([, timeUs]) => timeUs >= 2e6), 'and not when it is told to restart');
  t.equal(health.plane.heldResources, 24);
});
