import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ObservationSink } from '../../core/observations.js';
import { deriveBounds } from '../../checker/bounds/index.js';
import { Health } from '../../checker/health/index.js';
import { createInvariants } from '../../checker/invariants/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import { loadScenario } from '../../checker/scenario.js';
import type { RunHooks } from '../../experiment/world.js';
import { chosen } from '../checker/invariants/chosen.js';

export const smokeFile = fileURLToPath(
  new URL('../../../scenarios/live-smoke.yaml', import.meta.url),
);

/** `scenarios/live-smoke.yaml`, changed. */
export function smoke(...set: string[]) {
  const scenario = loadScenario(smokeFile, { set });
  return { scenario, inventory: buildInventory(scenario) };
}

/** What must never be, on however slow a machine. */
const safety = [
  'one-coordinator-per-ballot',
  'no-action-twice',
  'model-never-invents',
  'ballots-only-grow',
  'no-obedience-to-the-deposed',
];

/** Judges a run as the command line does. */
export function judge({ scenario, inventory }: ReturnType<typeof smoke>) {
  const bounds = deriveBounds(scenario);
  const health = new Health(inventory, bounds);
  const invariants = createInvariants(chosen(...safety), { inventory, bounds, health, scenario });
  const seen: string[] = [];
  const recorder: ObservationSink = {
    observe: (_timeUs, _process, { type }) => void seen.push(type),
  };
  return { health, invariants, seen, sinks: [health, ...invariants, recorder] };
}

export function hooks(changes: Partial<RunHooks> = {}): RunHooks {
  return { sinks: [], samplePeriodUs: 0, sample: () => {}, progress: () => true, ...changes };
}

export const hasProc = existsSync('/proc/self/stat');

/** Processes that `pid` started and that are still there, zombies aside. */
export function childrenOf(pid: number): number[] {
  const children: number[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = statOf(Number(name));
    if (stat !== null && stat.parent === pid && stat.state !== 'Z') children.push(Number(name));
  }
  return children;
}

export function isRunning(pid: number): boolean {
  const stat = statOf(pid);
  return stat !== null && stat.state !== 'Z';
}

/** T: stopped. */
export function stateOf(pid: number): string | null {
  return statOf(pid)?.state ?? null;
}

function statOf(pid: number): { state: string; parent: number } | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The name, in parentheses, may hold anything.
  const [state, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state, parent: Number(parent) };
}
