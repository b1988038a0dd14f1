/** Means over time: what was managed and up, and how far models lagged behind the truth. */
import type { Line } from './lines.js';
import type { Judged, Plane } from './plane.js';
import { Stretches, type Statistics } from './statistics.js';
import type { World } from './world.js';

/** A share's integral over the time in which it was one of something. */
interface Share {
  sum: number;
  us: number;
}

interface Staleness {
  readonly seconds: Statistics;
  readonly whileHealthy: Statistics;
}

export class Means {
  readonly lived = { resourceUs: 0, managerUs: 0 };
  /** Of the measured time alone. */
  managerUs = 0;
  readonly #managed: Share = { sum: 0, us: 0 };
  readonly #up: Share = { sum: 0, us: 0 };
  readonly #ages = new Stretches();
  readonly #agesWhileGood = new Stretches();
  #staleness: Staleness | null = null;
  readonly #world: World;
  readonly #plane: Plane;
  readonly #warmUpUs: number;
  readonly #deltaUs: number;
  readonly #count = { up: 0, stopped: 0 };
  /** Not there yet: neither up nor meant to be. */
  readonly #absent: Set<number>;
  #nowUs = 0;
  #judged: Judged | null = null;
  /** When the model was last as good as promised, and then no longer. */
  #lastGoodUs = 0;

  constructor(
    world: World, plane: Plane, warmUpUs: number, deltaUs: number, absent: ReadonlySet<number>,
  ) {
    this.#absent = new Set(absent);
    this.#world = world;
    this.#plane = plane;
    this.#warmUpUs = warmUpUs;
    this.#deltaUs = deltaUs;
  }

  /** Of the measured time; null: of nothing. */
  get managedShare(): number | null {
    return this.#managed.us === 0 ? null : this.#managed.sum / this.#managed.us;
  }

  get upShare(): number | null {
    return this.#up.us === 0 ? null : this.#up.sum / this.#up.us;
  }

  /** When the run is over. */
  get staleness(): Staleness {
    this.#staleness ??= {
      seconds: this.#ages.statistics(), whileHealthy: this.#agesWhileGood.statistics(),
    };
    return this.#staleness;
  }

  get liveManagers(): number {
    let count = 0;
    for (let manager = 0; manager < this.#world.inventory.managers; manager += 1) {
      if (this.#world.isLive(manager)) count += 1;
    }
    return count;
  }

  add({ type, resource, state }: Line): void {
    if (type !== 'resource-state') return;
    this.#absent.delete(resource as number);
    const before = this.#world.resources[resource as number].state;
    for (const [which, step] of [[before, -1], [state as string, 1]] as const) {
      if (which === 'up' || which === 'stopping') this.#count.up += step;
      else if (which === 'stopped') this.#count.stopped += step;
    }
  }

  /** All has been up to now as it is. */
  pass(timeUs: number): void {
    if (timeUs <= this.#nowUs) return;
    const { live, held } = this.#plane;
    const elapsedUs = timeUs - this.#nowUs;
    const { liveManagers } = this;
    this.lived.resourceUs += elapsedUs * live;
    this.lived.managerUs += elapsedUs * liveManagers;
    const lastedUs = timeUs - Math.max(this.#nowUs, this.#warmUpUs);
    this.#nowUs = timeUs;
    if (lastedUs <= 0) return;
    this.managerUs += lastedUs * liveManagers;
    if (live > 0) add(this.#managed, lastedUs, held / live);
    const meant = this.#world.resources.length - this.#count.stopped - this.#absent.size;
    if (meant > 0) add(this.#up, lastedUs, this.#count.up / meant);
    this.#age(timeUs, lastedUs);
  }

  judged(judged: Judged): void {
    if (this.#judged?.model === true && !judged.model) this.#lastGoodUs = judged.timeUs;
    this.#judged = judged;
  }

  #age(timeUs: number, lastedUs: number): void {
    const { oldestUs = null, model = false } = this.#judged ?? {};
    if (oldestUs === null) return;
    const unshownUs = timeUs - oldestUs;
    const mostUs = model ? Infinity : timeUs - this.#lastGoodUs + this.#deltaUs;
    const ageUs = Math.min(unshownUs, mostUs);
    this.#ages.add(lastedUs, ageUs);
    if (model) this.#agesWhileGood.add(lastedUs, ageUs);
  }
}

function add(share: Share, lastedUs: number, value: number): void {
  share.sum += lastedUs * value;
  share.us += lastedUs;
}
