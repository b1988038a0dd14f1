import type { CoreConfig } from '../config.js';
import type { Descriptor } from '../metamodel/entity.js';
import type { Address, AgentProcess, Environment, Resources } from '../process.js';

/** What an agent is told at its start. */
export interface AgentOptions {
  readonly config: CoreConfig;
  /** Configured managers; those of `near` (its own zone) are tried in turn with all of `all`. */
  readonly seeds: { readonly near: readonly Address[]; readonly all: readonly Address[] };
  descriptor(resource: number): Descriptor;
}

/** The agent of one host: speaks for the host's resources and carries out actions on them. */
export function createAgent(
  environment: Environment,
  resources: Resources,
  options: AgentOptions,
): AgentProcess {
  void environment; void resources; void options;
  throw new Error('being written');
}
