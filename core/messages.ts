/** All messages that come along. Each is defined in the folder of the protocol that speaks it. */
import { coordinationMessages } from './coordination/messages.js';
import { electionMessages } from './election/messages.js';
import { pastryMessages } from './overlay/pastry/messages.js';
import type { Of, Traits } from './wire/record.js';

export const builtIns = [
  ...coordinationMessages, ...electionMessages, ...pastryMessages,
] as const;

export type BuiltInMessage = Of<(typeof builtIns)[number]>;
export type MessageType = BuiltInMessage['type'];

const inOrder = builtIns.toSorted((a, b) => a.traits.code! - b.traits.code!);

/** All types, in the order of their codes on the wire. */
export const messageTypes: readonly MessageType[] = inOrder.map(({ type }) => type);

/** What keeping the overlay costs: all of its own types but those that carry something. */
export const maintenanceTypes = typesWith(({ maintenance }) => maintenance);

/** Types that a healthy system sends by the clock; all others are the cost of change. */
export const periodicTypes = typesWith(({ periodic = false }) => periodic !== false);

function typesWith(trait: (traits: Traits) => boolean | undefined): ReadonlySet<MessageType> {
  return new Set(inOrder.filter(({ traits }) => trait(traits)).map(({ type }) => type));
}
