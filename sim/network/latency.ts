/** One-way delays of messages. */
import type { Address } from '../../core/process.js';
import type { Inventory } from '../../experiment/inventory.js';
import { sample, type Distribution } from '../../experiment/random/distributions.js';
import { draw, streamKey } from '../../experiment/random/streams.js';
import type { LatencySettings } from '../../experiment/scenario/resolved.js';

const US_PER_S = 1e6;

export interface LatencyModel {
  /**
   * Whole microseconds, at least 1: so an effect is never at the instant of its cause.
   *
   * @param u - uniform draw in [0, 1)
   */
  delayUs(sender: Address, receiver: Address, u: number): number;
}

export type Places = Pick<Inventory, 'zoneOf' | 'zones'>;

export function createLatency(
  settings: LatencySettings,
  places: Places,
  seed: number,
): LatencyModel {
  return settings.kind === 'matrix'
    ? new MatrixLatency(settings, places.zoneOf.length, seed)
    : new ZoneLatency(settings, places);
}

/** One distribution everywhere, or one for each pair of zones. */
class ZoneLatency implements LatencyModel {
  private readonly zoneOf: Uint16Array;
  private readonly zones: number;
  /** By sender's zone * zones + receiver's zone. */
  private readonly distributions: readonly Distribution[];

  constructor(settings: Zoned, { zoneOf, zones: { length: zones } }: Places) {
    this.zoneOf = zoneOf;
    this.zones = zones;
    this.distributions = Array.from({ length: zones * zones }, (_, index) =>
      between(settings, Math.floor(index / zones), index % zones),
    );
  }

  delayUs(sender: Address, receiver: Address, u: number): number {
    const { zoneOf } = this;
    const distribution = this.distributions[zoneOf[sender] * this.zones + zoneOf[receiver]];
    return Math.max(1, Math.round(sample(distribution, u) * US_PER_S));
  }
}

type Zoned = Exclude<LatencySettings, { kind: 'matrix' }>;
type Measured = Extract<LatencySettings, { kind: 'matrix' }>;

function between(settings: Zoned, a: number, b: number): Distribution {
  if (settings.kind === 'same') return settings.delay;
  const pair = settings.pairs.find(
    (one) => (one.a === a && one.b === b) || (one.a === b && one.b === a),
  );
  return pair?.delay ?? (a === b ? settings.within : settings.between);
}

/**
 * Half the measured round-trip time between the sites of the two hosts, the same for every message,
 * and jitter on top. Each host's site is a draw of its own, so several hosts may share one.
 */
class MatrixLatency implements LatencyModel {
  /** By address. */
  private readonly siteOf: Uint16Array;
  private readonly size: number;
  private readonly oneWayUs: Int32Array;
  private readonly withinUs: number;
  private readonly jitter: Distribution;

  constructor({ matrix, withinUs, jitter }: Measured, hosts: number, seed: number) {
    this.size = matrix.size;
    this.oneWayUs = matrix.oneWayUs;
    this.withinUs = withinUs;
    this.jitter = jitter;
    const key = streamKey(seed, 'network/site');
    this.siteOf = Uint16Array.from({ length: hosts }, (_, address) =>
      Math.floor(draw(key, address) * matrix.size),
    );
  }

  delayUs(sender: Address, receiver: Address, u: number): number {
    const from = this.siteOf[sender];
    const to = this.siteOf[receiver];
    const baseUs = from === to ? this.withinUs : this.oneWayUs[from * this.size + to];
    return Math.max(1, baseUs + Math.round(sample(this.jitter, u) * US_PER_S));
  }
}
