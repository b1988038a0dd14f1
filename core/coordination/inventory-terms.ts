/**
 * How long what the inventory promises takes at most, over links that lose nothing: terms of the
 * bound, derived in docs/bounds.md. `delayUs` is the longest that a message takes.
 */
import type { CoreConfig } from './config.js';
import { windowPieces } from './copies.js';
import { orderPatienceUs } from './orders.js';

/** Whoever keeps a copy of so many has given it to a coordinator that it follows; by copies.ts. */
export function copiedUs(config: CoreConfig, resources: number, delayUs: number): number {
  const { managers, resources: { checkPeriodUs } } = config;
  const rounds = Math.ceil(Math.ceil(resources / config.entriesPerMessage) / windowPieces);
  // An offer that is answered, and the pieces; a late word from a former life is waited out.
  return checkPeriodUs + managers.heartbeatPeriodUs + 2 * (1 + rounds) * delayUs;
}

/** After its election, or a registration, it shows what nobody reports; by registry.ts. */
export function lookedForUs({ rebuildUs, managers, resources }: CoreConfig): number {
  return Math.max(rebuildUs, 2 * managers.heartbeatPeriodUs) + resources.checkPeriodUs;
}

/**
 * What is decommissioned and known to be so is gone from where it turns up again; by
 * unregistered.ts. Before that a new coordinator rebuilds its model, and a host registers.
 */
export function disownedUs(config: CoreConfig, delayUs: number): number {
  const { managers: { heartbeatPeriodUs }, resources: { retryMaxUs, checkPeriodUs } } = config;
  const adoptedUs = lookedForUs(config) + 2 * heartbeatPeriodUs + checkPeriodUs;
  // A manager reports it; its agent is given time, and asks; then the manager is told.
  const askedUs = heartbeatPeriodUs + delayUs + retryMaxUs + checkPeriodUs + 4 * delayUs;
  return adoptedUs + askedUs + heartbeatPeriodUs + 2 * delayUs;
}

/**
 * A manager has been given what nobody listens to, and has listened; by placement.ts. The first
 * order may have gone to one that died just then.
 *
 * @param silenceUs - after which a manager suspects a resource, and the coordinator a manager
 */
export function listenedUs(
  config: CoreConfig, silenceUs: { readonly resource: number; readonly manager: number },
  delayUs: number,
): { readonly givenUs: number; readonly heardUs: number } {
  const { managers: { heartbeatPeriodUs }, resources: { checkPeriodUs } } = config;
  return {
    givenUs: silenceUs.manager + checkPeriodUs + delayUs + orderPatienceUs(config) +
      checkPeriodUs + delayUs,
    heardUs: silenceUs.resource + checkPeriodUs + heartbeatPeriodUs + 2 * delayUs,
  };
}
