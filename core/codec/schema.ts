/** The fields of every type of message, in the order in which they go over the wire. */
import type * as messages from '../messages.js';
import type { Message, MessageType } from '../messages.js';
import {
  ballot,
  ballotOrNone,
  descriptor,
  flag,
  index,
  indices,
  list,
  metrics,
  nullable,
  ending,
  peerOrNone,
  peers,
  state,
  token,
  tokenOrNone,
  verb,
  type Field,
} from './fields.js';

const resourceHeartbeat: Field<messages.ResourceHeartbeat> = {
  put: (sink, at, message) => {
    let next = sink.uint(at, message.resource);
    next = ballot.put(sink, next, message.tokenBallot);
    next = sink.uint(next, message.tokenSequence);
    next = index.put(sink, next, message.handle);
    next = sink.uint(next, message.sequence);
    next = state.put(sink, next, message.state);
    next = sink.uint(next, message.incarnation);
    return metrics.put(sink, next, message.metrics);
  },
  take: (source) => ({
    type: 'resource-heartbeat',
    resource: source.uint(),
    tokenBallot: ballot.take(source),
    tokenSequence: source.uint(),
    handle: index.take(source),
    sequence: source.uint(),
    state: state.take(source),
    incarnation: source.uint(),
    metrics: metrics.take(source),
  }),
};

const resourceHeartbeatAnswer: Field<messages.ResourceHeartbeatAnswer> = {
  put: (sink, at, message) => {
    let next = sink.uint(at, message.resource);
    next = sink.uint(next, message.sequence);
    next = ballotOrNone.put(sink, next, message.ballot);
    return index.put(sink, next, message.alternate);
  },
  take: (source) => ({
    type: 'resource-heartbeat-answer',
    resource: source.uint(),
    sequence: source.uint(),
    ballot: ballotOrNone.take(source),
    alternate: index.take(source),
  }),
};

const resourceUnknown: Field<messages.ResourceUnknown> = {
  put: (sink, at, message) => {
    let next = sink.uint(at, message.resource);
    next = token.put(sink, next, message.token);
    return ballotOrNone.put(sink, next, message.ballot);
  },
  take: (source) => ({
    type: 'resource-unknown',
    resource: source.uint(),
    token: token.take(source),
    ballot: ballotOrNone.take(source),
  }),
};

const registrations = list<messages.Registration>({
  put: (sink, at, entry) => {
    let next = sink.uint(at, entry.resource);
    next = descriptor.put(sink, next, entry.descriptor);
    next = state.put(sink, next, entry.state);
    next = sink.uint(next, entry.incarnation);
    next = tokenOrNone.put(sink, next, entry.lost);
    return index.put(sink, next, entry.silent);
  },
  take: (source) => ({
    resource: source.uint(),
    descriptor: descriptor.take(source),
    state: state.take(source),
    incarnation: source.uint(),
    lost: tokenOrNone.take(source),
    silent: index.take(source),
  }),
});

const resourceRegister: Field<messages.ResourceRegister> = {
  put: (sink, at, message) => {
    let next = index.put(sink, at, message.agent);
    next = sink.uint(next, message.hops);
    next = ballotOrNone.put(sink, next, message.ballot);
    return registrations.put(sink, next, message.entries);
  },
  take: (source) => ({
    type: 'resource-register',
    agent: index.take(source),
    hops: source.uint(),
    ballot: ballotOrNone.take(source),
    entries: registrations.take(source),
  }),
};

const assignments = list<messages.Assignment>({
  put: (sink, at, entry) => {
    let next = sink.uint(at, entry.resource);
    next = index.put(sink, next, entry.agent);
    next = token.put(sink, next, entry.token);
    next = descriptor.put(sink, next, entry.descriptor);
    next = state.put(sink, next, entry.state);
    return sink.uint(next, entry.incarnation);
  },
  take: (source) => ({
    resource: source.uint(),
    agent: index.take(source),
    token: token.take(source),
    descriptor: descriptor.take(source),
    state: state.take(source),
    incarnation: source.uint(),
  }),
});

const resourceAssign: Field<messages.ResourceAssign> = {
  put: (sink, at, message) =>
    assignments.put(sink, ballot.put(sink, at, message.ballot), message.entries),
  take: (source) => ({
    type: 'resource-assign',
    ballot: ballot.take(source),
    entries: assignments.take(source),
  }),
};

/** A resource under a token, and the manager's row for it. */
const listings = list<messages.AgentProbe['entries'][number]>({
  put: (sink, at, entry) => {
    const next = token.put(sink, sink.uint(at, entry.resource), entry.token);
    return index.put(sink, next, entry.handle);
  },
  take: (source) => ({
    resource: source.uint(),
    token: token.take(source),
    handle: index.take(source),
  }),
});

const resourceAssigned: Field<messages.ResourceAssigned> = {
  put: (sink, at, message) => {
    let next = ballotOrNone.put(sink, at, message.ballot);
    next = listings.put(sink, next, message.entries);
    return indices.put(sink, next, message.alternates);
  },
  take: (source) => ({
    type: 'resource-assigned',
    ballot: ballotOrNone.take(source),
    entries: listings.take(source),
    alternates: indices.take(source),
  }),
};

const pointers = list<messages.Pointer>({
  put: (sink, at, entry) => {
    let next = sink.uint(at, entry.resource);
    next = token.put(sink, next, entry.offered);
    next = tokenOrNone.put(sink, next, entry.token);
    return index.put(sink, next, entry.manager);
  },
  take: (source) => ({
    resource: source.uint(),
    offered: token.take(source),
    token: tokenOrNone.take(source),
    manager: index.take(source),
  }),
});

const resourceAccepted: Field<messages.ResourceAccepted> = {
  put: (sink, at, message) => pointers.put(sink, at, message.entries),
  take: (source) => ({ type: 'resource-accepted', entries: pointers.take(source) }),
};

const releases = list<messages.ResourceRelease['entries'][number]>({
  put: (sink, at, entry) => token.put(sink, sink.uint(at, entry.resource), entry.token),
  take: (source) => ({ resource: source.uint(), token: token.take(source) }),
});

const resourceRelease: Field<messages.ResourceRelease> = {
  put: (sink, at, message) =>
    releases.put(sink, ballot.put(sink, at, message.ballot), message.entries),
  take: (source) => ({
    type: 'resource-release',
    ballot: ballot.take(source),
    entries: releases.take(source),
  }),
};

const agentProbe: Field<messages.AgentProbe> = {
  put: (sink, at, message) =>
    ballotOrNone.put(sink, listings.put(sink, at, message.entries), message.ballot),
  take: (source) => ({
    type: 'agent-probe',
    entries: listings.take(source),
    ballot: ballotOrNone.take(source),
  }),
};

const agentProbeAnswer: Field<messages.AgentProbeAnswer> = {
  put: (sink, at, message) => pointers.put(sink, at, message.entries),
  take: (source) => ({ type: 'agent-probe-answer', entries: pointers.take(source) }),
};

const descriptorOrNone = nullable(descriptor);

const partEntry: Field<messages.PartEntry> = {
  put: (sink, at, entry) => {
    let next = sink.uint(at, entry.resource);
    next = token.put(sink, next, entry.token);
    next = flag.put(sink, next, entry.removed);
    next = index.put(sink, next, entry.agent);
    next = descriptorOrNone.put(sink, next, entry.descriptor);
    next = state.put(sink, next, entry.state);
    next = sink.uint(next, entry.incarnation);
    return metrics.put(sink, next, entry.metrics);
  },
  take: (source) => ({
    resource: source.uint(),
    token: token.take(source),
    removed: flag.take(source),
    agent: index.take(source),
    descriptor: descriptorOrNone.take(source),
    state: state.take(source),
    incarnation: source.uint(),
    metrics: metrics.take(source),
  }),
};

const partEntries = list(partEntry);

const part: Field<messages.PartDelta> = {
  put: (sink, at, delta) => {
    let next = sink.uint(at, delta.incarnation);
    next = sink.uint(next, delta.from);
    next = sink.uint(next, delta.to);
    return partEntries.put(sink, next, delta.entries);
  },
  take: (source) => ({
    incarnation: source.uint(),
    from: source.uint(),
    to: source.uint(),
    entries: partEntries.take(source),
  }),
};

const managerHeartbeat: Field<messages.ManagerHeartbeat> = {
  put: (sink, at, message) => {
    let next = sink.uint(at, message.sequence);
    next = ballot.put(sink, next, message.ballot);
    next = sink.uint(next, message.version);
    next = sink.uint(next, message.unanswered);
    return part.put(sink, next, message.part);
  },
  take: (source) => ({
    type: 'manager-heartbeat',
    sequence: source.uint(),
    ballot: ballot.take(source),
    version: source.uint(),
    unanswered: source.uint(),
    part: part.take(source),
  }),
};

const managerHeartbeatAnswer: Field<messages.ManagerHeartbeatAnswer> = {
  put: (sink, at, message) => {
    let next = sink.uint(at, message.sequence);
    next = ballot.put(sink, next, message.ballot);
    next = sink.uint(next, message.incarnation);
    return sink.uint(next, message.version);
  },
  take: (source) => ({
    type: 'manager-heartbeat-answer',
    sequence: source.uint(),
    ballot: ballot.take(source),
    incarnation: source.uint(),
    version: source.uint(),
  }),
};

const modelSnapshot: Field<messages.ModelSnapshot> = {
  put: (sink, at, message) => part.put(sink, ballot.put(sink, at, message.ballot), message.part),
  take: (source) => ({
    type: 'model-snapshot',
    ballot: ballot.take(source),
    part: part.take(source),
  }),
};

const handoverEntries = list<messages.ModelHandover['entries'][number]>({
  put: (sink, at, entry) => partEntry.put(sink, index.put(sink, at, entry.manager), entry),
  take: (source) => ({ manager: index.take(source), ...partEntry.take(source) }),
});

const modelHandover: Field<messages.ModelHandover> = {
  put: (sink, at, message) =>
    handoverEntries.put(sink, ballot.put(sink, at, message.ballot), message.entries),
  take: (source) => ({
    type: 'model-handover',
    ballot: ballot.take(source),
    entries: handoverEntries.take(source),
  }),
};

const coordinatorStatus: Field<messages.CoordinatorStatus> = {
  put: (sink, at, message) => {
    const next = flag.put(sink, ballotOrNone.put(sink, at, message.ballot), message.coordinating);
    return flag.put(sink, next, message.asked);
  },
  take: (source) => ({
    type: 'coordinator-status',
    ballot: ballotOrNone.take(source),
    coordinating: flag.take(source),
    asked: flag.take(source),
  }),
};

const coordinatorMissed: Field<messages.CoordinatorMissed> = {
  put: (sink, at, message) => ballot.put(sink, at, message.ballot),
  take: (source) => ({ type: 'coordinator-missed', ballot: ballot.take(source) }),
};

const coordinatorSighted: Field<messages.CoordinatorSighted> = {
  put: (sink, at, message) =>
    flag.put(sink, ballotOrNone.put(sink, at, message.ballot), message.sighted),
  take: (source) => ({
    type: 'coordinator-sighted',
    ballot: ballotOrNone.take(source),
    sighted: flag.take(source),
  }),
};

const coordinatorProbe: Field<messages.CoordinatorProbe> = {
  put: (sink, at, message) => ballotOrNone.put(sink, at, message.ballot),
  take: (source) => ({ type: 'coordinator-probe', ballot: ballotOrNone.take(source) }),
};

const electionRequest: Field<messages.ElectionRequest> = {
  put: (sink, at, message) =>
    ballotOrNone.put(sink, index.put(sink, at, message.requester), message.suspected),
  take: (source) => ({
    type: 'election-request',
    requester: index.take(source),
    suspected: ballotOrNone.take(source),
  }),
};

const coordinatorAnnounce: Field<messages.CoordinatorAnnounce> = {
  put: (sink, at, message) => ballot.put(sink, at, message.ballot),
  take: (source) => ({ type: 'coordinator-announce', ballot: ballot.take(source) }),
};

const overlayProbe: Field<messages.OverlayProbe> = {
  put: (sink, at, message) => {
    const next = sink.node(sink.uint(at, message.sequence), message.node);
    return ballotOrNone.put(sink, next, message.ballot);
  },
  take: (source) => ({
    type: 'overlay-probe',
    sequence: source.uint(),
    node: source.node(),
    ballot: ballotOrNone.take(source),
  }),
};

const overlayProbeAnswer: Field<messages.OverlayProbeAnswer> = {
  put: (sink, at, message) => {
    let next = sink.node(sink.uint(at, message.sequence), message.node);
    next = ballotOrNone.put(sink, next, message.ballot);
    return peerOrNone.put(sink, next, message.nearest);
  },
  take: (source) => ({
    type: 'overlay-probe-answer',
    sequence: source.uint(),
    node: source.node(),
    ballot: ballotOrNone.take(source),
    nearest: peerOrNone.take(source),
  }),
};

const overlayRoute: Field<messages.OverlayRoute> = {
  put: (sink, at, message) => {
    let next = sink.node(at, message.key);
    next = sink.uint(next, message.hop);
    next = sink.uint(next, message.hops);
    next = index.put(sink, next, message.source);
    return electionRequest.put(sink, next, message.payload);
  },
  take: (source) => ({
    type: 'overlay-route',
    key: source.node(),
    hop: source.uint(),
    hops: source.uint(),
    source: index.take(source),
    payload: electionRequest.take(source),
  }),
};

const overlayAck: Field<messages.OverlayAck> = {
  put: (sink, at, message) => sink.node(sink.uint(at, message.hop), message.node),
  take: (source) => ({ type: 'overlay-ack', hop: source.uint(), node: source.node() }),
};

const overlayBroadcast: Field<messages.OverlayBroadcast> = {
  put: (sink, at, message) =>
    coordinatorAnnounce.put(sink, index.put(sink, at, message.source), message.payload),
  take: (source) => ({
    type: 'overlay-broadcast',
    source: index.take(source),
    payload: coordinatorAnnounce.take(source),
  }),
};

const actionRequest: Field<messages.ActionRequest> = {
  put: (sink, at, message) => {
    let next = sink.uint(at, message.action);
    next = sink.uint(next, message.resource);
    next = verb.put(sink, next, message.verb);
    next = sink.uint(next, message.incarnation);
    return token.put(sink, next, message.authority);
  },
  take: (source) => ({
    type: 'action-request',
    action: source.uint(),
    resource: source.uint(),
    verb: verb.take(source),
    incarnation: source.uint(),
    authority: token.take(source),
  }),
};

const actionOutcome: Field<messages.ActionOutcome> = {
  put: (sink, at, message) => {
    let next = sink.uint(at, message.action);
    next = sink.uint(next, message.resource);
    next = verb.put(sink, next, message.verb);
    next = ending.put(sink, next, message);
    next = sink.uint(next, message.incarnation);
    return state.put(sink, next, message.state);
  },
  take: (source) => ({
    type: 'action-outcome',
    action: source.uint(),
    resource: source.uint(),
    verb: verb.take(source),
    ...ending.take(source),
    incarnation: source.uint(),
    state: state.take(source),
  }),
};

const handOvers = list<messages.HandOver>({
  put: (sink, at, entry) => {
    const next = token.put(sink, sink.uint(at, entry.resource), entry.token);
    return index.put(sink, next, entry.to);
  },
  take: (source) => ({
    resource: source.uint(),
    token: token.take(source),
    to: index.take(source),
  }),
});

const resourceHandOver: Field<messages.ResourceHandOver> = {
  put: (sink, at, message) =>
    handOvers.put(sink, ballot.put(sink, at, message.ballot), message.entries),
  take: (source) => ({
    type: 'resource-hand-over',
    ballot: ballot.take(source),
    entries: handOvers.take(source),
  }),
};

const managerLeave: Field<messages.ManagerLeave> = {
  put: (sink, at, message) => flag.put(sink, sink.uint(at, message.incarnation), message.done),
  take: (source) => ({
    type: 'manager-leave',
    incarnation: source.uint(),
    done: flag.take(source),
  }),
};

const coordinatorYield: Field<messages.CoordinatorYield> = {
  put: (sink, at, message) =>
    indices.put(sink, ballotOrNone.put(sink, at, message.ballot), message.gone),
  take: (source) => ({
    type: 'coordinator-yield',
    ballot: ballotOrNone.take(source),
    gone: indices.take(source),
  }),
};

const overlaySpread: Field<messages.OverlaySpread> = {
  put: (sink, at, message) => {
    let next = sink.uint(at, message.hop);
    next = index.put(sink, next, message.source);
    next = sink.uint(next, message.broadcast);
    next = sink.node(next, message.until);
    return coordinatorAnnounce.put(sink, next, message.payload);
  },
  take: (source) => ({
    type: 'overlay-spread',
    hop: source.uint(),
    source: index.take(source),
    broadcast: source.uint(),
    until: source.node(),
    payload: coordinatorAnnounce.take(source),
  }),
};

const overlayHeartbeat: Field<messages.OverlayHeartbeat> = {
  put: (sink, at, message) => ballotOrNone.put(sink, sink.node(at, message.node), message.ballot),
  take: (source) => ({
    type: 'overlay-heartbeat',
    node: source.node(),
    ballot: ballotOrNone.take(source),
  }),
};

function leafSets<T extends 'overlay-leaves' | 'overlay-leaves-answer'>(
  type: T,
): Field<Omit<messages.OverlayLeaves, 'type'> & { readonly type: T }> {
  return {
    put: (sink, at, message) => {
      let next = sink.node(sink.uint(at, message.sequence), message.node);
      next = ballotOrNone.put(sink, next, message.ballot);
      return indices.put(sink, peers.put(sink, next, message.leaves), message.lost);
    },
    take: (source) => ({
      type,
      sequence: source.uint(),
      node: source.node(),
      ballot: ballotOrNone.take(source),
      leaves: peers.take(source),
      lost: indices.take(source),
    }),
  };
}

const overlayFind: Field<messages.OverlayFind> = {
  put: (sink, at, message) => {
    let next = sink.node(sink.uint(at, message.sequence), message.node);
    next = ballotOrNone.put(sink, next, message.ballot);
    return flag.put(sink, next, message.row);
  },
  take: (source) => ({
    type: 'overlay-find',
    sequence: source.uint(),
    node: source.node(),
    ballot: ballotOrNone.take(source),
    row: flag.take(source),
  }),
};

const overlayFound: Field<messages.OverlayFound> = {
  put: (sink, at, message) => {
    let next = sink.node(sink.uint(at, message.sequence), message.node);
    next = ballotOrNone.put(sink, next, message.ballot);
    return peers.put(sink, flag.put(sink, next, message.active), message.entries);
  },
  take: (source) => ({
    type: 'overlay-found',
    sequence: source.uint(),
    node: source.node(),
    ballot: ballotOrNone.take(source),
    active: flag.take(source),
    entries: peers.take(source),
  }),
};

const overlayLeave: Field<messages.OverlayLeave> = {
  put: (sink, at, message) => peers.put(sink, sink.node(at, message.node), message.leaves),
  take: (source) => ({
    type: 'overlay-leave',
    node: source.node(),
    leaves: peers.take(source),
  }),
};

/** What follows the type's code. */
export const schema: { readonly [T in MessageType]: Field<Extract<Message, { type: T }>> } = {
  'resource-heartbeat': resourceHeartbeat,
  'resource-heartbeat-answer': resourceHeartbeatAnswer,
  'resource-unknown': resourceUnknown,
  'resource-register': resourceRegister,
  'resource-assign': resourceAssign,
  'resource-assigned': resourceAssigned,
  'resource-accepted': resourceAccepted,
  'resource-release': resourceRelease,
  'agent-probe': agentProbe,
  'agent-probe-answer': agentProbeAnswer,
  'manager-heartbeat': managerHeartbeat,
  'manager-heartbeat-answer': managerHeartbeatAnswer,
  'model-snapshot': modelSnapshot,
  'model-handover': modelHandover,
  'coordinator-status': coordinatorStatus,
  'coordinator-probe': coordinatorProbe,
  'election-request': electionRequest,
  'coordinator-announce': coordinatorAnnounce,
  'overlay-probe': overlayProbe,
  'overlay-probe-answer': overlayProbeAnswer,
  'overlay-route': overlayRoute,
  'overlay-ack': overlayAck,
  'overlay-broadcast': overlayBroadcast,
  'action-request': actionRequest,
  'action-outcome': actionOutcome,
  'resource-hand-over': resourceHandOver,
  'manager-leave': managerLeave,
  'coordinator-yield': coordinatorYield,
  'overlay-spread': overlaySpread,
  'overlay-heartbeat': overlayHeartbeat,
  'overlay-leaves': leafSets('overlay-leaves'),
  'overlay-leaves-answer': leafSets('overlay-leaves-answer'),
  'overlay-find': overlayFind,
  'overlay-found': overlayFound,
  'overlay-leave': overlayLeave,
  'coordinator-missed': coordinatorMissed,
  'coordinator-sighted': coordinatorSighted,
};
