/** What makes messages late, one after the other. Draws belong to the message. */
import type { Address } from '../../core/process.js';
import type { Layer } from '../../experiment/impairments/index.js';
import { sample } from '../../experiment/random/distributions.js';
import { draw, streamKey, type StreamKey } from '../../experiment/random/streams.js';
import { DelaySpikes } from './delay-spikes.js';
import { Layers } from './layers.js';

const US_PER_S = 1e6;

/** Jitter, spikes and reordering: what is added to the latency of a message. */
export class ExtraDelays {
  private readonly jitter = new Layers('jitter');
  private readonly spikes = new Layers('delaySpikes');
  private readonly reordering = new Layers('reordering');
  private readonly delaySpikes: DelaySpikes;
  private readonly jitterKey: StreamKey;
  private readonly spikeKey: StreamKey;
  private readonly shareKey: StreamKey;
  private readonly heldKey: StreamKey;

  constructor(seed: number) {
    this.delaySpikes = new DelaySpikes(seed);
    this.jitterKey = streamKey(seed, 'network/jitter');
    this.spikeKey = streamKey(seed, 'network/delay-spikes');
    this.shareKey = streamKey(seed, 'network/reordering');
    this.heldKey = streamKey(seed, 'network/reordering/delay');
  }

  set(layers: readonly Layer[]): void {
    for (const stage of [this.jitter, this.spikes, this.reordering]) stage.set(layers);
  }

  /** Whole microseconds. The message is sent now; `which` are its ordinal and copy. */
  us(sender: Address, receiver: Address, type: number, now: number, which: number): number {
    let seconds = 0;
    const jitter = this.jitter.between(sender, receiver);
    if (jitter !== null) {
      seconds += sample(jitter.delay, draw(this.jitterKey, sender, receiver, type, now, which));
    }
    const spikes = this.spikes.between(sender, receiver);
    if (spikes !== null) {
      const u = draw(this.spikeKey, sender, receiver, type, now, which);
      seconds += this.delaySpikes.seconds(spikes, sender, receiver, now, u);
    }
    const held = this.reordering.between(sender, receiver);
    if (held !== null && draw(this.shareKey, sender, receiver, type, now, which) < held.share) {
      seconds += sample(held.delay, draw(this.heldKey, sender, receiver, type, now, which));
    }
    return Math.round(seconds * US_PER_S);
  }
}
