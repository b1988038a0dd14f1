/** What became of recorded failures: injected, noticed, and for how long nodes were down. */
import { basename } from 'node:path';
import type { Observation, ObservationType } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Bounds } from '../../checker/bounds/index.js';
import { censusOf, unitsOf } from '../../experiment/faults/index.js';
import type { FaultRecovery, HealthListener, Suspicion } from '../../checker/health/index.js';
import type { Inventory } from '../../experiment/inventory.js';
import type {
  FaultSettings, ResolvedScenario, TraceTime,
} from '../../experiment/scenario/index.js';
import type { RunResult } from '../../experiment/world.js';
import { Samples, type Statistics } from '../statistics/samples.js';
import { beside, optional, type ValuesOf } from './fields.js';
import { measure, type Measure, type MeasureContext } from './measure.js';

const microseconds = 1_000_000;

/** Recorded failures, and what became of them. Of the whole run, the warm-up too. */
export interface TraceReplay {
  /** Its name, without the folder. */
  readonly file: string;
  /** Nodes that take part. */
  readonly nodes: number;
  /** Of the whole file: outages or sessions written, and those that were one with another. */
  readonly rows: number;
  readonly merged: number;
  /** By the trace, within the run and the window; and how many nodes they concern. */
  readonly outages: number;
  readonly failing: number;
  readonly injected: number;
  /** Their node was down already, of another cause. */
  readonly skipped: number;
  /** Over before the timeout was. */
  readonly shorterThanDetection: number;
  /** Suspected by somebody while they lasted. */
  readonly noticed: number;
  /** All nodes together: by the trace; in truth; from suspicion until it was managed again. */
  readonly downSeconds: {
    readonly trace: number;
    readonly injected: number;
    readonly measured: number;
  };
  /** Per outage, how far what was measured is from what is true. */
  readonly differenceSeconds: Statistics;
  /** The longest that it takes to notice one. */
  readonly detectionSeconds: number;
}

/** One per entry of `faults` that replays a trace; left out if there is none. */
const fields = { faults: { traces: optional(beside<readonly TraceReplay[]>()) } };

/** What is to be heard of where there are traces. */
const signs = [
  'fault-began', 'process-down', 'process-paused', 'process-up', 'process-resumed', 'fault-ended',
  'resource-state', 'resource-suspected', 'resource-trusted', 'ballot-acknowledged',
  'manager-trusted',
] as const;

type FaultBegan = Observation & { type: 'fault-began' };

/** Sums over the outages of one entry of `faults`. */
interface Tally {
  injected: number;
  noticed: number;
  injectedUs: number;
  measuredUs: number;
  /** Of each outage, by how much its length as measured differs from that in truth. */
  readonly differences: Samples;
}

/** One outage, until the management plane counts the node in again. NaN: not yet. */
interface Outage {
  readonly fault: number;
  readonly tally: Tally;
  readonly processes: readonly Address[];
  readonly resources: readonly number[];
  /** A manager, which counts again once it acknowledges a coordinator. */
  readonly manager: boolean;
  downUs: number;
  upUs: number;
  noticedUs: number;
}

/**
 * Follows the outages that traces inject. A node is down, in truth, while its process is (or
 * stands still), or its resource. As measured it is down from the first suspicion until all that
 * went with it is managed again; a manager, until it acknowledges a coordinator. Memory: what is
 * open, and {@link Samples} per entry.
 */
export class TraceReplays implements Measure<typeof fields>, HealthListener {
  readonly hears: readonly ObservationType[];
  private readonly scenario: ResolvedScenario;
  private readonly inventory: Inventory;
  private readonly bounds: Bounds;
  private readonly tallies = new Map<number, Tally>();
  private readonly open = new Map<number, Outage>();
  private readonly byProcess = new Map<Address, Outage>();
  private readonly byResource = new Map<number, Outage>();

  constructor({ scenario, inventory, bounds, health }: MeasureContext) {
    this.scenario = scenario;
    this.inventory = inventory;
    this.bounds = bounds;
    for (const [index, { when }] of scenario.faults.entries()) {
      if (when.kind !== 'trace') continue;
      this.tallies.set(index, {
        injected: 0, noticed: 0, injectedUs: 0, measuredUs: 0, differences: new Samples(),
      });
    }
    const any = this.tallies.size > 0;
    this.hears = any ? signs : [];
    if (any) health.listen(this);
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    switch (observation.type) {
      case 'fault-began':
        return this.began(timeUs, observation);
      case 'process-down':
      case 'process-paused':
        return this.down(this.byProcess.get(process), timeUs);
      case 'process-up':
      case 'process-resumed':
        return this.up(this.byProcess.get(process), timeUs);
      case 'fault-ended':
        return this.ended(this.open.get(observation.fault), timeUs);
      case 'resource-state':
        if (observation.state === 'down') this.resourceDown(observation.resource, timeUs);
        return;
      case 'resource-suspected':
        return this.noticed(this.byResource.get(observation.resource), timeUs);
      case 'resource-trusted':
        return this.trusted(this.byResource.get(observation.resource), timeUs);
      case 'ballot-acknowledged':
        if (observation.ballot !== null) this.counted(process, timeUs);
        return;
      case 'manager-trusted':
        return this.counted(observation.manager, timeUs);
      default:
    }
  }

  suspected({ timeUs, of }: Suspicion): void {
    this.noticed(this.byProcess.get(of), timeUs);
  }

  faultRecovered({ fault, recoveredUs }: FaultRecovery): void {
    const outage = this.open.get(fault);
    if (outage === undefined || outage.manager || Number.isNaN(outage.upUs)) return;
    this.close(outage, recoveredUs);
  }

  finish({ endUs }: RunResult): void {
    for (const outage of this.open.values()) this.close(outage, endUs);
  }

  summary({ endUs }: RunResult): ValuesOf<typeof fields> {
    if (this.tallies.size === 0) return { faults: {} };
    const { faults } = this.scenario;
    const traces = Array.from(
      this.tallies, ([index, tally]) => this.replayed(faults[index], tally, endUs),
    );
    return { faults: { traces } };
  }

  private began(timeUs: number, { entry, fault, processes, resources }: FaultBegan): void {
    const tally = entry === undefined ? undefined : this.tallies.get(entry);
    if (tally === undefined) return;
    tally.injected += 1;
    const { inventory } = this;
    const manager = processes.some((process) => process < inventory.managers);
    const carried = processes.flatMap((process) => inventory.resourcesOf(process));
    const outage: Outage = {
      fault, tally, processes, manager,
      resources: processes.length > 0 ? carried : resources,
      downUs: NaN, upUs: NaN, noticedUs: NaN,
    };
    this.open.set(fault, outage);
    for (const process of processes) {
      this.follow(timeUs, this.byProcess.get(process), outage);
      this.byProcess.set(process, outage);
    }
    for (const resource of outage.resources) {
      this.follow(timeUs, this.byResource.get(resource), outage);
      this.byResource.set(resource, outage);
    }
  }

  /** A node that fails again before it was counted in has, as measured, not been back at all. */
  private follow(timeUs: number, before: Outage | undefined, after: Outage): void {
    if (before === undefined || !this.open.has(before.fault)) return;
    if (!Number.isNaN(before.noticedUs)) after.noticedUs = timeUs;
    this.close(before, timeUs);
  }

  private resourceDown(resource: number, timeUs: number): void {
    const outage = this.byResource.get(resource);
    if (outage?.processes.length === 0) this.down(outage, timeUs);
  }

  /** Until then each start of the resource fails, so it does not matter what it seems to do. */
  private ended(outage: Outage | undefined, timeUs: number): void {
    if (outage?.processes.length === 0) this.up(outage, timeUs);
  }

  /** It may have seemed to be recovered already, while a start was tried in vain. */
  private trusted(outage: Outage | undefined, timeUs: number): void {
    if (outage?.processes.length === 0 && !Number.isNaN(outage.upUs)) this.close(outage, timeUs);
  }

  private down(outage: Outage | undefined, timeUs: number): void {
    if (outage !== undefined && Number.isNaN(outage.downUs)) outage.downUs = timeUs;
  }

  private up(outage: Outage | undefined, timeUs: number): void {
    if (outage === undefined || Number.isNaN(outage.downUs)) return;
    if (Number.isNaN(outage.upUs)) outage.upUs = timeUs;
  }

  private noticed(outage: Outage | undefined, timeUs: number): void {
    if (outage === undefined || !Number.isNaN(outage.noticedUs)) return;
    // After its return it is suspected by mistake, or by who knows only of its former life.
    if (Number.isNaN(outage.upUs)) outage.noticedUs = timeUs;
  }

  private counted(process: Address, timeUs: number): void {
    const outage = this.byProcess.get(process);
    if (outage === undefined || !outage.manager || Number.isNaN(outage.upUs)) return;
    this.close(outage, timeUs);
  }

  private close(outage: Outage, backUs: number): void {
    const { fault, tally, downUs, noticedUs, processes, resources } = outage;
    const measuredUs = Number.isNaN(noticedUs) ? 0 : backUs - noticedUs;
    const upUs = Number.isNaN(outage.upUs) ? backUs : outage.upUs;
    const injectedUs = Number.isNaN(downUs) ? 0 : upUs - downUs;
    if (!Number.isNaN(noticedUs)) tally.noticed += 1;
    tally.injectedUs += injectedUs;
    tally.measuredUs += measuredUs;
    tally.differences.add(Math.abs(measuredUs - injectedUs));
    this.open.delete(fault);
    for (const process of processes) {
      if (this.byProcess.get(process) === outage) this.byProcess.delete(process);
    }
    for (const resource of resources) {
      if (this.byResource.get(resource) === outage) this.byResource.delete(resource);
    }
  }

  private replayed({ when, action }: FaultSettings, tally: Tally, endUs: number): TraceReplay {
    const { trace, nodes } = when as TraceTime;
    const { coordination } = this.scenario;
    const units = unitsOf(action, this.inventory);
    const rhythm = (unit: number) => {
      const process = units.process(unit);
      const manager = process >= 0 && process < this.inventory.managers;
      return manager ? coordination.managers : coordination.resources;
    };
    const census = censusOf(when as TraceTime, endUs, (unit) => rhythm(unit).timeoutUs);
    const slowest = Math.max(rhythm(0).timeoutUs, rhythm(nodes - 1).timeoutUs);
    const detectionUs = slowest + coordination.resources.checkPeriodUs + this.bounds.maxDelayUs;
    return {
      file: basename(trace.path),
      nodes,
      rows: trace.rows,
      merged: trace.merged,
      outages: census.outages,
      failing: census.failing,
      injected: tally.injected,
      skipped: Math.max(0, census.outages - tally.injected),
      shorterThanDetection: census.short,
      noticed: tally.noticed,
      downSeconds: {
        trace: census.downUs / microseconds,
        injected: tally.injectedUs / microseconds,
        measured: tally.measuredUs / microseconds,
      },
      differenceSeconds: tally.differences.statistics(),
      detectionSeconds: detectionUs / microseconds,
    };
  }
}

export const traceReplays = measure(fields, (context) => new TraceReplays(context));
