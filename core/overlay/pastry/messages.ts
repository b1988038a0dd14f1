/** What nodes of Pastry say to each other besides what those of any overlay say. */
import { peer } from '../../identity.js';
import { envelope, flag, id, index, list, message, uint, type Of } from '../../wire/record.js';
import { overlayMessages, self } from '../messages.js';

/** Passed on along the ring: the receiver tells all nodes from itself up to `until`, exclusive. */
const overlaySpread = envelope('overlay-spread', { code: 28 }, {
  /** Names the hop for its acknowledgement. */
  hop: uint,
  source: index,
  /** Names the broadcast among those of its source. */
  broadcast: uint,
  /** An id at which the receiver's arc ends; its own stands for the whole ring. */
  until: id,
});
export type OverlaySpread = Of<typeof overlaySpread>;

/** A node is alive; to its neighbour counterclockwise, which watches it. */
const overlayHeartbeat = message(
  'overlay-heartbeat', { code: 29, periodic: 'beat', maintenance: true }, self,
);

const leafSets = { sequence: uint, ...self, leaves: list(peer), lost: list(index) };

/** Leaf sets are exchanged: the sender's, and whom it found dead; wants the receiver's. */
const overlayLeaves = message('overlay-leaves', { code: 30, maintenance: true }, leafSets);
export type OverlayLeaves = Of<typeof overlayLeaves>;

const overlayLeavesAnswer = message(
  'overlay-leaves-answer', { code: 31, maintenance: true }, leafSets,
);
export type OverlayLeavesAnswer = Of<typeof overlayLeavesAnswer>;

/** Who is near the sender on the ring? Asked by who joins, repairs or meets another ring. */
const overlayFind = message('overlay-find', { code: 32, maintenance: true }, {
  sequence: uint,
  ...self,
  /** Whether the sender can use a row of the receiver's routing table as well. */
  row: flag,
});
export type OverlayFind = Of<typeof overlayFind>;

const overlayFound = message('overlay-found', { code: 33, maintenance: true }, {
  /** Of the question; 0: unasked, from one that could not answer before. */
  sequence: uint,
  ...self,
  /** Whether the sender is part of a ring. */
  active: flag,
  entries: list(peer),
});
export type OverlayFound = Of<typeof overlayFound>;

/** The sender goes; its leaf set, for those that have to fill its place. */
const overlayLeave = message('overlay-leave', { code: 34, maintenance: true }, {
  node: id, leaves: list(peer),
});

const own = [
  overlaySpread, overlayHeartbeat, overlayLeaves, overlayLeavesAnswer, overlayFind, overlayFound,
  overlayLeave,
] as const;
export const pastryMessages = [...overlayMessages, ...own] as const;
export type PastryMessage = Of<(typeof pastryMessages)[number]>;
