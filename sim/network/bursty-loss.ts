import type { Address } from '../../core/process.js';
import type { ImpairmentOf } from '../../experiment/impairments/index.js';
import { Telegraph } from './telegraph.js';

/** Loss in bursts (Gilbert-Elliott): links have good and bad spells, with shares of their own. */
export class BurstyLoss {
  private readonly telegraph: Telegraph;

  constructor(seed: number) {
    this.telegraph = new Telegraph(seed, 'network/bursty-loss');
  }

  /** The share of messages that is lost on the link at that time. */
  shareAt(
    settings: ImpairmentOf<'burstyLoss'>,
    sender: Address,
    receiver: Address,
    atUs: number,
  ): number {
    const bad = this.telegraph.isBad(settings, sender, receiver, atUs);
    return bad ? settings.lossBad : settings.lossGood;
  }
}
