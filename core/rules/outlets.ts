import type { GateOutlets } from './gate.js';
import type { ActionConfirmed, ActionRequest } from './messages.js';

/** An action request to which its sender adds the authority that it has at that instant. */
export type UnsignedRequest = Omit<ActionRequest, 'authority'>;

/** All that rules can do to the world; given by the manager or coordinator that owns them. */
export interface RuleOutlets extends GateOutlets {
  /** Sends `request`, with the owner's authority added, to the agent of `resource`. */
  send(resource: number, request: UnsignedRequest): void;
  /** Sends it, to the same agent. */
  confirm(resource: number, message: ActionConfirmed): void;
  /** Whether the resource is up, as far as the owner knows. Left out: it is not. */
  seesUp?(resource: number): boolean;
  /**
   * How long ago the resource was last heard, or who holds it, by who owns the rules. Left out: it
   * has just been.
   */
  ageUs?(resource: number): number;
  /** Before an action is sent: what has been counted so far is told to whoever is to know it. */
  tellAhead?(): void;
}
