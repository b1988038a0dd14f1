/** One-way delays of messages. */
import type { Address } from '../../core/process.js';
import type { LatencyModel, Sites } from '../../experiment/latency-model.js';
import { sample, type Distribution } from '../../experiment/random/distributions.js';
import { draw, streamKey } from '../../experiment/random/streams.js';
import type { LatencySettings } from '../../experiment/scenario/resolved.js';

const US_PER_S = 1e6;

export function createLatency(
  settings: LatencySettings,
  sites: Sites,
  seed: number,
): LatencyModel {
  switch (settings.kind) {
    case 'from-plugin': return new GuardedLatency(settings, sites, seed);
    case 'matrix': return new MatrixLatency(settings, sites.zoneOf.length, seed);
    default: return new ZoneLatency(settings, sites);
  }
}

/** One distribution everywhere, or one for each pair of zones. */
class ZoneLatency implements LatencyModel {
  private readonly zoneOf: Uint16Array;
  private readonly zones: number;
  /** By sender's zone * zones + receiver's zone. */
  private readonly distributions: readonly Distribution[];

  constructor(settings: Zoned, { zoneOf, zones: { length: zones } }: Sites) {
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

type Zoned = Exclude<LatencySettings, { kind: 'matrix' | 'from-plugin' }>;
type Measured = Extract<LatencySettings, { kind: 'matrix' }>;
type Own = Extract<LatencySettings, { kind: 'from-plugin' }>;

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
  private readonly sites: Uint16Array;
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
    this.sites = Uint16Array.from({ length: hosts }, (_, address) =>
      Math.floor(draw(key, address) * matrix.size),
    );
  }

  siteOf(host: Address): number {
    return this.sites[host];
  }

  delayUs(sender: Address, receiver: Address, u: number): number {
    const from = this.sites[sender];
    const to = this.sites[receiver];
    const baseUs = from === to ? this.withinUs : this.oneWayUs[from * this.size + to];
    return Math.max(1, baseUs + Math.round(sample(this.jitter, u) * US_PER_S));
  }
}

/** The user's own, held to what it promised. */
class GuardedLatency implements LatencyModel {
  private readonly name: string;
  private readonly model: LatencyModel;
  private readonly longestUs: number;

  constructor({ name, implementation, settings }: Own, sites: Sites, seed: number) {
    this.name = name;
    this.model = implementation.create(settings, sites, seed);
    this.longestUs = implementation.longestUs(settings);
  }

  delayUs(sender: Address, receiver: Address, u: number): number {
    const us = this.model.delayUs(sender, receiver, u);
    if (Number.isInteger(us) && us >= 1 && us <= this.longestUs) return us;
    throw new RangeError(
      `latency ${this.name} gave ${us}, not whole microseconds from 1 to its ${this.longestUs}`,
    );
  }
}
