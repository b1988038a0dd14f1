/** All processes that there are send to one at once: how long it takes them all. */
import type { ServiceSettings } from './settings/system.js';

/** The longest that a message waits for a receiver with nothing else to do: what timeouts allow. */
export function burstServiceUs(burst: Burst): number {
  const { managerUs, agentUs } = burstsUs(burst);
  return Math.max(managerUs, agentUs);
}

/** Who may send at once. */
interface Burst {
  readonly managers: number;
  readonly resources: readonly { readonly count: number; readonly perHost: number }[];
  readonly service: ServiceSettings;
}

export function burstsUs({ managers, resources, service }: Burst): ServiceSettings {
  const all = resources.reduce((sum, { count }) => sum + count, 0);
  const perHost = Math.max(1, ...resources.map((group) => group.perHost));
  return {
    managerUs: service.managerUs * (all + managers),
    // A manager answers the heartbeats of all resources of a host, and offers each once.
    agentUs: service.agentUs * 2 * perHost,
  };
}
