/**
 * Every message on the wire, one type each. A message belongs to the world once sent and is valid
 * only during `receive`; what it refers to by `Ballot`, `Token`, `Descriptor`, `PartDelta` or
 * `metrics` is immutable and may be kept.
 */
import type { Address, Ballot, NodeId, Peer, Token, Verb } from './identity.js';
import type { Descriptor, ResourceState } from './metamodel/entity.js';

/** A resource is alive; from its agent to the manager it points to. One per resource and period. */
export interface ResourceHeartbeat {
  readonly type: 'resource-heartbeat';
  readonly resource: number;
  /** The two parts of the assignment's token: a million tables need not hold a token each. */
  readonly tokenBallot: Ballot;
  readonly tokenSequence: number;
  /** The manager's own row number for the resource, echoed so that it needs no look-up. */
  readonly handle: number;
  /** Counts the heartbeats of the resource's agent in its present life. */
  readonly sequence: number;
  readonly state: ResourceState;
  readonly incarnation: number;
  readonly metrics: readonly number[] | null;
}

/** The manager lists the resource under the heartbeat's token. */
export interface ResourceHeartbeatAnswer {
  readonly type: 'resource-heartbeat-answer';
  readonly resource: number;
  /** Of the heartbeat that is answered. */
  readonly sequence: number;
  readonly ballot: Ballot | null;
  /** Another manager that was alive lately, for the agent to remember; mostly -1: none named. */
  readonly alternate: Address;
}

/** The manager does not list the resource under that token: register anew. */
export interface ResourceUnknown {
  readonly type: 'resource-unknown';
  readonly resource: number;
  readonly token: Token;
  readonly ballot: Ballot | null;
}

/** An agent asks for a manager; sent to any manager, which passes it on to the coordinator. */
export interface ResourceRegister {
  readonly type: 'resource-register';
  /** Who asks: stays the same when the request is passed on. */
  readonly agent: Address;
  /** How many managers have passed it on. */
  readonly hops: number;
  /** The greatest ballot that the agent has heard of. */
  readonly ballot: Ballot | null;
  readonly entries: readonly Registration[];
}

export interface Registration {
  readonly resource: number;
  readonly descriptor: Descriptor;
  readonly state: ResourceState;
  readonly incarnation: number;
  /** The assignment that the agent gave up, if any. */
  readonly lost: Token | null;
  /** The manager it gave up because it was silent; -1 if there is none to complain of. */
  readonly silent: Address;
}

/** The coordinator gives resources to a manager. */
export interface ResourceAssign {
  readonly type: 'resource-assign';
  readonly ballot: Ballot;
  readonly entries: readonly Assignment[];
}

export interface Assignment {
  readonly resource: number;
  readonly agent: Address;
  readonly token: Token;
  readonly descriptor: Descriptor;
  readonly state: ResourceState;
  readonly incarnation: number;
}

/** A manager tells an agent that it now holds these resources. */
export interface ResourceAssigned {
  readonly type: 'resource-assigned';
  readonly ballot: Ballot | null;
  readonly entries: readonly { resource: number; token: Token; handle: number }[];
  readonly alternates: readonly Address[];
}

/** What an agent's pointers say, answering `resource-assigned` or `agent-probe`. */
export interface Pointer {
  readonly resource: number;
  /** The token of the message that this answers. */
  readonly offered: Token;
  /** The greatest assignment that the agent ever obeyed; null if none. */
  readonly token: Token | null;
  /** Whom it obeys now; -1: it registers anew. */
  readonly manager: Address;
}
export interface ResourceAccepted {
  readonly type: 'resource-accepted';
  readonly entries: readonly Pointer[];
}

/** The coordinator takes a listing back: whoever lists it under a lesser token drops it. */
export interface ResourceRelease {
  readonly type: 'resource-release';
  readonly ballot: Ballot;
  readonly entries: readonly { resource: number; token: Token }[];
}

/**
 * The coordinator asks a holder to pass resources on: once a resource shows that it lives, the
 * holder itself sends `resource-assign` to `to`, and serves on until the agent obeys that one.
 */
export interface ResourceHandOver {
  readonly type: 'resource-hand-over';
  readonly ballot: Ballot;
  readonly entries: readonly HandOver[];
}
export interface HandOver {
  readonly resource: number;
  /** Under which the next holder will list it. */
  readonly token: Token;
  readonly to: Address;
}

/** A manager asks the agent of silent resources whether it lives; repeated each period. */
export interface AgentProbe {
  readonly type: 'agent-probe';
  readonly entries: readonly { resource: number; token: Token; handle: number }[];
  readonly ballot: Ballot | null;
}
export interface AgentProbeAnswer {
  readonly type: 'agent-probe-answer';
  readonly entries: readonly Pointer[];
}

/** A manager is alive; carries what changed in its part of the model since the last known. */
export interface ManagerHeartbeat {
  readonly type: 'manager-heartbeat';
  readonly sequence: number;
  /** The ballot that the manager acknowledges, of the coordinator it reports to. */
  readonly ballot: Ballot;
  /** The version of the whole part now; more than `part.to` where messages follow. */
  readonly version: number;
  /** How many have been sent to this coordinator since the last that it was heard to answer. */
  readonly unanswered: number;
  readonly part: PartDelta;
}

/** The changes of one manager's part of the model from one version to a later one. */
export interface PartDelta {
  /** Which life of the manager; versions of different lives do not compare. */
  readonly incarnation: number;
  /** The version that the changes start from; 0 stands for "nothing known": a snapshot. */
  readonly from: number;
  /** The version after them. */
  readonly to: number;
  readonly entries: readonly PartEntry[];
}
export interface PartEntry {
  readonly resource: number;
  readonly token: Token;
  /** The manager has let go of the resource; the rest is as it was last seen. */
  readonly removed: boolean;
  readonly agent: Address;
  /** Null where the coordinator has seen it at an earlier version. */
  readonly descriptor: Descriptor | null;
  readonly state: ResourceState;
  readonly incarnation: number;
  readonly metrics: readonly number[] | null;
}

export interface ManagerHeartbeatAnswer {
  readonly type: 'manager-heartbeat-answer';
  /** Of the heartbeat that is answered; 0 answers a `model-snapshot`. */
  readonly sequence: number;
  readonly ballot: Ballot;
  /** The life and version of the manager's part that the coordinator holds. */
  readonly incarnation: number;
  readonly version: number;
}

/** More of a part than rides on one heartbeat: the rest of a snapshot or long delta. */
export interface ModelSnapshot {
  readonly type: 'model-snapshot';
  readonly ballot: Ballot;
  readonly part: PartDelta;
}

/** A manager goes of its own accord: told to the coordinator, repeated each period. */
export interface ManagerLeave {
  readonly type: 'manager-leave';
  /** Which life of the manager ends. */
  readonly incarnation: number;
  /** It holds nothing any more, or can wait no longer: these are its last words. */
  readonly done: boolean;
}

/** A coordinator that steps down hands over what it knew, by manager. */
export interface ModelHandover {
  readonly type: 'model-handover';
  readonly ballot: Ballot;
  readonly entries: readonly (PartEntry & { readonly manager: Address })[];
}

/** Answers whoever takes the sender for the coordinator, or asks: what it knows. */
export interface CoordinatorStatus {
  readonly type: 'coordinator-status';
  /** The greatest ballot that the sender acknowledges. */
  readonly ballot: Ballot | null;
  /** Whether the sender itself coordinates under it. */
  readonly coordinating: boolean;
  /** Whether this answers a message of the receiver's: then each reaches the other. */
  readonly asked: boolean;
}
/** Are you the coordinator, or who is? Carries the greatest ballot the sender knows. */
export interface CoordinatorProbe {
  readonly type: 'coordinator-probe';
  readonly ballot: Ballot | null;
}
/** Routed to the coordinator key: the sender misses the coordinator of this ballot. */
export interface ElectionRequest {
  readonly type: 'election-request';
  readonly requester: Address;
  readonly suspected: Ballot | null;
}
/** The sender is to decide on an election: does the receiver miss its coordinator as well? */
export interface CoordinatorMissed {
  readonly type: 'coordinator-missed';
  /** The coordinator that the sender misses. */
  readonly ballot: Ballot;
}
/** Answers that; tells those that asked for an election, too, why there is none. */
export interface CoordinatorSighted {
  readonly type: 'coordinator-sighted';
  /** The greatest ballot that is acknowledged by who looked. */
  readonly ballot: Ballot | null;
  /** Whether its coordinator answered a moment ago. */
  readonly sighted: boolean;
}
/** The coordinator of this ballot, or who should succeed it, goes: take the role. */
export interface CoordinatorYield {
  readonly type: 'coordinator-yield';
  readonly ballot: Ballot | null;
  /** Managers that it knows to be down, of which others may not have heard yet. */
  readonly gone: readonly Address[];
}
/** Broadcast, best effort: a greater ballot is taken. */
export interface CoordinatorAnnounce {
  readonly type: 'coordinator-announce';
  readonly ballot: Ballot;
}

/** Liveness of a peer in the overlay; carries the ballot so that coordinators meet. */
export interface OverlayProbe {
  readonly type: 'overlay-probe';
  readonly sequence: number;
  readonly node: NodeId;
  readonly ballot: Ballot | null;
}
export interface OverlayProbeAnswer {
  readonly type: 'overlay-probe-answer';
  readonly sequence: number;
  readonly node: NodeId;
  readonly ballot: Ballot | null;
  /** Of those that the sender knows the nearest to the one that asked: are the two in one ring? */
  readonly nearest: Peer | null;
}
/** A message on its way to the node closest to `key`; every hop is acknowledged. */
export interface OverlayRoute {
  readonly type: 'overlay-route';
  readonly key: NodeId;
  /** Names the hop for its acknowledgement. */
  readonly hop: number;
  readonly hops: number;
  readonly source: Address;
  readonly payload: ElectionRequest;
}
export interface OverlayAck {
  readonly type: 'overlay-ack';
  readonly hop: number;
  readonly node: NodeId;
}
export interface OverlayBroadcast {
  readonly type: 'overlay-broadcast';
  readonly source: Address;
  readonly payload: CoordinatorAnnounce;
}

/** Passed on along the ring: the receiver tells all nodes from itself up to `until`, exclusive. */
export interface OverlaySpread {
  readonly type: 'overlay-spread';
  /** Names the hop for its acknowledgement. */
  readonly hop: number;
  readonly source: Address;
  /** Names the broadcast among those of its source. */
  readonly broadcast: number;
  /** An id at which the receiver's arc ends; its own stands for the whole ring. */
  readonly until: NodeId;
  readonly payload: CoordinatorAnnounce;
}
/** A node is alive; to its neighbour counterclockwise, which watches it. */
export interface OverlayHeartbeat {
  readonly type: 'overlay-heartbeat';
  readonly node: NodeId;
  readonly ballot: Ballot | null;
}
/** Leaf sets are exchanged: the sender's, and whom it found dead; wants the receiver's. */
export interface OverlayLeaves {
  readonly type: 'overlay-leaves';
  readonly sequence: number;
  readonly node: NodeId;
  readonly ballot: Ballot | null;
  readonly leaves: readonly Peer[];
  readonly lost: readonly Address[];
}
export interface OverlayLeavesAnswer {
  readonly type: 'overlay-leaves-answer';
  readonly sequence: number;
  readonly node: NodeId;
  readonly ballot: Ballot | null;
  readonly leaves: readonly Peer[];
  readonly lost: readonly Address[];
}
/** Who is near the sender on the ring? Asked by who joins, repairs or meets another ring. */
export interface OverlayFind {
  readonly type: 'overlay-find';
  readonly sequence: number;
  readonly node: NodeId;
  readonly ballot: Ballot | null;
  /** Whether the sender can use a row of the receiver's routing table as well. */
  readonly row: boolean;
}
export interface OverlayFound {
  readonly type: 'overlay-found';
  /** Of the question; 0: unasked, from one that could not answer before. */
  readonly sequence: number;
  readonly node: NodeId;
  readonly ballot: Ballot | null;
  /** Whether the sender is part of a ring. */
  readonly active: boolean;
  readonly entries: readonly Peer[];
}
/** The sender goes; its leaf set, for those that have to fill its place. */
export interface OverlayLeave {
  readonly type: 'overlay-leave';
  readonly node: NodeId;
  readonly leaves: readonly Peer[];
}

/** Carry out `verb` if the resource is still in this incarnation. */
export interface ActionRequest {
  readonly type: 'action-request';
  /** Numbered by its issuer; the same number again is a retry of the same action. */
  readonly action: number;
  readonly resource: number;
  readonly verb: Verb;
  /** The incarnation that the issuer saw. */
  readonly incarnation: number;
  /** The issuer's authority: a manager's token, or a coordinator's ballot with sequence 0. */
  readonly authority: Token;
}

/**
 * `refused`: nothing was done, see {@link Refusal}.
 * `unknown`: the host crashed between intent and result.
 */
export type Outcome = 'succeeded' | 'failed' | 'refused' | 'unknown';

/**
 * Why an action is refused. `busy`: another one is under way. `moved-on`: the resource is in a
 * later life than the issuer saw. `no-sense`: the verb does nothing in the state that it is in.
 * `not-obeyed`: it follows somebody else.
 */
export type Refusal = 'busy' | 'moved-on' | 'no-sense' | 'not-obeyed';

export interface ActionOutcome {
  readonly type: 'action-outcome';
  readonly action: number;
  readonly resource: number;
  readonly verb: Verb;
  readonly outcome: Outcome;
  /** Where it is refused. */
  readonly refusal?: Refusal;
  /** The resource's incarnation and state when the outcome was reported. */
  readonly incarnation: number;
  readonly state: ResourceState;
}

export type Message =
  | ResourceHeartbeat
  | ResourceHeartbeatAnswer
  | ResourceUnknown
  | ResourceRegister
  | ResourceAssign
  | ResourceAssigned
  | ResourceAccepted
  | ResourceRelease
  | AgentProbe
  | AgentProbeAnswer
  | ManagerHeartbeat
  | ManagerHeartbeatAnswer
  | ModelSnapshot
  | ModelHandover
  | CoordinatorStatus
  | CoordinatorProbe
  | ElectionRequest
  | CoordinatorAnnounce
  | OverlayProbe
  | OverlayProbeAnswer
  | OverlayRoute
  | OverlayAck
  | OverlayBroadcast
  | ActionRequest
  | ActionOutcome
  | ResourceHandOver
  | ManagerLeave
  | CoordinatorYield
  | OverlaySpread
  | OverlayHeartbeat
  | OverlayLeaves
  | OverlayLeavesAnswer
  | OverlayFind
  | OverlayFound
  | OverlayLeave
  | CoordinatorMissed
  | CoordinatorSighted;

export type MessageType = Message['type'];

/** All types, in the order of their codes on the wire; append only. */
export const messageTypes = [
  'resource-heartbeat',
  'resource-heartbeat-answer',
  'resource-unknown',
  'resource-register',
  'resource-assign',
  'resource-assigned',
  'resource-accepted',
  'resource-release',
  'agent-probe',
  'agent-probe-answer',
  'manager-heartbeat',
  'manager-heartbeat-answer',
  'model-snapshot',
  'model-handover',
  'coordinator-status',
  'coordinator-probe',
  'election-request',
  'coordinator-announce',
  'overlay-probe',
  'overlay-probe-answer',
  'overlay-route',
  'overlay-ack',
  'overlay-broadcast',
  'action-request',
  'action-outcome',
  'resource-hand-over',
  'manager-leave',
  'coordinator-yield',
  'overlay-spread',
  'overlay-heartbeat',
  'overlay-leaves',
  'overlay-leaves-answer',
  'overlay-find',
  'overlay-found',
  'overlay-leave',
  'coordinator-missed',
  'coordinator-sighted',
] as const satisfies readonly MessageType[];

/** What keeping the overlay costs: all of its own types but those that carry something. */
export const maintenanceTypes: ReadonlySet<MessageType> = new Set<MessageType>([
  'overlay-probe',
  'overlay-probe-answer',
  'overlay-heartbeat',
  'overlay-leaves',
  'overlay-leaves-answer',
  'overlay-find',
  'overlay-found',
  'overlay-leave',
]);

/** Types that a healthy system sends by the clock; all others are the cost of change. */
export const periodicTypes: ReadonlySet<MessageType> = new Set<MessageType>([
  'resource-heartbeat',
  'resource-heartbeat-answer',
  'manager-heartbeat',
  'manager-heartbeat-answer',
  'overlay-probe',
  'overlay-probe-answer',
  'overlay-heartbeat',
]);
