import type { Address } from '../../core/process.js';
import { NONE, type Truth } from '../truth/index.js';
import { HELD, LISTED_TWICE, LIVE, UNHELD } from './component.js';

/**
 * How a resource stands at `timeUs`, as bits of component.ts: live, held (its pointer names a live
 * manager within reach, which lists it under the same token), and what is wrong with it if it has
 * been live, on a host at its usual rate, for J.
 */
export function standing(
  truth: Truth,
  resource: number,
  timeUs: number,
  registrationUs: number,
  handOverUs: number,
): number {
  if (!truth.isResourceLive(resource)) return 0;
  // Of what is to be decommissioned nobody is asked to hold it.
  const counts = !truth.registrations.isDismissed(resource) &&
    truth.resourceSteadySince(resource) + registrationUs <= timeUs;
  const holder = holderOf(truth, resource);
  if (holder === -1) return counts ? LIVE | UNHELD : LIVE;
  const twice = counts && elsewhere(truth, resource, holder, timeUs - handOverUs) !== -1;
  return twice ? LIVE | HELD | LISTED_TWICE : LIVE | HELD;
}

/** The live manager that holds a live resource; -1 if none does. */
export function holderOf(truth: Truth, resource: number): Address {
  const { listings, pointers } = truth;
  const manager = pointers.manager(resource);
  if (manager === -1 || !truth.processes.isLive(manager)) return -1;
  if (!truth.reachability.reach(manager, truth.inventory.agentOf[resource])) return -1;
  const listing = listings.find(manager, resource);
  const same =
    listing !== NONE &&
    listings.ballot(listing) === pointers.ballot(resource) &&
    listings.sequence(listing) === pointers.sequence(resource);
  return same ? manager : -1;
}

/**
 * A live manager within reach, other than the holder, that lists the resource although both the
 * pointer was set and the listing was made at `beforeUs` at the latest; -1 if there is none.
 */
export function elsewhere(
  truth: Truth,
  resource: number,
  holder: Address,
  beforeUs: number,
): Address {
  const { listings, pointers, processes, reachability } = truth;
  let listing = listings.firstOfResource(resource);
  // Nearly always there is just the holder's.
  if (listing !== NONE && listings.nextOfResource(listing) === NONE) return -1;
  if (pointers.since(resource) > beforeUs) return -1;
  for (; listing !== NONE; listing = listings.nextOfResource(listing)) {
    const manager = listings.manager(listing);
    const counts = manager !== holder && listings.since(listing) <= beforeUs;
    if (counts && processes.isLive(manager) && reachability.reach(manager, holder)) return manager;
  }
  return -1;
}

/** Whether a manager other than the one that the pointer names lists the resource, live or not. */
export function isListedElsewhere({ listings, pointers }: Truth, resource: number): boolean {
  const manager = pointers.manager(resource);
  // Without a pointer nothing can fall due: W runs from its being set at the earliest.
  if (manager === -1) return false;
  let listing = listings.firstOfResource(resource);
  for (; listing !== NONE; listing = listings.nextOfResource(listing)) {
    if (listings.manager(listing) !== manager) return true;
  }
  return false;
}
