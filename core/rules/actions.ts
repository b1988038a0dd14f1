import type { CoreConfig } from '../config.js';
import type { ActionRequest } from '../messages.js';
import type { CoreObservation } from '../observations.js';

/** Time limit of an action and how often it is sent again. */
export type ActionSettings = CoreConfig['actions'];

/** An action request to which its sender adds the authority that it has at that instant. */
export type UnsignedRequest = Omit<ActionRequest, 'authority'>;

/** All that rules can do to the world; given by the manager or coordinator that owns them. */
export interface RuleOutlets {
  /** Sends `request`, with the owner's authority added, to the agent of `resource`. */
  send(resource: number, request: UnsignedRequest): void;
  observe(observation: CoreObservation): void;
  /** The owner's clock in microseconds. */
  now(): number;
}
