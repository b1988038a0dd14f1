import type { ResourceState } from '../../core/metamodel/entity.js';
import type { Devices, Resources, Verb } from '../../core/process.js';
import { ResourceBehaviour } from '../../experiment/behaviour.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';
import type { Clock } from '../node/clock.js';
import type { ResourceStatus } from './protocol.js';

/** Told by agents: passed on to the supervisor. */
export interface Actuators {
  actuate(resource: number, verb: Verb, actuation: number, incarnation: number): void;
  retire(resource: number): void;
}

/**
 * The resources of an OS process's agents as far as they know them: the supervisor, whose
 * behaviour code drives the resources, reports each change. So the managed system survives the
 * death of its management, and the truth about it is never lost.
 */
export class ResourceMirror {
  private readonly states = new Map<number, ResourceStatus>();
  private readonly sensors: ResourceBehaviour;
  private readonly actuators: Actuators;

  constructor(
    scenario: Pick<ResolvedScenario, 'system' | 'seed'>,
    inventory: Inventory,
    clock: Clock,
    actuators: Actuators,
  ) {
    this.actuators = actuators;
    const { kinds } = scenario.system;
    // Metrics do not depend on states, so sensors read them here; nothing else of it is used.
    const unused = (): void => {};
    const world = {
      now: () => clock.now(),
      after: unused,
      resourceChanged: unused,
      actuated: unused,
    };
    this.sensors = new ResourceBehaviour(world, inventory, kinds, scenario.seed);
  }

  set(status: ResourceStatus): void {
    this.states.set(status.resource, status);
  }

  resources(ids: readonly number[]): Resources {
    const devices: Devices = {
      state: (resource) => this.state(resource),
      incarnation: (resource) => this.incarnation(resource),
      metrics: (resource) => this.sensors.metrics(resource),
      actuate: (resource, verb, actuation) =>
        this.actuators.actuate(resource, verb, actuation, this.incarnation(resource)),
      retire: (resource) => this.actuators.retire(resource),
    };
    return { ids, devices };
  }

  private state(resource: number): ResourceState {
    return this.states.get(resource)?.state ?? 'down';
  }

  private incarnation(resource: number): number {
    return this.states.get(resource)?.incarnation ?? 0;
  }
}
