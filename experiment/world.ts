/** What a run is, whichever world it runs in: what goes in and what comes out. */
import type { CoreConfig } from '../core/coordination/config.js';
import { messageTypes } from '../core/messages.js';
import type { Message } from '../core/wire/record.js';
import type { HostCut, ObservationSink, WorldObservation } from '../core/observations.js';
import type { Address } from '../core/process.js';
import type { Layer } from './impairments/index.js';
import type { LiveResult } from './lag.js';

/** Why a message did not arrive. What reaches a paused process waits for it: still in flight. */
export const dropCauses = [
  'partition', 'loss', 'receiver-down', 'corrupted', 'queue-full',
] as const;
export type DropCause = (typeof dropCauses)[number];

/**
 * Counts by message type; an overlay envelope counts as its own type. At any time,
 * sent + duplicated = delivered + dropped + in flight.
 */
export class MessageCounters {
  /** What the places stand for. */
  readonly types: readonly string[];
  readonly sent: Float64Array;
  readonly duplicated: Float64Array;
  readonly delivered: Float64Array;
  readonly bytes: Float64Array;
  readonly dropped: Readonly<Record<DropCause, Float64Array>>;

  constructor(types: readonly string[] = messageTypes) {
    const none = (): Float64Array => new Float64Array(types.length);
    this.types = types;
    this.sent = none();
    this.duplicated = none();
    this.delivered = none();
    this.bytes = none();
    this.dropped = {
      partition: none(), loss: none(), 'receiver-down': none(), corrupted: none(),
      'queue-full': none(),
    };
  }
}

export interface PlacedHost {
  readonly name: string;
  readonly zone: string;
  /** In the matrix of measured delays; null: there is none. */
  readonly site: number | null;
}

/** What is told of single messages. `id` is the message's own in a run; copies share it. */
export interface MessageSink {
  /** Before all else: who is where, in the order of addresses. */
  hosts?(hosts: readonly PlacedHost[]): void;
  sent(
    timeUs: number, from: Address, to: Address, message: Message, id: number, bytes: number,
  ): void;
  /** The network made one more copy of the message that was sent last. */
  duplicated(timeUs: number, id: number): void;
  /** A copy was dropped, when it was sent or when it arrived. */
  dropped(timeUs: number, id: number, cause: DropCause): void;
  /** The process handles it; what is lost or comes to nobody is never received. */
  received(timeUs: number, from: Address, to: Address, message: Message, id: number): void;
}

/**
 * Instants at which the caller wants the counters as they stood, beside the samples. A world that
 * can't tell (a live one) leaves them out.
 */
export interface Instants {
  /** The next; asked again after each observation and each call of {@link reached}. */
  nextUs(): number;
  /** Called after all that happened before that instant. */
  reached(timeUs: number, counters: MessageCounters): void;
}

/** How the caller follows a run. */
export interface RunHooks {
  /** Every observation, in order. */
  readonly sinks: readonly ObservationSink[];
  /** Every message too, where the world can tell; that makes a run slower, and no other. */
  readonly messages?: MessageSink;
  /** Called at each multiple of `samplePeriodUs`, after all that happened before that instant. */
  readonly samplePeriodUs: number;
  sample(timeUs: number, counters: MessageCounters): void;
  readonly instants?: Instants;
  /**
   * A process of a live run stood still, and no fault had it. Called before what was observed after
   * that is told.
   */
  stalled?(fromUs: number, untilUs: number): void;
  /**
   * Called now and then, at least every 100 ms of real time; false stops the run. The simulator has
   * no clock: it calls every few thousand events, and lets timers and signals in only when given a
   * promise that a later turn of the event loop resolves (`setImmediate`): do so every 50 ms or so.
   */
  progress(timeUs: number, events: number): boolean | Promise<boolean>;
}

export interface RunResult {
  /** Hex; null in the live world. */
  readonly digest: string | null;
  readonly eventDigest: string | null;
  /** Where the run ended: the scenario's duration unless it was interrupted. */
  readonly endUs: number;
  readonly interrupted: boolean;
  readonly events: number;
  readonly counters: MessageCounters;
  /** Messages on their way at the end, as the world counts them: not what is missing of others. */
  readonly inFlight: number;
  /** Faults that were due and hit nobody, because whoever they were to hit was down already. */
  readonly faultsSkipped?: number;
  /** Of a live run. */
  readonly live?: LiveResult;
}

/** So long after a process was told to go, its world takes it down whatever it does. */
export function leaveLimitUs({ leaveTimeoutUs, resources }: CoreConfig): number {
  // A process looks at its own limit once per check period.
  return leaveTimeoutUs + 2 * resources.checkPeriodUs;
}

/** What a fault makes of a clock. */
export interface ClockFault {
  /** How far it is stepped ahead, or back. */
  readonly aheadUs: number;
  /** Shares of its rate by which it runs faster; less than 0: slower. */
  readonly drift: number;
}

/** What faults can do to the nodes of a world. Times are instants since the run began. */
export interface FaultControls {
  now(): number;
  /** Emits an observation of the faults' own, stamped with the time; it concerns no process. */
  report(observation: WorldObservation): void;
  crashHost(address: Address): void;
  /**
   * Crashes the host inside a call that its process makes to its environment, after `calls` more
   * of them. Left out where a world cannot do that.
   */
  crashInside?(address: Address, calls: number): void;
  /** It is not to crash so any more. */
  spareInside?(address: Address): void;
  restartHost(address: Address): void;
  /**
   * Of a host that is down: what it had stored is gone, and it comes up under a new node id. Left
   * out where a world cannot do that.
   */
  loseState?(address: Address): void;
  /**
   * Tells the process to go: it hands over and then goes down, with its host. When the time for
   * that is up (`leaveLimitUs`) it goes down in any case.
   */
  leaveProcess(address: Address): void;
  /** Tells a manager that is up, if there is one, that these are not to be managed any more. */
  decommission(resources: readonly number[]): void;
  /**
   * Tells their agents, once they are up, that they are to be managed, as new ones; of the hosts
   * those that are not there yet come up.
   */
  commission(resources: readonly number[], hosts: readonly Address[]): void;
  pauseProcess(address: Address): void;
  resumeProcess(address: Address): void;
  /** Null: the clock is set right. Left out where a world cannot do that. */
  setClock?(address: Address, fault: ClockFault | null): void;
  /** Messages take so many times as long to handle as usual. Likewise. */
  slowHost?(address: Address, factor: number): void;
  crashResource(resource: number): void;
  /** The fault's own repair: the world starts the resource, if it is down. */
  repairResource(resource: number): void;
  /** While held, attempts to start the resource fail. */
  holdResource(resource: number, held: boolean): void;
  isHostUp(address: Address): boolean;
  isPaused(address: Address): boolean;
  /** Whether there is something to crash: the resource is up or starting. */
  isResourceUp(resource: number): boolean;
  /** Group number per zone; null: all zones reach each other. */
  setPartition(groups: readonly number[] | null): void;
  /** In the place of a partition, and it in the place of this: where zones do not say it all. */
  setCut(cut: HostCut): void;
  /** Null: back to the scenario's network.loss. */
  setLoss(share: number | null): void;
  /**
   * What harms messages, in place of what was set before; the network's own comes before all, and
   * counts until it is healed. Of one kind, a later layer goes before an earlier one.
   */
  setImpairments(layers: readonly Layer[], healed: boolean): void;
  /** Calls back `due(argument)` of the fault driver at that time. */
  schedule(atUs: number, argument: number): void;
}
