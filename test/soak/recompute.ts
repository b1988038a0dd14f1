/** Every scenario that comes along, held to its own trace by code that shares nothing with it. */
import { readdirSync } from 'node:fs';
import { loadScenario } from '../../experiment/scenario/index.js';
import { differences, liveDifferences } from '../recompute/again.js';
import type { Check, Finding } from './check.js';

/** From scratch at every instant: what is too large for that is made smaller. */
const smaller: Readonly<Record<string, readonly string[]>> = {
  '1000-nodes': ['duration=40m'],
  'five-year-units': ['duration=12h'],
  million: ['system.managers=40', 'system.resources.0.count=800'],
};

export const recompute: Check = async (scale, progress) => {
  const findings: Finding[] = [];
  const names = readdirSync('scenarios').filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length));
  const live = 'live-smoke, live';
  for (const name of scale === 'short' ? ['smoke'] : [...names, live]) {
    progress(name);
    let measured = 'the same';
    try {
      const set = smaller[name] ?? [];
      const apart = name === live
        ? await liveDifferences(loadScenario('scenarios/live-smoke.yaml'))
        : await differences(loadScenario(`scenarios/${name}.yaml`, { set }));
      if (apart.length > 0) measured = `${apart.length} differ: ${apart[0]}`;
    } catch (error) {
      measured = error instanceof Error ? error.message : String(error);
    }
    findings.push({
      what: `${name}: summary and tables by the trace`, measured, wanted: 'the same',
      ok: measured === 'the same',
    });
  }
  return findings;
};
