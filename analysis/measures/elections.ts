/** From the loss of a coordinator to the election of the one that lasts. */
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Health } from '../../checker/health/index.js';
import type { RunResult } from '../../experiment/world.js';
import { Samples } from '../statistics/samples.js';
import { count, statistics, type ValuesOf } from './fields.js';
import { measure, type Measure } from './measure.js';

const fields = {
  elections: {
    count: count('elections', 'after a coordinator was lost', 'elections in a run'),
    /** After the first of all. */
    roleChanges: count(
      'changes', 'a manager took the role that it did not have', 'changes of who coordinates',
    ),
    seconds: statistics(
      'time to replace the coordinator',
      'from the loss of the coordinator to the ballot that lasts',
    ),
  },
};

/**
 * Followed per manager, dead ones too, since a partition can take the coordinator from some and not
 * from others; those that lose it and get another together make one election. A loss that ends
 * because the same coordinator returns is none.
 */
export class Elections implements Measure<typeof fields> {
  readonly hears = [
    'coordinator-elected', 'coordinator-resigned', 'process-up', 'process-down', 'process-paused',
    'process-resumed', 'reachability',
  ] as const;
  private readonly samples = new Samples();
  private roleChanges = 0;
  private any = false;
  private readonly health: Health;
  private readonly warmUpUs: number;
  /** Per manager; NaN: not lost, not elected. */
  private readonly lostUs: Float64Array;
  private readonly electedUs: Float64Array;
  /** Whether it ever had a coordinator that it could lose. */
  private readonly had: Uint8Array;
  private changed = true;
  private nowUs = 0;

  constructor(health: Health, managers: number, warmUpUs: number) {
    this.health = health;
    this.warmUpUs = warmUpUs;
    this.lostUs = new Float64Array(managers).fill(NaN);
    this.electedUs = new Float64Array(managers).fill(NaN);
    this.had = new Uint8Array(managers);
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    if (timeUs > this.nowUs) this.review(timeUs);
    switch (observation.type) {
      case 'coordinator-elected':
        this.elected(timeUs, process);
        break;
      case 'coordinator-resigned':
      case 'process-up':
      case 'process-down':
      case 'process-paused':
      case 'process-resumed':
        // Agents elect nobody, and may be many.
        if (process >= this.had.length) return;
        break;
      case 'reachability':
        break;
      default:
        return;
    }
    this.changed = true;
  }

  finish({ endUs }: RunResult): void {
    this.settled(endUs);
  }

  summary(): ValuesOf<typeof fields> {
    const { samples, roleChanges } = this;
    return { elections: { count: samples.count, roleChanges, seconds: samples.statistics() } };
  }

  /** The plane was healthy for long enough, or the run is over: what was elected has lasted. */
  settled(timeUs: number): void {
    this.review(timeUs);
    this.conclude(this.electedUs.keys());
  }

  /** Judges the last instant, which is over. */
  private review(timeUs: number): void {
    if (this.changed) this.judge(this.nowUs);
    this.changed = false;
    this.nowUs = timeUs;
  }

  private judge(timeUs: number): void {
    const { truth } = this.health;
    const { processes, reachability, inventory } = truth;
    const live = new Set<number>();
    for (let manager = 0; manager < inventory.managers; manager += 1) {
      if (processes.isLive(manager)) live.add(reachability.componentOf(manager));
    }
    const acting = truth.actingManagers.filter((manager) => processes.isLive(manager));
    const coordinated = new Set(acting.map((manager) => reachability.componentOf(manager)));
    const losing = new Map<number, Address[]>();
    for (let manager = 0; manager < inventory.managers; manager += 1) {
      const component = reachability.componentOf(manager);
      if (coordinated.has(component)) this.coordinated(manager);
      else if (live.has(component)) {
        const others = losing.get(component);
        if (others === undefined) losing.set(component, [manager]);
        else others.push(manager);
      }
    }
    for (const managers of losing.values()) this.lost(managers, timeUs);
  }

  private coordinated(manager: Address): void {
    this.had[manager] = 1;
    if (Number.isNaN(this.electedUs[manager])) this.lostUs[manager] = NaN;
  }

  private lost(managers: readonly Address[], timeUs: number): void {
    this.conclude(managers.filter((manager) => !Number.isNaN(this.electedUs[manager])));
    for (const manager of managers) {
      if (this.had[manager] === 1 && Number.isNaN(this.lostUs[manager])) {
        this.lostUs[manager] = timeUs;
      }
    }
  }

  private elected(timeUs: number, process: Address): void {
    const { actingManagers, reachability } = this.health.truth;
    if (this.any && timeUs >= this.warmUpUs && !actingManagers.includes(process)) {
      this.roleChanges += 1;
    }
    this.any = true;
    const component = reachability.componentOf(process);
    for (let manager = 0; manager < this.lostUs.length; manager += 1) {
      if (reachability.componentOf(manager) !== component) continue;
      if (!Number.isNaN(this.lostUs[manager])) this.electedUs[manager] = timeUs;
    }
  }

  private conclude(managers: Iterable<Address>): void {
    const concluded = new Set<string>();
    for (const manager of managers) {
      const lostUs = this.lostUs[manager];
      const electedUs = this.electedUs[manager];
      if (Number.isNaN(electedUs)) continue;
      this.lostUs[manager] = NaN;
      this.electedUs[manager] = NaN;
      const key = `${lostUs} ${electedUs}`;
      if (!concluded.has(key) && lostUs >= this.warmUpUs) this.samples.add(electedUs - lostUs);
      concluded.add(key);
    }
  }
}

export const elections = measure(fields, ({ scenario: { warmUpUs }, inventory, health }) =>
  new Elections(health, inventory.managers, warmUpUs));
