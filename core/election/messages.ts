/** What managers say to each other about who coordinates. */
import { ballot } from '../identity.js';
import { flag, index, list, message, nullable, type Of } from '../wire/record.js';

/** Answers whoever takes the sender for the coordinator, or asks: what it knows. */
const coordinatorStatus = message('coordinator-status', { code: 14 }, {
  /** The greatest ballot that the sender acknowledges. */
  ballot: nullable(ballot),
  /** Whether the sender itself coordinates under it. */
  coordinating: flag,
  /** Whether this answers a message of the receiver's: then each reaches the other. */
  asked: flag,
});
export type CoordinatorStatus = Of<typeof coordinatorStatus>;

/** Are you the coordinator, or who is? Carries the greatest ballot the sender knows. */
const coordinatorProbe = message('coordinator-probe', { code: 15 }, { ballot: nullable(ballot) });

/** Routed to the coordinator key: the sender misses the coordinator of this ballot. */
const electionRequest = message(
  'election-request', { code: 16, unnamedIn: ['overlay-route'] }, {
    requester: index, suspected: nullable(ballot),
  },
);
export type ElectionRequest = Of<typeof electionRequest>;

/** Broadcast, best effort: a greater ballot is taken. */
const coordinatorAnnounce = message(
  'coordinator-announce', { code: 17, unnamedIn: ['overlay-broadcast', 'overlay-spread'] },
  { ballot },
);
export type CoordinatorAnnounce = Of<typeof coordinatorAnnounce>;

/** The coordinator of this ballot, or who should succeed it, goes: take the role. */
const coordinatorYield = message('coordinator-yield', { code: 27 }, {
  ballot: nullable(ballot),
  /** Managers that it knows to be down, of which others may not have heard yet. */
  gone: list(index),
});
export type CoordinatorYield = Of<typeof coordinatorYield>;

/** The sender is to decide on an election: does the receiver miss its coordinator as well? */
const coordinatorMissed = message('coordinator-missed', { code: 35 }, {
  /** The coordinator that the sender misses. */
  ballot,
});

/** Answers that; tells those that asked for an election, too, why there is none. */
const coordinatorSighted = message('coordinator-sighted', { code: 36 }, {
  /** The greatest ballot that is acknowledged by who looked. */
  ballot: nullable(ballot),
  /** Whether its coordinator answered a moment ago. */
  sighted: flag,
});
export type CoordinatorSighted = Of<typeof coordinatorSighted>;

export const electionMessages = [
  coordinatorStatus, coordinatorProbe, electionRequest, coordinatorAnnounce, coordinatorYield,
  coordinatorMissed, coordinatorSighted,
] as const;
export type ElectionMessage = Of<(typeof electionMessages)[number]>;
