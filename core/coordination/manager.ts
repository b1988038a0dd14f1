import type { CoreConfig } from '../config.js';
import type { NodeId } from '../identity.js';
import type { Kind } from '../metamodel/entity.js';
import type { Address, Environment, Process } from '../process.js';
import type { RuleSet } from '../rules/index.js';

/** What a manager is told at its start. */
export interface ManagerOptions {
  readonly config: CoreConfig;
  readonly node: NodeId;
  /** The configured managers, this one among them; in order of address. */
  readonly managers: readonly { readonly address: Address; readonly node: NodeId }[];
  readonly kinds: readonly Kind[];
  readonly rules: RuleSet;
}

/** A manager, which may become the coordinator. */
export function createManager(environment: Environment, options: ManagerOptions): Process {
  void environment; void options;
  throw new Error('being written');
}
