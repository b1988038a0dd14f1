/** What can go wrong in an exploration, in the order of its draws. */
import { cutKinds } from './cuts.js';
import { hostKinds } from './hosts.js';
import type { DrawnKind } from './kind.js';
import { massKinds } from './mass.js';
import { phaseKinds } from './phases.js';
import { plainKinds } from './plain.js';
import { unsettledKinds } from './unsettled.js';

export { guestKinds } from './guests.js';
export type { DrawnKind, Topic } from './kind.js';

/**
 * To add a kind, add a row to one of these: each draws from a stream of its own. Whom it hits must
 * not be drawn when it strikes, by its place among the faults: taking others away would change it.
 */
export const drawnKinds: readonly DrawnKind[] = [
  ...plainKinds, ...hostKinds, ...massKinds, ...cutKinds, ...unsettledKinds, ...phaseKinds,
];
