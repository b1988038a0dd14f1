import type { Wire } from '../../core/codec.js';
import type { Message } from '../../core/wire/record.js';
import type { Address } from '../../core/process.js';
import type { Layer } from '../../experiment/impairments/index.js';
import { draw, streamKey, type StreamKey } from '../../experiment/random/streams.js';
import { Bandwidth } from './bandwidth.js';
import { BurstyLoss } from './bursty-loss.js';
import { corrupt } from './corruption.js';
import { ExtraDelays } from './delays.js';
import { Layers } from './layers.js';

/** What happens to messages without any impairment; the network does that. */
export interface PlainPath {
  /** The share of messages that is lost. */
  readonly lossShare: number;
  readonly lossKey: StreamKey;
  /** Counts a message that is dropped. */
  count(cause: 'loss' | 'corrupted' | 'queue-full', type: number): void;
  countDuplicate(type: number): void;
  /** Sends on a copy, to arrive `extraUs` after its latency. */
  post(
    sender: Address, receiver: Address, message: Message, type: number, counter: number,
    which: number, copy: number, extraUs: number,
  ): void;
}

/** So many times a message can arrive. */
const REPEATED = 2;

/**
 * The pipeline while anything impairs the network: after partition come duplication, loss,
 * corruption, and latency with all that adds to it, bandwidth last. Copies are drawn independently:
 * each may be lost, corrupted or late by itself. All draws belong to the message and its copy, so
 * what is not impaired fares as it would without.
 */
export class ImpairedPath {
  private readonly plain: PlainPath;
  private readonly wire: Wire;
  private readonly loss = new Layers('loss');
  private readonly burstyLoss = new Layers('burstyLoss');
  private readonly duplication = new Layers('duplication');
  private readonly corruption = new Layers('corruption');
  private readonly bandwidth = new Layers('bandwidth');
  private readonly bursts: BurstyLoss;
  private readonly delays: ExtraDelays;
  private readonly waysOut: Bandwidth;
  private readonly waysIn: Bandwidth;
  private readonly burstKey: StreamKey;
  private readonly duplicationKey: StreamKey;
  private readonly corruptionKey: StreamKey;
  private readonly bitKey: StreamKey;

  constructor(plain: PlainPath, hosts: number, seed: number, wire: Wire) {
    this.plain = plain;
    this.wire = wire;
    this.bursts = new BurstyLoss(seed);
    this.delays = new ExtraDelays(seed);
    this.waysOut = new Bandwidth(hosts);
    this.waysIn = new Bandwidth(hosts);
    this.burstKey = streamKey(seed, 'network/bursty-loss');
    this.duplicationKey = streamKey(seed, 'network/duplication');
    this.corruptionKey = streamKey(seed, 'network/corruption');
    this.bitKey = streamKey(seed, 'network/corruption/bit');
  }

  /** Of several layers that bear on a message, the last one of each kind counts. */
  set(layers: readonly Layer[]): void {
    const { loss, burstyLoss, duplication, corruption, bandwidth, delays } = this;
    for (const stage of [loss, burstyLoss, duplication, corruption, bandwidth, delays]) {
      stage.set(layers);
    }
  }

  /**
   * A message that no partition holds up, sent now.
   *
   * @param original - its ordinal and copy 0
   */
  send(
    sender: Address, receiver: Address, message: Message, type: number, counter: number,
    now: number, original: number,
  ): void {
    const duplication = this.duplication.between(sender, receiver);
    const twice =
      duplication !== null &&
      draw(this.duplicationKey, sender, receiver, type, now, original) < duplication.share;
    for (let copy = 0; copy < (twice ? REPEATED : 1); copy += 1) {
      if (copy > 0) this.plain.countDuplicate(type);
      const which = original + copy;
      if (this.isLost(sender, receiver, type, now, which)) {
        this.plain.count('loss', type);
      } else if (this.isCorrupted(sender, receiver, message, type, now, which)) {
        this.plain.count('corrupted', type);
      } else {
        // What arrives belongs to its receiver: a copy shares nothing with the original.
        const own = copy > 0 ? this.wire.decode(this.wire.encode(message)) : message;
        this.delay(sender, receiver, own, type, counter, now, which, copy);
      }
    }
  }

  private isLost(
    sender: Address, receiver: Address, type: number, now: number, which: number,
  ): boolean {
    const { plain } = this;
    const share = this.loss.between(sender, receiver)?.share ?? plain.lossShare;
    if (share > 0 && draw(plain.lossKey, sender, receiver, type, now, which) < share) return true;
    const settings = this.burstyLoss.between(sender, receiver);
    if (settings === null) return false;
    const bursty = this.bursts.shareAt(settings, sender, receiver, now);
    return bursty > 0 && draw(this.burstKey, sender, receiver, type, now, which) < bursty;
  }

  private isCorrupted(
    sender: Address, receiver: Address, message: Message, type: number, now: number,
    which: number,
  ): boolean {
    const settings = this.corruption.between(sender, receiver);
    if (settings === null) return false;
    const u = draw(this.corruptionKey, sender, receiver, type, now, which);
    if (u >= settings.share) return false;
    corrupt(this.wire, message, draw(this.bitKey, sender, receiver, type, now, which));
    return true;
  }

  private delay(
    sender: Address, receiver: Address, message: Message, type: number, counter: number,
    now: number, which: number, copy: number,
  ): void {
    let extraUs = this.delays.us(sender, receiver, type, now, which);
    // Here it is the sender's way out that counts, at the arrival the receiver's way in.
    const bandwidth = this.bandwidth.between(sender, sender);
    if (bandwidth !== null) {
      const outUs = this.waysOut.takes(bandwidth, sender, this.wire.sizeOf(message), now);
      if (outUs < 0) return this.plain.count('queue-full', type);
      extraUs += Math.ceil(outUs);
    }
    this.plain.post(sender, receiver, message, type, counter, which, copy, extraUs);
  }

  /** Whether messages take their time to get into hosts. */
  get queuesAtArrival(): boolean {
    return !this.bandwidth.none;
  }

  /** Whole microseconds until an arriving message is in; 0: at once; -1: there is no room. */
  arrival(receiver: Address, message: Message, now: number): number {
    const bandwidth = this.bandwidth.between(receiver, receiver);
    if (bandwidth === null) return 0;
    return Math.ceil(this.waysIn.takes(bandwidth, receiver, this.wire.sizeOf(message), now));
  }
}
