import type { Descriptor } from '../../core/metamodel/entity.js';
import type { FaultInventory } from './plugin-fault.js';

/** Who is there, as the inventory of the run has it: what faults go by. */
export interface Terrain extends FaultInventory {
  /** Whether the resource starts out stopped. */
  readonly spare: Uint8Array;
  descriptor(resource: number): Descriptor;
}
