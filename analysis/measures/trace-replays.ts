/** What became of recorded failures: injected, noticed, and for how long nodes were down. */
import { basename } from 'node:path';
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Bounds } from '../../checker/bounds/index.js';
import { censusOf, unitsOf } from '../../experiment/faults/index.js';
import type { FaultRecovery, HealthListener, Suspicion } from '../../checker/health/index.js';
import type { Inventory } from '../../experiment/inventory.js';
import type {
  FaultSettings, ResolvedScenario, TraceTime,
} from '../../experiment/scenario/index.js';
import { Samples } from '../statistics/samples.js';
import type { TraceReplay } from '../summary.js';

const microseconds = 1_000_000;

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
 * went with it is managed again; a manager, until it acknowledges a coordinator. To be told of
 * each observation before the truth is. Memory: what is open, and {@link Samples} per entry.
 */
export class TraceReplays implements HealthListener {
  private readonly scenario: ResolvedScenario;
  private readonly inventory: Inventory;
  private readonly bounds: Bounds;
  private readonly tallies = new Map<number, Tally>();
  private readonly open = new Map<number, Outage>();
  private readonly byProcess = new Map<Address, Outage>();
  private readonly byResource = new Map<number, Outage>();

  constructor(scenario: ResolvedScenario, inventory: Inventory, bounds: Bounds) {
    this.scenario = scenario;
    this.inventory = inventory;
    this.bounds = bounds;
    for (const [index, { when }] of scenario.faults.entries()) {
      if (when.kind !== 'trace') continue;
      this.tallies.set(index, {
        injected: 0, noticed: 0, injectedUs: 0, measuredUs: 0, differences: new Samples(),
      });
    }
  }

  /** False: there is nothing to follow. */
  get any(): boolean {
    return this.tallies.size > 0;
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

  /** Of the whole run up to its end, the warm-up too. */
  finish(endUs: number): TraceReplay[] {
    for (const outage of this.open.values()) this.close(outage, endUs);
    const { faults } = this.scenario;
    return Array.from(this.tallies, ([index, tally]) => this.summary(faults[index], tally, endUs));
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

  private summary({ when, action }: FaultSettings, tally: Tally, endUs: number): TraceReplay {
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
