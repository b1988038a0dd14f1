/** From the loss of a coordinator to the election of the one that lasts. */
import type { Observation } from '../core/observations.js';
import type { Address } from '../core/process.js';
import type { Health } from '../experiment/health/index.js';
import { Samples } from './samples.js';

/**
 * Followed per zone, since a partition can take the coordinator from some zones and not from
 * others; zones that lose it and get another together make one election. A loss that ends
 * because the same coordinator returns is none. To be told of each observation before the truth.
 */
export class Elections {
  readonly samples = new Samples();
  private readonly health: Health;
  private readonly warmUpUs: number;
  /** Per zone; NaN: not lost, not elected. */
  private readonly lostUs: Float64Array;
  private readonly electedUs: Float64Array;
  /** Whether the zone ever had a coordinator that it could lose. */
  private readonly had: Uint8Array;
  private changed = true;
  private nowUs = 0;

  constructor(health: Health, zones: number, warmUpUs: number) {
    this.health = health;
    this.warmUpUs = warmUpUs;
    this.lostUs = new Float64Array(zones).fill(NaN);
    this.electedUs = new Float64Array(zones).fill(NaN);
    this.had = new Uint8Array(zones);
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
      case 'reachability':
        break;
      default:
        return;
    }
    this.changed = true;
  }

  /** The plane was healthy for long enough, or the run is over: what was elected has lasted. */
  settled(timeUs: number): void {
    this.review(timeUs);
    this.conclude(this.electedUs.map((_, zone) => zone));
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
    for (const [component, zones] of reachability.components.entries()) {
      if (coordinated.has(component)) for (const zone of zones) this.coordinated(zone);
      else if (live.has(component)) this.lost(zones, timeUs);
    }
  }

  private coordinated(zone: number): void {
    this.had[zone] = 1;
    if (Number.isNaN(this.electedUs[zone])) this.lostUs[zone] = NaN;
  }

  private lost(zones: readonly number[], timeUs: number): void {
    this.conclude(zones.filter((zone) => !Number.isNaN(this.electedUs[zone])));
    for (const zone of zones) {
      if (this.had[zone] === 1 && Number.isNaN(this.lostUs[zone])) this.lostUs[zone] = timeUs;
    }
  }

  private elected(timeUs: number, process: Address): void {
    const { reachability } = this.health.truth;
    for (const zone of reachability.components[reachability.componentOf(process)]) {
      if (!Number.isNaN(this.lostUs[zone])) this.electedUs[zone] = timeUs;
    }
  }

  private conclude(zones: Iterable<number>): void {
    const concluded = new Set<string>();
    for (const zone of zones) {
      const lostUs = this.lostUs[zone];
      const electedUs = this.electedUs[zone];
      if (Number.isNaN(electedUs)) continue;
      this.lostUs[zone] = NaN;
      this.electedUs[zone] = NaN;
      const key = `${lostUs} ${electedUs}`;
      if (!concluded.has(key) && lostUs >= this.warmUpUs) this.samples.add(electedUs - lostUs);
      concluded.add(key);
    }
  }
}
