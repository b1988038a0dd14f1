import type { Address } from '../../core/process.js';
import type { ImpairmentOf } from '../../experiment/impairments/index.js';
import { sample } from '../../experiment/random/distributions.js';
import { Telegraph } from './telegraph.js';

/** Spells in which all messages of a link take longer. */
export class DelaySpikes {
  private readonly telegraph: Telegraph;

  constructor(seed: number) {
    this.telegraph = new Telegraph(seed, 'network/delay-spikes');
  }

  /**
   * Extra delay of a message, in seconds.
   *
   * @param u - uniform in [0, 1), the message's own
   */
  seconds(
    settings: ImpairmentOf<'delaySpikes'>,
    sender: Address,
    receiver: Address,
    atUs: number,
    u: number,
  ): number {
    const bad = this.telegraph.isBad(settings, sender, receiver, atUs);
    return bad ? sample(settings.delay, u) : 0;
  }
}
