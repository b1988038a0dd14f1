/** What nodes of any overlay say to each other. */
import { ballot, peer } from '../identity.js';
import { envelope, id, index, message, nullable, uint, type Of } from '../wire/record.js';

/** The sender, and what it knows of coordinators: so those that do not know of each other meet. */
export const self = { node: id, ballot: nullable(ballot) };

/** Liveness of a peer in the overlay; carries the ballot so that coordinators meet. */
const overlayProbe = message(
  'overlay-probe', { code: 18, periodic: 'probe', maintenance: true }, { sequence: uint, ...self },
);
export type OverlayProbe = Of<typeof overlayProbe>;

const overlayProbeAnswer = message(
  'overlay-probe-answer', { code: 19, periodic: 'probe', maintenance: true }, {
    sequence: uint,
    ...self,
    /** Of those that the sender knows the nearest to the one that asked: are both in one ring? */
    nearest: nullable(peer),
  },
);
export type OverlayProbeAnswer = Of<typeof overlayProbeAnswer>;

/** A message on its way to the node closest to `key`; every hop is acknowledged. */
const overlayRoute = envelope('overlay-route', { code: 20 }, {
  key: id,
  /** Names the hop for its acknowledgement. */
  hop: uint,
  hops: uint,
  source: index,
});
export type OverlayRoute = Of<typeof overlayRoute>;

const overlayAck = message('overlay-ack', { code: 21 }, { hop: uint, node: id });

/** A message to all nodes, from its source itself. */
const overlayBroadcast = envelope('overlay-broadcast', { code: 22 }, { source: index });

export const overlayMessages = [
  overlayProbe, overlayProbeAnswer, overlayRoute, overlayAck, overlayBroadcast,
] as const;
export type OverlayMessage = Of<(typeof overlayMessages)[number]>;
