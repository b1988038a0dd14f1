/** One configuration and a few names for all tests of coordination. */
import type { CoreConfig } from '../../../core/coordination/config.js';
import type { Ballot, Token } from '../../../core/identity.js';
import type { Registration } from '../../../core/coordination/messages.js';
import type { Descriptor } from '../../../core/metamodel/entity.js';
import type { Address } from '../../../core/process.js';
import { parseRules, type RuleSet } from '../../../core/rules/index.js';
import { electionTimes } from '../election/net.js';
import { msUs, secondUs } from '../overlay/memory-world.js';
import { overlayTimes } from '../overlay/node.js';

export const config: CoreConfig = {
  resources: {
    heartbeatPeriodUs: secondUs,
    timeoutUs: 3 * secondUs,
    checkPeriodUs: 100 * msUs,
    answerTimeoutUs: 3 * secondUs,
    retryUs: 100 * msUs,
    retryMaxUs: 800 * msUs,
  },
  managers: {
    heartbeatPeriodUs: secondUs,
    timeoutUs: 3 * secondUs,
    answerTimeoutUs: 3 * secondUs,
  },
  overlay: overlayTimes,
  election: electionTimes,
  detection: { name: 'fixed' },
  assignment: { name: 'least-loaded' },
  rebalance: { threshold: 0.2, perPeriod: 2 },
  leaveTimeoutUs: 6 * secondUs,
  rebuildUs: 3 * secondUs,
  entriesPerMessage: 3,
  quorum: 'none',
  actions: { timeoutUs: 3 * secondUs, retries: 2 },
};

export const noRules: RuleSet = parseRules([], []);

export function ballotOf(counter: number, address: Address = 0): Ballot {
  return { counter, node: String(address).padStart(32, '0'), incarnation: 1, address };
}

export function tokenOf(counter: number, sequence: number): Token {
  return { ballot: ballotOf(counter), sequence };
}

export function descriptorOf(resource: number): Descriptor {
  return {
    name: `service-${resource}`, kind: 'service', host: `host-${resource}`, zone: 'zone-1',
    labels: {},
  };
}

export function registration(
  resource: number, change: Partial<Registration> = {},
): Registration {
  return {
    resource, descriptor: descriptorOf(resource), state: 'up', incarnation: 1, lost: null,
    silent: -1, ...change,
  };
}
