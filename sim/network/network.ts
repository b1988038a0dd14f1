import { plainWire, type Wire } from '../../core/codec.js';
import type { Message } from '../../core/wire/record.js';
import type { HostCut } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { draw, streamKey, type StreamKey } from '../../experiment/random/streams.js';
import type { NetworkSettings } from '../../experiment/scenario/resolved.js';
import { type DropCause, MessageCounters, type MessageSink } from '../../experiment/world.js';
import type { EventLoop } from '../engine/loop.js';
import { passes } from '../../experiment/cut.js';
import type { Impairment, Layer } from '../../experiment/impairments/index.js';
import type { LatencyModel, Sites } from '../../experiment/latency-model.js';
import { ImpairedPath, type PlainPath } from './impaired.js';
import { createLatency } from './latency.js';
import { InstantOrdinals } from './ordinals.js';

/** Which copy of a message; there is one unless it is duplicated. */
const ORIGINAL = 0;
/** Copies of one message, at most: ordinal and copy are one argument of a draw. */
const COPIES = 4;

/**
 * The one pipeline that every message passes: counted, then partition, duplication, loss,
 * corruption, latency and bandwidth, in this order; at its arrival partition again. Messages of a
 * process to itself pass it too. Partition, loss and latency are here, all else is in
 * {@link ImpairedPath}, which takes over while there is anything else.
 *
 * A message crosses a partition neither at its sending nor at its arrival: one in flight when the
 * partition begins is lost if it would arrive while it lasts, and arrives if it is healed by then.
 */
export class Network implements PlainPath {
  readonly counters: MessageCounters;
  /** Told of every message, where somebody traces them. */
  sink: MessageSink | null = null;
  /** Of the message sent last, among those that the sink was told of. */
  private id = 0;
  private readonly loop: EventLoop;
  private readonly zoneOf: Uint16Array;
  private readonly latency: LatencyModel;
  private readonly ordinals: InstantOrdinals;
  readonly lossKey: StreamKey;
  private readonly latencyKey: StreamKey;
  private readonly wire: Wire;
  private readonly typeOf: ReadonlyMap<string, number>;
  private readonly baseLoss: number;
  private loss: number;
  /** Null: all reach each other. */
  private groups: readonly number[] | null = null;
  /** Instead of the groups, where there is one. */
  private cut: HostCut | null = null;
  private readonly seed: number;
  private readonly baseImpairments: readonly Impairment[];
  /** Null: nothing impairs the network beyond loss that concerns all messages alike. */
  private impaired: ImpairedPath | null = null;
  private impairedPath: ImpairedPath | null = null;
  /** Whether messages are asked at their arrival whether there is room: {@link arrival}. */
  queuesAtArrival = false;
  private inForce: readonly Impairment[] = [];

  /** @param wire - what the processes speak */
  constructor(
    loop: EventLoop, settings: NetworkSettings, sites: Sites, seed: number, wire = plainWire,
  ) {
    const { zoneOf } = sites;
    this.wire = wire;
    this.counters = new MessageCounters(wire.types);
    this.loop = loop;
    this.seed = seed;
    this.baseImpairments = settings.impairments;
    this.zoneOf = zoneOf;
    this.latency = createLatency(settings.latency, sites, seed);
    this.ordinals = new InstantOrdinals(zoneOf.length, wire.types.length);
    this.lossKey = streamKey(seed, 'network/loss');
    this.latencyKey = streamKey(seed, 'network/latency');
    this.typeOf = wire.places;
    this.baseLoss = settings.loss;
    this.loss = settings.loss;
    this.setImpairments([], false);
  }

  /**
   * @param counter - the sender's own, one higher for each message and timer
   */
  send(sender: Address, receiver: Address, message: Message, counter: number): void {
    const { loop, counters, zoneOf } = this;
    if (!(receiver >= 0 && receiver < zoneOf.length)) {
      throw new RangeError(`no process has the address ${receiver} (${message.type})`);
    }
    const type = this.typeOf.get(message.type);
    if (type === undefined) throw new RangeError(`no message has the type ${message.type}`);
    counters.sent[type] += 1;
    const bytes = this.wire.sizeOf(message);
    counters.bytes[type] += bytes;
    if (this.sink !== null) this.trace(this.sink, sender, receiver, message, bytes);
    const { now } = loop;
    const which = this.ordinals.next(now, sender, receiver, type) * COPIES + ORIGINAL;
    if (!this.reaches(sender, receiver)) return this.count('partition', type);
    if (this.impaired !== null) {
      return this.impaired.send(sender, receiver, message, type, counter, now, which);
    }
    if (this.loss > 0) {
      const u = draw(this.lossKey, sender, receiver, type, now, which);
      if (u < this.loss) return this.count('loss', type);
    }
    const u = draw(this.latencyKey, sender, receiver, type, now, which);
    const delayUs = this.latency.delayUs(sender, receiver, u);
    loop.post(sender, receiver, message, type, delayUs, counter, ORIGINAL, this.id);
  }

  private trace(
    sink: MessageSink, sender: Address, receiver: Address, message: Message, bytes: number,
  ): void {
    this.id += 1;
    sink.sent(this.loop.now, sender, receiver, message, this.id, bytes);
  }

  /** A copy of a message, to arrive `extraUs` after its latency. */
  post(
    sender: Address, receiver: Address, message: Message, type: number, counter: number,
    which: number, copy: number, extraUs: number,
  ): void {
    const { loop } = this;
    const u = draw(this.latencyKey, sender, receiver, type, loop.now, which);
    const delayUs = this.latency.delayUs(sender, receiver, u) + extraUs;
    loop.post(sender, receiver, message, type, delayUs, counter, copy, this.id);
  }

  /** Null: there are no measured delays between sites. */
  siteOf(host: Address): number | null {
    return this.latency.siteOf?.(host) ?? null;
  }

  /** Whether a message between the two would get through now. */
  reaches(sender: Address, receiver: Address): boolean {
    const { groups, zoneOf } = this;
    if (groups === null) return true;
    const { cut } = this;
    if (cut !== null) return passes(cut, sender, receiver);
    return groups[zoneOf[sender]] === groups[zoneOf[receiver]];
  }

  /** Counts a message that is dropped; `id`: which one, if not the one that is being sent. */
  count(cause: DropCause, type: number, id = this.id): void {
    this.counters.dropped[cause][type] += 1;
    this.sink?.dropped(this.loop.now, id, cause);
  }

  countDuplicate(type: number): void {
    this.counters.duplicated[type] += 1;
    this.sink?.duplicated(this.loop.now, this.id);
  }

  /** Counts a message that a process is about to handle. */
  received(sender: Address, receiver: Address, message: Message, type: number, id: number): void {
    this.counters.delivered[type] += 1;
    this.sink?.received(this.loop.now, sender, receiver, message, id);
  }

  /** Group number per zone: zones of different groups do not reach each other; null: all do. */
  setPartition(groups: readonly number[] | null): void {
    this.groups = groups;
    this.cut = null;
  }

  /** In the place of a partition, where zones do not say it all. */
  setCut(cut: HostCut): void {
    this.groups = [];
    this.cut = cut;
  }

  /** The share of messages lost at present. */
  get lossShare(): number {
    return this.loss;
  }

  /** Null: as the scenario has it. */
  setLoss(share: number | null): void {
    this.loss = share ?? this.baseLoss;
  }

  /**
   * Takes the place of those set before.
   *
   * @param layers - a later one goes before an earlier one
   * @param healed - whether the network's own no longer count
   * @returns whether there was or is anything
   */
  setImpairments(layers: readonly Layer[], healed: boolean): boolean {
    const own = healed ? [] : this.baseImpairments;
    const all = [...own.map((impairment) => ({ impairment, hosts: null })), ...layers];
    const before = this.impaired !== null;
    if (all.length > 0) {
      this.impairedPath ??= new ImpairedPath(this, this.zoneOf.length, this.seed, this.wire);
      this.impairedPath.set(all);
    }
    this.impaired = all.length > 0 ? this.impairedPath : null;
    this.queuesAtArrival = this.impaired?.queuesAtArrival ?? false;
    this.inForce = all.map(({ impairment }) => impairment);
    return before || this.impaired !== null;
  }

  /** All that are in force, somewhere. */
  get impairments(): readonly Impairment[] {
    return this.inForce;
  }

  /** Whole microseconds until an arriving message is in; 0: at once; -1: there is no room. */
  arrival(receiver: Address, message: Message): number {
    return this.impaired?.arrival(receiver, message, this.loop.now) ?? 0;
  }
}
