/** Every injected fault: when it came, whom it hit, when it was noticed and recovered from. */
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type {
  FaultRecovery, Health, HealthListener, Suspicion,
} from '../../checker/health/index.js';
import type { Inventory } from '../../experiment/inventory.js';
import { isHealing } from '../fault-words.js';
import type { FaultRow, FaultTargetRow } from '../tables/index.js';
import { Samples, type Statistics } from '../statistics/samples.js';
import { count, each, rare, type ValuesOf } from './fields.js';
import { measure, type Measure } from './measure.js';

const fields = {
  faults: {
    injected: count('faults', 'after the warm-up', 'faults injected in a run'),
    byKind: each((kind) => rare('faults', `injected: ${kind}`, 'none was')),
  },
};

const microseconds = 1_000_000;
/** So many targets of a fault are named; the others are counted. */
const MOST_NAMED = 1000;

type FaultBegan = Observation & { type: 'fault-began' };

/** A fault as others may ask for it. */
export interface Fault {
  readonly number: number;
  readonly beganUs: number;
  readonly kind: string;
  readonly target: string;
  readonly scope: FaultRow['scope'];
}

/**
 * Memory grows with the number of faults, some 80 bytes each and 8 for each that it hit: columns
 * of numbers, and one string for all faults with the same target.
 */
export class FaultTable implements Measure<typeof fields>, HealthListener {
  readonly hears = ['fault-began', 'fault-ended', 'resource-suspected'] as const;
  /** From the start of each fault to the recovery from it. */
  private readonly recoveries = new Samples();
  private readonly health: Health;
  private readonly warmUpUs: number;
  private readonly texts: string[] = [];
  private readonly textNumbers = new Map<string, number>();
  private readonly kind: number[] = [];
  private readonly target: number[] = [];
  private readonly management: boolean[] = [];
  private readonly beganUs: number[] = [];
  private readonly clearedUs: number[] = [];
  private readonly detectedUs: number[] = [];
  private readonly recoveredUs: number[] = [];
  private readonly open: boolean[] = [];
  /** Whom the faults hit, one fault after the other: addresses, and resources below zero. */
  private readonly hit: number[] = [];
  /** Of each fault, its first in {@link hit}, how many are there, and how many more there were. */
  private readonly hitFrom: number[] = [];
  private readonly hitNamed: number[] = [];
  private readonly hitMore: number[] = [];
  private recoveredCounted = 0;
  /** Faults that nobody has noticed yet, by whom they hit. */
  private readonly hitProcess = new Map<Address, readonly number[]>();
  private readonly hitResource = new Map<number, readonly number[]>();
  /** Faults under way that hit links. */
  private readonly linkFaults = new Set<number>();

  constructor(health: Health, warmUpUs: number) {
    this.health = health;
    this.warmUpUs = warmUpUs;
    health.listen(this);
  }

  observe(timeUs: number, _process: Address, observation: Observation): void {
    if (observation.type === 'fault-began') this.began(timeUs, observation);
    else if (observation.type === 'fault-ended') this.ended(timeUs, observation.fault);
    else if (observation.type === 'resource-suspected') {
      const { resource, incarnation } = observation;
      if (incarnation !== this.health.truth.resources.incarnation(resource)) return;
      for (const fault of this.hitResource.get(resource) ?? []) this.noticed(fault, timeUs);
      this.hitResource.delete(resource);
    }
  }

  suspected({ timeUs, by, of }: Suspicion): void {
    for (const fault of this.hitProcess.get(of) ?? []) this.noticed(fault, timeUs);
    this.hitProcess.delete(of);
    if (this.linkFaults.size === 0 || this.health.truth.reachability.reach(by, of)) return;
    for (const open of this.linkFaults) this.noticed(open, timeUs);
  }

  faultRecovered({ fault, beganUs, recoveredUs, resources, coordinator }: FaultRecovery): void {
    const counts = beganUs >= this.warmUpUs;
    if (counts) this.recoveredCounted += 1;
    this.open[fault] = false;
    // With neither, there was nothing to recover.
    if (resources === 0 && !coordinator) return;
    this.recoveredUs[fault] = recoveredUs;
    if (counts) this.recoveries.add(recoveredUs - beganUs);
  }

  fault(number: number): Fault {
    return {
      number,
      beganUs: this.beganUs[number],
      kind: this.texts[this.kind[number]],
      target: this.texts[this.target[number]],
      scope: this.management[number] ? 'management' : 'resources',
    };
  }

  has(number: number): boolean {
    return this.beganUs[number] !== undefined;
  }

  summary(): ValuesOf<typeof fields> {
    const byKind = new Map<string, number>();
    let injected = 0;
    for (const [number, beganUs] of this.beganUs.entries()) {
      if (beganUs === undefined || beganUs < this.warmUpUs) continue;
      const kind = this.texts[this.kind[number]];
      injected += 1;
      byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
    }
    return { faults: { injected, byKind: Object.fromEntries(byKind) } };
  }

  /** How long it took to recover from each. */
  perFault(): Statistics & { readonly count: number; readonly censored: number } {
    const { recoveries, recoveredCounted } = this;
    const censored = this.summary().faults.injected - recoveredCounted;
    return { count: recoveries.count, censored, ...recoveries.statistics() };
  }

  *rows(): Generator<FaultRow> {
    for (const number of this.beganUs.keys()) {
      if (!this.has(number)) continue;
      const { kind, target, scope, beganUs } = this.fault(number);
      yield {
        fault: number,
        time_s: beganUs / microseconds,
        kind,
        target,
        scope,
        cleared_s: seconds(this.clearedUs[number]),
        detected_s: seconds(this.detectedUs[number]),
        recovered_s: seconds(this.recoveredUs[number]),
        censored: this.open[number],
      };
    }
  }

  /** Whom each fault hit, one a row. */
  *targets(inventory: Inventory): Generator<FaultTargetRow> {
    for (const fault of this.beganUs.keys()) {
      if (!this.has(fault)) continue;
      const [from, named, more] = [this.hitFrom[fault], this.hitNamed[fault], this.hitMore[fault]];
      for (const unit of this.hit.slice(from, from + named)) {
        if (unit < 0) {
          const { name } = inventory.descriptor(-1 - unit);
          yield { fault, target: name, target_kind: 'resource' };
        } else {
          const target_kind = this.health.truth.isManager(unit) ? 'manager' : 'host';
          yield { fault, target: inventory.processName(unit), target_kind };
        }
      }
      if (more > 0) yield { fault, target: String(more), target_kind: 'more' };
      const { target } = this.fault(fault);
      if (named === 0) yield { fault, target, target_kind: 'words' };
    }
  }

  private began(timeUs: number, observation: FaultBegan): void {
    const { fault, kind, target, processes, resources } = observation;
    const { truth } = this.health;
    const hitsManagers = processes.some((process) => truth.isManager(process));
    const hitsLinks = processes.length === 0 && resources.length === 0;
    this.kind[fault] = this.numberOf(kind);
    this.target[fault] = this.numberOf(target);
    this.management[fault] = hitsManagers || hitsLinks;
    this.beganUs[fault] = timeUs;
    this.clearedUs[fault] = NaN;
    this.detectedUs[fault] = NaN;
    this.recoveredUs[fault] = NaN;
    this.open[fault] = true;
    this.await(fault, this.hitProcess, processes);
    this.await(fault, this.hitResource, resources);
    this.hitFrom[fault] = this.hit.length;
    this.hit.push(...processes.slice(0, MOST_NAMED));
    const left = MOST_NAMED - Math.min(MOST_NAMED, processes.length);
    this.hit.push(...resources.slice(0, left).map((resource) => -1 - resource));
    this.hitNamed[fault] = this.hit.length - this.hitFrom[fault];
    this.hitMore[fault] = processes.length + resources.length - this.hitNamed[fault];
    if (hitsLinks && !isHealing(kind)) this.linkFaults.add(fault);
  }

  /** Several faults may last on one at a time: who suspects it notices each. */
  private await(
    fault: number, hit: Map<number, readonly number[]>, whom: readonly number[],
  ): void {
    for (const one of whom) {
      const others = hit.get(one) ?? [];
      hit.set(one, [...others.filter((other) => this.lasts(other)), fault]);
    }
  }

  private lasts(fault: number): boolean {
    return Number.isNaN(this.clearedUs[fault]);
  }

  private ended(timeUs: number, fault: number): void {
    this.clearedUs[fault] = timeUs;
    this.linkFaults.delete(fault);
  }

  /** A suspicion after the end of the fault is not its own. */
  private noticed(fault: number, timeUs: number): void {
    const isFirst = Number.isNaN(this.detectedUs[fault]);
    if (isFirst && this.lasts(fault)) this.detectedUs[fault] = timeUs;
  }

  private numberOf(text: string): number {
    let number = this.textNumbers.get(text);
    if (number === undefined) {
      number = this.texts.length;
      this.texts.push(text);
      this.textNumbers.set(text, number);
    }
    return number;
  }
}

export const faults = measure(fields, ({ scenario: { warmUpUs }, health }) =>
  new FaultTable(health, warmUpUs));

function seconds(timeUs: number): number | null {
  return Number.isNaN(timeUs) ? null : timeUs / microseconds;
}
