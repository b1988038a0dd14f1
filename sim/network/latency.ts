import { sample, type Distribution } from '../../experiment/random/distributions.js';
import type { LatencySettings } from '../../experiment/scenario/resolved.js';

const US_PER_S = 1e6;

/** One-way delays: one distribution everywhere, or one for each pair of zones. */
export class LatencyModel {
  private readonly zones: number;
  /** By sender's zone * zones + receiver's zone. */
  private readonly distributions: readonly Distribution[];

  constructor(settings: LatencySettings, zones: number) {
    this.zones = zones;
    this.distributions = Array.from({ length: zones * zones }, (_, index) =>
      between(settings, Math.floor(index / zones), index % zones),
    );
  }

  /**
   * Whole microseconds, at least 1: so an effect is never at the instant of its cause.
   *
   * @param u - uniform draw in [0, 1)
   */
  delayUs(fromZone: number, toZone: number, u: number): number {
    const distribution = this.distributions[fromZone * this.zones + toZone];
    return Math.max(1, Math.round(sample(distribution, u) * US_PER_S));
  }
}

function between(settings: LatencySettings, a: number, b: number): Distribution {
  if (settings.kind === 'same') return settings.delay;
  const pair = settings.pairs.find(
    (one) => (one.a === a && one.b === b) || (one.a === b && one.b === a),
  );
  return pair?.delay ?? (a === b ? settings.within : settings.between);
}
