import { createRecorder } from '../analysis/index.js';
import { buildInventory } from '../experiment/inventory.js';
import { runSimulation } from '../sim/index.js';
import type { BenchOptions, BenchResult } from './benchmark.js';
import { heapByOwner, type Owners } from './heap-by-owner.js';
import { heartbeatScenario } from './heartbeat-scenario.js';

/** A part of the system, and what a resource may cost it, in bytes. */
interface Part {
  readonly part: string;
  readonly classes: readonly string[];
  readonly budget: number;
}

/** In the order in which they take what several lead to; see {@link heapByOwner}. */
export const memoryBudget: readonly Part[] = [
  // Three copies: 44 bytes each, and 43 that a simulated disk holds of it. Some 120 bytes describe
  // the resource; all parts refer to the same, which count here because this part comes first.
  { part: 'inventory', classes: ['Inventory', 'InventoryDisk'], budget: 400 },
  // With the number of each registration.
  { part: 'agents', classes: ['Agents', 'Pointers'], budget: 243 },
  { part: "coordinator's model", classes: ['Coordinator'], budget: 360 },
  { part: 'overlay, a hundredth', classes: ['Pastry'], budget: 180 },
  { part: "managers' tables", classes: ['Manager', 'PartTable', 'RowArena'], budget: 535 },
  // Two of them: 20 bytes each, and what managers know of their progress. The part that they refer
  // to is the manager's.
  { part: "standbys' copies of parts", classes: ['PartsCopy', 'PartCopies'], budget: 70 },
  // A byte or so more or less from one process to the next.
  { part: 'truth and measurement', classes: ['Truth', 'Health', 'RunRecorder'], budget: 248 },
  // Most of it for the first seconds, in which all agents ask once a second until one is elected.
  { part: 'event queue and network', classes: ['EventLoop', 'Network'], budget: 340 },
  {
    part: 'simulated world',
    classes: ['SimWorld', 'SimEnvironment', 'ResourceBehaviour', 'FaultDriver'],
    budget: 180,
  },
];

const settledUs = 50e6;

/**
 * Bytes that one more resource costs each part of the system, its share of a manager included:
 * the difference of two sizes of the heartbeat model, all nodes registered.
 */
export async function bytesPerResource(
  smaller: number, larger: number,
): Promise<ReadonlyMap<string, number>> {
  const from = await heapOf(smaller);
  const to = await heapOf(larger);
  const more = larger - smaller;
  return new Map(Object.keys(to).map((part) => [part, (to[part] - from[part]) / more]));
}

async function heapOf(resources: number): Promise<Record<string, number>> {
  const scenario = heartbeatScenario({ resources, durationS: settledUs / 1e6 + 1 });
  const inventory = buildInventory(scenario);
  const recorder = createRecorder(scenario, inventory);
  const owners: Owners = Object.fromEntries(
    memoryBudget.map(({ part, classes }) => [part, classes]),
  );
  let heap: Record<string, number> = {};
  await runSimulation(scenario, inventory, {
    sinks: recorder.sinks,
    samplePeriodUs: recorder.samplePeriodUs,
    sample: (timeUs, counters) => recorder.sample(timeUs, counters),
    progress: async (timeUs) => {
      if (timeUs < settledUs) return true;
      heap = await heapByOwner(owners);
      return false;
    },
  });
  return heap;
}

/** The memory budget of a resource, part by part. */
export async function run({ full, progress }: BenchOptions): Promise<BenchResult> {
  const [smaller, larger] = full ? [20_000, 80_000] : [8_000, 32_000];
  progress(`memory, ${smaller} and ${larger} resources`);
  const bytes = await bytesPerResource(smaller, larger);
  const rows = memoryBudget.map(({ part, budget }) => ({ part, bytes: bytes.get(part)!, budget }));
  const sum = (key: 'bytes' | 'budget'): number => rows.reduce((all, row) => all + row[key], 0);
  const total = { part: 'all', bytes: sum('bytes'), budget: sum('budget') };
  return {
    name: 'memory',
    summary:
      'Bytes on the heap that one more resource costs, with its hundredth of a manager, by what\n' +
      `leads to them: ${larger} resources of the heartbeat model less ${smaller}.`,
    columns: [
      { key: 'part', title: 'part' },
      { key: 'bytes', title: 'bytes per resource' },
      { key: 'budget', title: 'budget' },
    ],
    rows: [...rows, total],
    targets: [
      { what: 'bytes per resource', atMost: total.budget, measured: total.bytes },
    ],
  };
}
