/**
 * What agents, managers and the coordinator say to each other. A message belongs to the world once
 * sent and is valid only during `receive`; what it refers to by `Ballot`, `Token`, `Descriptor`,
 * `PartDelta`, `RuleMemory` or `metrics` is immutable and may be kept.
 */
import type { ElectionMessage } from '../election/messages.js';
import { ballot, token } from '../identity.js';
import { managerEntry, partDelta } from '../metamodel/delta.js';
import { descriptor, state } from '../metamodel/entity.js';
import { inventoryMessages } from './inventory-messages.js';
import { standbyMessages } from './standby-messages.js';
import { ruleMemory } from '../rules/memory.js';
import { actionMessages } from '../rules/messages.js';
import { permitMessages } from '../rules/permit-messages.js';
import {
  flag, index, list, message, nullable, record, uint, values, type Of,
} from '../wire/record.js';

/** A resource is alive; from its agent to the manager it points to. One per resource and period. */
const resourceHeartbeat = message('resource-heartbeat', { code: 0, periodic: 'resource' }, {
  resource: uint,
  /** The two parts of the assignment's token: a million tables need not hold a token each. */
  tokenBallot: ballot,
  tokenSequence: uint,
  /** The manager's own row number for the resource, echoed so that it needs no look-up. */
  handle: index,
  /** Counts the heartbeats of the resource's agent in its present life. */
  sequence: uint,
  state,
  incarnation: uint,
  metrics: values,
});
export type ResourceHeartbeat = Of<typeof resourceHeartbeat>;

/** The manager lists the resource under the heartbeat's token. */
const resourceHeartbeatAnswer = message(
  'resource-heartbeat-answer', { code: 1, periodic: 'resource' }, {
    resource: uint,
    /** Of the heartbeat that is answered. */
    sequence: uint,
    ballot: nullable(ballot),
    /** Another manager that was alive lately, for the agent to remember; mostly -1: none named. */
    alternate: index,
  },
);
export type ResourceHeartbeatAnswer = Of<typeof resourceHeartbeatAnswer>;

/** The manager does not list the resource under that token: register anew. */
const resourceUnknown = message('resource-unknown', { code: 2 }, {
  resource: uint, token, ballot: nullable(ballot),
});
export type ResourceUnknown = Of<typeof resourceUnknown>;

const registration = record('registration', {
  resource: uint,
  descriptor,
  state,
  incarnation: uint,
  /** The assignment that the agent gave up, if any. */
  lost: nullable(token),
  /** The manager it gave up because it was silent; -1 if there is none to complain of. */
  silent: index,
});
export type Registration = Of<typeof registration>;

/** An agent asks for a manager; sent to any manager, which passes it on to the coordinator. */
const resourceRegister = message('resource-register', { code: 3 }, {
  /** Who asks: stays the same when the request is passed on. */
  agent: index,
  /** How many managers have passed it on. */
  hops: uint,
  /** The greatest ballot that the agent has heard of. */
  ballot: nullable(ballot),
  entries: list(registration),
});
export type ResourceRegister = Of<typeof resourceRegister>;

const assignment = record('assignment', {
  resource: uint, agent: index, token, descriptor, state, incarnation: uint,
});
export type Assignment = Of<typeof assignment>;

/** The coordinator gives resources to a manager. */
const resourceAssign = message('resource-assign', { code: 4 }, {
  ballot, entries: list(assignment),
});
export type ResourceAssign = Of<typeof resourceAssign>;

/** As `resource-assign`, with what the rules of former holders kept in mind of the resources. */
const resourceEntrust = message('resource-entrust', { code: 44 }, {
  ballot, entries: list(assignment), memories: list(ruleMemory),
});
export type ResourceEntrust = Of<typeof resourceEntrust>;

/** A manager tells the coordinator what its rules keep in mind, so that it outlives them. */
const rulesRemember = message('rules-remember', { code: 45 }, {
  ballot,
  /** All that is told of these: of one without memories there is nothing to keep in mind. */
  resources: list(uint),
  memories: list(ruleMemory),
});
export type RulesRemember = Of<typeof rulesRemember>;

const offer = record('offer', { resource: uint, token, handle: index });

/** A manager tells an agent that it now holds these resources. */
const resourceAssigned = message('resource-assigned', { code: 5 }, {
  ballot: nullable(ballot), entries: list(offer), alternates: list(index),
});
export type ResourceAssigned = Of<typeof resourceAssigned>;

/** What an agent's pointers say, answering `resource-assigned` or `agent-probe`. */
const pointer = record('pointer', {
  resource: uint,
  /** The token of the message that this answers. */
  offered: token,
  /** The greatest assignment that the agent ever obeyed; null if none. */
  token: nullable(token),
  /** Whom it obeys now; -1: it registers anew. */
  manager: index,
});
export type Pointer = Of<typeof pointer>;

const resourceAccepted = message('resource-accepted', { code: 6 }, { entries: list(pointer) });

/** The coordinator takes a listing back: whoever lists it under a lesser token drops it. */
const resourceRelease = message('resource-release', { code: 7 }, {
  ballot, entries: list(record('release', { resource: uint, token })),
});
export type ResourceRelease = Of<typeof resourceRelease>;

/** A manager asks the agent of silent resources whether it lives; repeated each period. */
const agentProbe = message('agent-probe', { code: 8 }, {
  entries: list(offer), ballot: nullable(ballot),
});
export type AgentProbe = Of<typeof agentProbe>;

const agentProbeAnswer = message('agent-probe-answer', { code: 9 }, { entries: list(pointer) });

/** A manager is alive; carries what changed in its part of the model since the last known. */
const managerHeartbeat = message('manager-heartbeat', { code: 10, periodic: 'report' }, {
  sequence: uint,
  /** The ballot that the manager acknowledges, of the coordinator it reports to. */
  ballot,
  /** The version of the whole part now; more than `part.to` where messages follow. */
  version: uint,
  /** How many have been sent to this coordinator since the last that it was heard to answer. */
  unanswered: uint,
  part: partDelta,
});
export type ManagerHeartbeat = Of<typeof managerHeartbeat>;

const managerHeartbeatAnswer = message('manager-heartbeat-answer', {
  code: 11, periodic: 'report',
}, {
  /** Of the heartbeat that is answered; 0 answers a `model-snapshot`. */
  sequence: uint,
  ballot,
  /** The life and version of the manager's part that the coordinator holds. */
  incarnation: uint,
  version: uint,
  /** Who is next in line, and is to have a copy of the part; null: that is not known yet. */
  heirs: nullable(list(index)),
});
export type ManagerHeartbeatAnswer = Of<typeof managerHeartbeatAnswer>;

/** More of a part than rides on one heartbeat: the rest of a snapshot or long delta. */
const modelSnapshot = message('model-snapshot', { code: 12 }, { ballot, part: partDelta });
export type ModelSnapshot = Of<typeof modelSnapshot>;

/** A coordinator that steps down hands over what it knew, by manager. */
const modelHandover = message('model-handover', { code: 13 }, {
  ballot, entries: list(managerEntry),
});
export type ModelHandover = Of<typeof modelHandover>;

const handOver = record('handOver', {
  resource: uint,
  /** Under which the next holder will list it. */
  token,
  to: index,
});
export type HandOver = Of<typeof handOver>;

/**
 * The coordinator asks a holder to pass resources on: once a resource shows that it lives, the
 * holder itself sends `resource-assign` to `to`, and serves on until the agent obeys that one.
 */
const resourceHandOver = message('resource-hand-over', { code: 25 }, {
  ballot, entries: list(handOver),
});
export type ResourceHandOver = Of<typeof resourceHandOver>;

/** A manager goes of its own accord: told to the coordinator, repeated each period. */
const managerLeave = message('manager-leave', { code: 26 }, {
  /** Which life of the manager ends. */
  incarnation: uint,
  /** It holds nothing any more, or can wait no longer: these are its last words. */
  done: flag,
});
export type ManagerLeave = Of<typeof managerLeave>;

export const coordinationMessages = [
  resourceHeartbeat, resourceHeartbeatAnswer, resourceUnknown, resourceRegister, resourceAssign,
  resourceAssigned, resourceAccepted, resourceRelease, agentProbe, agentProbeAnswer,
  managerHeartbeat, managerHeartbeatAnswer, modelSnapshot, modelHandover, resourceHandOver,
  managerLeave, resourceEntrust, rulesRemember, ...actionMessages,
  ...inventoryMessages, ...standbyMessages, ...permitMessages,
] as const;
/** Who coordinates is asked after here too. */
export type CoordinationMessage = Of<(typeof coordinationMessages)[number]> | ElectionMessage;
