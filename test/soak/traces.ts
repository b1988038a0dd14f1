/** Recorded failures at length: injected is what the trace says, measured is close to it. */
import { readFileSync } from 'node:fs';
import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { buildInventory, type Inventory } from '../../experiment/inventory.js';
import { loadScenario } from '../../checker/scenario.js';
import { absent, dataFile } from '../data.js';
import type { Check, Finding } from './check.js';
import { lanl18, outagesByHand, webSites, type HandOutage, type HandWindow } from './outages.js';
import { simulate, type Simulated } from './simulate.js';

const DAY_S = 86_400;

interface Part {
  readonly what: string;
  readonly trace: typeof lanl18 | typeof webSites;
  readonly fromDay: number;
  readonly days: number;
  readonly heartbeat: string;
}

const long: readonly Part[] = [
  { what: 'a month', trace: lanl18, fromDay: 600, days: 30, heartbeat: '30s' },
  { what: 'three years', trace: lanl18, fromDay: 0, days: 1222, heartbeat: '10m' },
  { what: 'a month', trace: webSites, fromDay: 60, days: 30, heartbeat: '1m' },
  { what: 'seven months', trace: webSites, fromDay: 2, days: 208, heartbeat: '2m' },
];

const short: readonly Part[] = [
  { what: 'two weeks', trace: lanl18, fromDay: 300, days: 14, heartbeat: '10m' },
  { what: 'three days', trace: webSites, fromDay: 100, days: 3, heartbeat: '2m' },
];

export const traces: Check = async (scale, progress) => {
  const findings: Finding[] = [];
  for (const part of scale === 'long' ? long : short) {
    progress(`${part.trace.file}, ${part.what}`);
    findings.push(await replay(part));
  }
  return findings;
};

async function replay({ what, trace, fromDay, days, heartbeat }: Part): Promise<Finding> {
  const { file, data } = trace;
  const finding = {
    what: `${file}, ${what} at a heartbeat per ${heartbeat}`,
    wanted: 'the outages of the trace, to the instant; each measured within one detection time',
  };
  const skipped = absent(data);
  if (skipped !== false) return { ...finding, measured: `skipped: ${skipped}`, ok: true };
  const scenario = loadScenario(`scenarios/${file}.yaml`, {
    set: [
      `duration=${days * 24 + 1}h`,
      `faults[0].trace.from=${fromDay}d`,
      `faults[0].trace.until=${fromDay + days}d`,
      `coordination.resources.heartbeatPeriod=${heartbeat}`,
      `coordination.managers.heartbeatPeriod=${heartbeat}`,
    ],
  });
  const orphans = new Orphans(buildInventory(scenario));
  const run = await simulate(scenario, { sinks: () => [orphans] });
  const window = { fromS: fromDay * DAY_S, lengthS: days * DAY_S };
  const wrong = differences(run, expected(trace, window));
  const [replayed] = run.record.summary.faults.traces!;
  const { max } = replayed.differenceSeconds;
  const { broken } = run.record.summary.invariants;
  const late = [...run.record.faults].filter(({ time_s: beganS, detected_s: detectedS }) =>
    detectedS !== null && detectedS - beganS > replayed.detectionSeconds);
  const orphaned = late.filter(({ fault }) => orphans.faults.has(fault)).length;
  const detections = late.length > 0 && orphaned === late.length ? 2 : 1;
  const close = max !== null && max <= detections * replayed.detectionSeconds;
  return {
    ...finding,
    measured:
      `${replayed.injected} outages of ${replayed.failing} nodes, ${wrong} of them not the ` +
      `trace's; off by ${max?.toFixed(1)} s at most, detection takes ` +
      `${replayed.detectionSeconds.toFixed(1)} s; ${late.length} noticed later, ${orphaned} of ` +
      `them of nodes whose manager had died; ${broken.length} invariants broken`,
    ok: wrong === 0 && close && broken.length === 0,
  };
}

/** Faults of hosts whose manager had died: nobody watched them, until they had a new one. */
class Orphans implements ObservationSink {
  readonly faults = new Set<number>();
  private readonly inventory: Inventory;
  /** By resource: whom it points to, and since when. */
  private readonly pointers = new Map<number, readonly [Address, number]>();
  private readonly diedUs = new Map<Address, number>();

  constructor(inventory: Inventory) {
    this.inventory = inventory;
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    const { type } = observation;
    if (type === 'process-down') this.diedUs.set(process, timeUs);
    else if (type === 'pointer-set') {
      this.pointers.set(observation.resource, [observation.manager, timeUs]);
    } else if (type === 'fault-began') {
      const hit = observation.processes.flatMap((address) => this.inventory.resourcesOf(address));
      if (hit.some((resource) => this.isOrphan(resource))) this.faults.add(observation.fault);
    }
  }

  private isOrphan(resource: number): boolean {
    const pointer = this.pointers.get(resource);
    if (pointer === undefined) return false;
    const [manager, sinceUs] = pointer;
    return (this.diedUs.get(manager) ?? -Infinity) >= sinceUs;
  }
}

/** The trace says nothing of before and after it: what it implies there is Howdah's to decide. */
function expected(trace: Part['trace'], window: HandWindow): HandOutage[] {
  return outagesByHand(trace.file, readFileSync(dataFile(trace.data)!, 'utf8'), window);
}

/** How many outages are in one list and not in the other. */
function differences({ record }: Simulated, wanted: readonly HandOutage[]): number {
  const word = ({ node, beginS, endS }: HandOutage): string =>
    `${node} ${Math.round(beginS * 1e6)} ${Number.isFinite(endS) ? Math.round(endS * 1e6) : ''}`;
  const left = new Set(wanted.map(word));
  let strange = 0;
  for (const { target, time_s: beginS, cleared_s: endS } of record.faults) {
    if (!left.delete(word({ node: target, beginS, endS: endS ?? Infinity }))) strange += 1;
  }
  return strange + left.size;
}
