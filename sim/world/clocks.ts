import { draw, streamKey } from '../../experiment/random/streams.js';
import type { Address } from '../../core/process.js';
import type { ClockFault } from '../../experiment/world.js';
import { kindNamed } from '../../experiment/faults/kinds/index.js';
import type { ClockSettings, ResolvedScenario } from '../../experiment/scenario/resolved.js';

/** What all clocks are ahead by: readings of hosts whose clocks run behind are no less than 0. */
const EPOCH_US = 1e12;

type Timed = Pick<ResolvedScenario, 'system' | 'faults'>;

/** Whether any clock is ever other than right. */
export function hasClocks({ system, faults }: Timed): boolean {
  const { offsetUs, drift, timersUs } = system.clocks;
  return offsetUs > 0 || drift > 0 || timersUs > 0 ||
    faults.some(({ action }) => kindNamed(action.kind)?.needs?.includes('clocks'));
}

/** By how much a clock that is right is ahead of the time of the run. */
export function aheadUs(scenario: Timed): number {
  return hasClocks(scenario) ? EPOCH_US : 0;
}

/**
 * The clocks of hosts, each a straight line over true time: ahead by an offset, and faster or
 * slower by a drift. A step changes what a clock shows; timers run by its rate alone, as those of
 * operating systems do, and one that was set before the rate changed keeps its time.
 */
export class Clocks {
  private readonly offsetUs: Float64Array;
  /** Local microseconds per true one: as configured, and at present. */
  private readonly usual: Float64Array;
  private readonly rate: Float64Array;
  /** Where the present line begins: in true time, and what the clock showed then. */
  private readonly sinceUs: Float64Array;
  private readonly shownUs: Float64Array;
  /** By how much faults have stepped it, in sum. */
  private readonly aheadUs: Float64Array;

  constructor({ offsetUs, drift }: ClockSettings, hosts: number, seed: number) {
    const offsetKey = streamKey(seed, 'host/clock-offset');
    const driftKey = streamKey(seed, 'host/clock-drift');
    const spread = (u: number, most: number): number => (2 * u - 1) * most;
    const drawn = (draws: (address: Address) => number): Float64Array =>
      Float64Array.from({ length: hosts }, (_, address) => draws(address));
    this.offsetUs = drawn((address) => spread(draw(offsetKey, address), offsetUs));
    this.usual = drawn((address) => 1 + spread(draw(driftKey, address), drift));
    this.rate = this.usual.slice();
    this.sinceUs = new Float64Array(hosts);
    this.shownUs = this.offsetUs.map((offset) => EPOCH_US + offset);
    this.aheadUs = new Float64Array(hosts);
  }

  /** What the host's clock shows, in whole microseconds. */
  read(address: Address, nowUs: number): number {
    return Math.floor(this.exact(address, nowUs));
  }

  /** The true time that passes while so much does by the host's clock. */
  trueDelayUs(address: Address, localUs: number): number {
    return Math.round(localUs / this.rate[address]);
  }

  /**
   * What faults do to it from now on; null: it is set right.
   *
   * @returns by how much the clock was stepped just now
   */
  set(address: Address, fault: ClockFault | null, nowUs: number): number {
    const before = this.exact(address, nowUs);
    if (fault === null) {
      this.shownUs[address] = EPOCH_US + this.offsetUs[address] + nowUs * this.usual[address];
      this.rate[address] = this.usual[address];
      this.aheadUs[address] = 0;
    } else {
      this.shownUs[address] = before + fault.aheadUs - this.aheadUs[address];
      this.rate[address] = this.usual[address] * (1 + fault.drift);
      this.aheadUs[address] = fault.aheadUs;
    }
    this.sinceUs[address] = nowUs;
    return Math.round(this.shownUs[address] - before);
  }

  private exact(address: Address, nowUs: number): number {
    return this.shownUs[address] + (nowUs - this.sinceUs[address]) * this.rate[address];
  }
}
