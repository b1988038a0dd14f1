/**
 * Every scenario that comes along, and schedules of faults as explorations draw them, held to
 * their own traces by code that shares nothing with them.
 */
import { readdirSync } from 'node:fs';
import { baseOf, Planner } from '../../campaign/explore/planner.js';
import { noPlugins } from '../../checker/plugins.js';
import { loadScenario } from '../../checker/scenario.js';
import { differences, liveDifferences } from '../recompute/again.js';
import type { Check, Finding } from './check.js';

/** Beside the others, which are held whole. */
const smaller: Readonly<Record<string, readonly string[]>> = {
  million: ['system.managers=100', 'system.resources.0.count=10000'],
};

const drawnSeeds = 200;

/** `--only NAME` takes one scenario; `drawn` and `live` are names too. */
export const recompute: Check = async (scale, progress, words = []) => {
  const findings: Finding[] = [];
  const held = async (what: string, find: () => Promise<string[]>): Promise<void> => {
    progress(what);
    let measured = 'the same';
    try {
      const apart = await find();
      if (apart.length > 0) measured = `${apart.length} differ: ${apart[0]}`;
    } catch (error) {
      measured = error instanceof Error ? error.message : String(error);
    }
    findings.push({ what, measured, wanted: 'the same', ok: measured === 'the same' });
  };
  const only = words.includes('--only') ? words[words.indexOf('--only') + 1] : null;
  const names = readdirSync('scenarios').filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .filter((name) => only === null || name === only);
  for (const name of scale === 'short' ? ['smoke'] : names) {
    const set = smaller[name] ?? [];
    await held([name, ...set].join(', '), () =>
      differences(loadScenario(`scenarios/${name}.yaml`, { set }), { kept: false }));
  }
  if (scale === 'long' && (only === null || only === 'drawn')) {
    const planner = new Planner(baseOf(loadScenario('scenarios/swarm.yaml')), noPlugins);
    for (let seed = 1; seed <= drawnSeeds; seed += 1) {
      await held(`swarm, faults of seed ${seed}`, () =>
        differences(planner.of(seed).scenario, { kept: false }));
    }
  }
  if (scale === 'long' && (only === null || only === 'live')) {
    await held('live-smoke, live', () =>
      liveDifferences(loadScenario('scenarios/live-smoke.yaml')));
  }
  return findings;
};
