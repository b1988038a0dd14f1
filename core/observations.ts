/**
 * The typed stream of what happened; the only thing that measurement ever reads. The world stamps
 * each observation with its time and with the process it concerns. Immutable.
 */
import type { Address, Ballot, Token } from './identity.js';
import type { Verb } from './verbs/index.js';
import type { Outcome, Refusal } from './identity.js';
import type { ResourceState } from './metamodel/entity.js';

/** What the management system says of itself. `process` is the one that observes. */
export type CoreObservation =
  // -- agents: pointers
  /** The agent obeys this assignment from now on. */
  | { type: 'pointer-set'; resource: number; manager: Address; token: Token }
  /** The agent gave its manager up and registers anew. */
  | { type: 'pointer-lost'; resource: number; why: 'silent' | 'unknown' | 'retired' }
  /** The coordinator has confirmed to the agent that the resource is registered. */
  | { type: 'resource-registered'; resource: number }
  | { type: 'registration-refused'; resource: number; why: 'taken' | 'gone-back' }
  /** It has been decommissioned: its agent speaks for it no longer. */
  | { type: 'resource-retired'; resource: number }
  /** The agent has heard of a greater ballot than ever before in this life. */
  | { type: 'ballot-heard'; ballot: Ballot }
  // -- managers: listings and detection of resources
  | { type: 'listing-added'; resource: number; token: Token }
  | { type: 'listing-removed'; resource: number }
  | { type: 'resource-suspected'; resource: number; incarnation: number }
  | { type: 'resource-trusted'; resource: number; incarnation: number }
  /** The manager acknowledges this ballot (its own, when it coordinates); null: none. */
  | { type: 'ballot-acknowledged'; ballot: Ballot | null }
  | { type: 'coordinator-suspected'; ballot: Ballot }
  // -- overlay
  /** What was routed to a key has come to its root, over so many other nodes and the root. */
  | { type: 'route-ended'; hops: number }
  // -- election
  /** A manager became root of an election: it checks, and may take a ballot. */
  | { type: 'election-started'; suspected: Ballot | null }
  | { type: 'coordinator-elected'; ballot: Ballot }
  | { type: 'coordinator-resigned'; ballot: Ballot; successor: Ballot }
  // -- coordinator: detection of managers, model
  | { type: 'manager-suspected'; manager: Address }
  | { type: 'manager-trusted'; manager: Address }
  /** The coordinator's model shows this for the resource from now on. */
  | {
      type: 'model-entity';
      resource: number;
      state: ResourceState;
      incarnation: number;
      manager: Address;
    }
  /** The coordinator's model no longer has the resource. */
  | { type: 'model-forgot'; resource: number }
  /** It is gone from the coordinator's disk and from all standbys, for good. */
  | { type: 'resource-decommissioned'; resource: number }
  /** The coordinator and these keep all that is registered; told when that changes. */
  | { type: 'inventory-kept'; standbys: readonly Address[] }
  /** All managers that the new coordinator waited for have reported, or were given up. */
  | { type: 'model-rebuilt'; ballot: Ballot; managers: number }
  /**
   * The coordinator enforces its global rules from now on, on all groups, or on those of whose
   * members none is unknown: others wait until these have had time to register.
   */
  | { type: 'rules-enforced'; ballot: Ballot; groups: 'known' | 'all' }
  /** Another manager holds the resource, which never was without one. */
  | {
      type: 'resource-moved';
      resource: number;
      from: Address;
      to: Address;
      why: 'balance' | 'leave';
    }
  // -- rules and actions
  | { type: 'rule-fired'; rule: string; scope: 'local' | 'global'; target: string }
  | { type: 'action-started'; rule: string; verb: Verb; resource: number; action: number }
  | {
      type: 'action-ended';
      rule: string;
      resource: number;
      action: number;
      outcome: ActionEnd;
      /** Where it was refused: why. */
      refusal?: Refusal;
    }
  /** Rule, target and occasion name a notice: one that was given before bears the same again. */
  | {
      type: 'notified';
      rule: string;
      target: string;
      text: string;
      /** How often the rule has come to hold there, as far as is known. */
      occasion: number;
      /** Who enforced the rule before may have given it, and died before it told so. */
      isRepeat?: true;
    }
  /**
   * What a rule wants is held back; told once for each wish and cause. `resource`: the first of
   * those that it would have acted on.
   */
  | {
      type: 'action-held';
      rule: string;
      verb: Verb;
      target: string;
      resource: number;
      cause: HoldCause;
    }
  /** The rule has reached its limit there, and does no more until it resumes. */
  | { type: 'rule-gave-up'; rule: string; target: string }
  | { type: 'rule-resumed'; rule: string; target: string }
  /** These rules undo each other there: they are slowed down. */
  | { type: 'rules-fight'; rules: readonly string[]; target: string }
  /** The agent lets the actuator act: compared, intent stored. */
  | { type: 'actuated'; resource: number; verb: Verb; incarnation: number; authority: Token }
  // -- coverage
  /** A named situation that the protocol handles specially has occurred; core's own: marks.ts. */
  | { type: 'mark'; name: string };

/**
 * `expired`: no outcome within the limit and its retries. `dropped`: whoever wanted it has no say
 * over the resource any more, and learns of no outcome.
 */
export type ActionEnd = Outcome | 'expired' | 'dropped';

/**
 * Why an action is held back. The host is known to be dead. Of the rule's own: it only observes,
 * cools down, is at its limit, has given up, or is slowed down because another rule undoes what it
 * does. Of the scenario's: all actions are switched off, it is silenced, a budget is used up, too
 * much is down, or too much is unavailable by our own doing; or the coordinator has not answered
 * whether these hold it.
 */
export type HoldCause =
  | 'host' | 'observe' | 'cooldown' | 'limit' | 'given-up' | 'fight'
  | 'off' | 'silence' | 'budget' | 'halt' | 'unavailable' | 'unanswered';

/** What the world did or what is true in it. `process` is the one concerned, or -1. */
export type WorldObservation =
  /** `generation`: how often its host has lost its store, where it has. */
  | { type: 'process-up'; incarnation: number; generation?: number }
  | { type: 'process-down' }
  /** It was told to go, and hands over; `process-down` follows. */
  | { type: 'process-leaving' }
  | { type: 'process-paused' }
  /** Its host's clock was stepped, and runs faster by this share of its rate from now on. */
  | { type: 'clock-set'; stepUs: number; drift: number }
  /** Its host takes so many times as long for each message from now on; 1: as usual. */
  | { type: 'host-slowed'; factor: number }
  | { type: 'process-resumed' }
  | { type: 'resource-state'; resource: number; state: ResourceState; incarnation: number }
  /** Injected fault number `fault` began; `kind` as in the scenario; `target` in words. */
  | {
      type: 'fault-began';
      fault: number;
      kind: string;
      target: string;
      /** Processes whose working the fault takes away. */
      processes: readonly Address[];
      /** Resources that it crashes. */
      resources: readonly number[];
      /** The entry of the scenario's `faults`, where that replays a trace. */
      entry?: number;
    }
  | { type: 'fault-ended'; fault: number }
  /** Whoever runs the system has told one manager that these are to be decommissioned. */
  | { type: 'decommission-asked'; resources: readonly number[] }
  /** The same: that these are to be managed again, as new ones. */
  | { type: 'resources-commissioned'; resources: readonly number[] }
  /**
   * Who reaches whom changed: group number per zone; processes reach each other, both ways, iff
   * their zones are in the same group. Where zones do not say it all, `cut` alone counts.
   */
  | { type: 'reachability'; groups: readonly number[]; cut?: HostCut }
  /**
   * Any other change of links that may hurt; `loss`: share of messages lost from now on; `harm`:
   * what else is the matter with them from now on, left out if nothing is.
   */
  | { type: 'links-changed'; loss?: number; harm?: LinkHarm };

/** Who reaches whom, host by host: hosts of one class are treated alike. */
export interface HostCut {
  /** By address. */
  readonly classOf: ArrayLike<number>;
  readonly classes: number;
  /** By sender's class * classes + receiver's class; 1: messages get through. */
  readonly passes: ArrayLike<number>;
}

/** How bad links are, at their worst over all of them. */
export interface LinkHarm {
  /** Share of messages that never arrive, bursts aside. */
  readonly loss: number;
  /** On top of that: mean lengths of good and bad spells, and the shares lost in them. */
  readonly bursts: readonly {
    readonly goodUs: number;
    readonly badUs: number;
    readonly lossGood: number;
    readonly lossBad: number;
  }[];
  /** The most by which a message is later than the latency has it. */
  readonly delayUs: number;
  /** What a host can send; null: as much as it likes. */
  readonly bitsPerSecond: number | null;
}

export type Observation = CoreObservation | WorldObservation;

export type ObservationType = Observation['type'];

/** What a sink is told that hears these types alone. */
export type Heard<Types extends readonly ObservationType[]> =
  Extract<Observation, { type: Types[number] }>;

/** What receives the stream, in order of time. `timeUs`: microseconds since the run began. */
export interface ObservationSink {
  /** Left out: it hears all. */
  readonly hears?: readonly ObservationType[];
  observe(timeUs: number, process: Address, observation: Observation): void;
}
