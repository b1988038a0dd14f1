import { sizeOf } from '../../core/codec.js';
import { messageTypes, type Message, type MessageType } from '../../core/messages.js';
import type { Address } from '../../core/process.js';
import { draw, streamKey, type StreamKey } from '../../experiment/random/streams.js';
import type { NetworkSettings } from '../../experiment/scenario/resolved.js';
import { type DropCause, MessageCounters } from '../../experiment/world.js';
import type { EventLoop } from '../engine/loop.js';
import type { LatencyModel, Sites } from '../../experiment/latency-model.js';
import { createLatency } from './latency.js';
import { InstantOrdinals } from './ordinals.js';

/** Which copy of a message; there is one until messages are duplicated. */
const ORIGINAL = 0;
/** Copies of one message, at most: ordinal and copy are one argument of a draw. */
const COPIES = 4;

/**
 * The one pipeline that every message passes: counted, then partition, loss, latency, in this
 * order; at its arrival partition again. Messages of a process to itself pass it too.
 *
 * A message crosses a partition neither at its sending nor at its arrival: one in flight when the
 * partition begins is lost if it would arrive while it lasts, and arrives if it is healed by then.
 */
export class Network {
  readonly counters = new MessageCounters();
  private readonly loop: EventLoop;
  private readonly zoneOf: Uint16Array;
  private readonly latency: LatencyModel;
  private readonly ordinals: InstantOrdinals;
  private readonly lossKey: StreamKey;
  private readonly latencyKey: StreamKey;
  private readonly typeOf: ReadonlyMap<MessageType, number>;
  private readonly baseLoss: number;
  private loss: number;
  private groups: readonly number[] | null = null;

  constructor(loop: EventLoop, settings: NetworkSettings, sites: Sites, seed: number) {
    const { zoneOf } = sites;
    this.loop = loop;
    this.zoneOf = zoneOf;
    this.latency = createLatency(settings.latency, sites, seed);
    this.ordinals = new InstantOrdinals(zoneOf.length);
    this.lossKey = streamKey(seed, 'network/loss');
    this.latencyKey = streamKey(seed, 'network/latency');
    this.typeOf = new Map(messageTypes.map((type, code) => [type, code]));
    this.baseLoss = settings.loss;
    this.loss = settings.loss;
  }

  /**
   * @param counter - the sender's own, one higher for each message and timer
   */
  send(sender: Address, receiver: Address, message: Message, counter: number): void {
    const { loop, counters, zoneOf } = this;
    if (!(receiver >= 0 && receiver < zoneOf.length)) {
      throw new RangeError(`no process has the address ${receiver} (${message.type})`);
    }
    const type = this.typeOf.get(message.type)!;
    counters.sent[type] += 1;
    counters.bytes[type] += sizeOf(message);
    const { now } = loop;
    const which = this.ordinals.next(now, sender, receiver, type) * COPIES + ORIGINAL;
    if (!this.reaches(sender, receiver)) return this.count('partition', type);
    if (this.loss > 0) {
      const u = draw(this.lossKey, sender, receiver, type, now, which);
      if (u < this.loss) return this.count('loss', type);
    }
    const u = draw(this.latencyKey, sender, receiver, type, now, which);
    const delayUs = this.latency.delayUs(sender, receiver, u);
    loop.post(sender, receiver, message, type, delayUs, counter, ORIGINAL);
  }

  /** Whether a message between the two would get through now. */
  reaches(sender: Address, receiver: Address): boolean {
    const { groups, zoneOf } = this;
    return groups === null || groups[zoneOf[sender]] === groups[zoneOf[receiver]];
  }

  /** Counts a message that is dropped. */
  count(cause: DropCause, type: number): void {
    this.counters.dropped[cause][type] += 1;
  }

  /** Group number per zone: zones of different groups do not reach each other; null: all do. */
  setPartition(groups: readonly number[] | null): void {
    this.groups = groups;
  }

  /** The share of messages lost at present. */
  get lossShare(): number {
    return this.loss;
  }

  /** Null: as the scenario has it. */
  setLoss(share: number | null): void {
    this.loss = share ?? this.baseLoss;
  }
}
