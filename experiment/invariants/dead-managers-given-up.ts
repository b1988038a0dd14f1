import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { Watch } from './watch.js';

/**
 * Promptness of the agents: what an agent hears late shows that its manager lived then, not that it
 * lives now; so however late messages are, its patience counts from the manager's end. Judged when
 * a resource leaves the manager, and at the end. But to the probe of a manager that suspected it an
 * agent looks as to a sign of the present: for as long as one may have been on its way when the
 * manager ended, its patience has not begun.
 */
export class DeadManagersGivenUp extends Watch {
  static readonly title = 'dead-managers-given-up';
  static readonly meaning =
    'No live resource obeys a manager that is down for longer than its agent has patience.';
  readonly name = DeadManagersGivenUp.title;
  readonly description = DeadManagersGivenUp.meaning;
  /** Whom each resource obeys; -1: nobody. */
  readonly #manager: Int32Array;
  /** From when on its silence can be noticed: the resource obeys it, and sends heartbeats. */
  readonly #sinceUs: Float64Array;
  readonly #isDown: Uint8Array;
  /** All that ever suspected it. */
  readonly #suspectedBy = new Map<number, Set<Address>>();
  /** Managers that have probed others too, which should have gone over to the next holder. */
  readonly #pressing = new Set<Address>();
  readonly #downUs = new Map<Address, number>();
  /** Until when what a manager had sent before it went down may come. */
  readonly #lateUntilUs = new Map<Address, number>();
  /** How late links make messages now, and until when such are about. */
  #delayUs: number;
  #stragglersUntilUs = -Infinity;
  /** When agents that had stood still went on; Infinity while they stand. */
  readonly #resumedUs = new Map<Address, number>();
  /** Whose time is not everybody's. */
  readonly #odd = new Set<Address>();

  constructor(context: Watch['context']) {
    super(context);
    const { resources } = context.inventory;
    this.#manager = new Int32Array(resources).fill(-1);
    this.#sinceUs = new Float64Array(resources);
    this.#isDown = new Uint8Array(resources);
    this.#delayUs = context.bounds.baseHarm?.delayUs ?? 0;
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    switch (observation.type) {
      case 'pointer-set':
      case 'pointer-lost': {
        const { resource } = observation;
        this.#judge(timeUs, resource);
        this.#manager[resource] = observation.type === 'pointer-set' ? observation.manager : -1;
        this.#sinceUs[resource] = timeUs;
        return;
      }
      case 'resource-suspected':
        return this.#suspected(observation.resource, process);
      case 'resource-state': {
        const { resource, state } = observation;
        if (this.#isDown[resource] === 1) this.#sinceUs[resource] = timeUs;
        this.#isDown[resource] = state === 'down' ? 1 : 0;
        return;
      }
      default:
        this.#onHost(timeUs, process, observation);
    }
  }

  finish(timeUs: number): void {
    for (let resource = 0; resource < this.#manager.length; resource += 1) {
      this.#judge(timeUs, resource);
    }
  }

  #suspected(resource: number, manager: Address): void {
    const former = this.#suspectedBy.get(resource);
    if (former === undefined) this.#suspectedBy.set(resource, new Set([manager]));
    else former.add(manager);
  }

  #onHost(timeUs: number, process: Address, observation: Observation): void {
    switch (observation.type) {
      case 'mark':
        if (observation.name === 'agent asked why it has not gone over') this.#pressing.add(process);
        return;
      case 'links-changed': {
        this.#stragglersUntilUs = Math.max(this.#stragglersUntilUs, timeUs + this.#delayUs);
        this.#delayUs = observation.harm?.delayUs ?? 0;
        return;
      }
      case 'process-up':
        this.#downUs.delete(process);
        return;
      case 'process-down':
        this.#downUs.set(process, timeUs);
        this.#lateUntilUs.set(
          process, Math.max(timeUs + this.#delayUs, this.#stragglersUntilUs));
        this.#resumedUs.delete(process);
        for (const resource of this.context.inventory.resourcesOf(process)) {
          this.#manager[resource] = -1;
        }
        return;
      case 'process-paused':
        this.#resumedUs.set(process, Infinity);
        return;
      case 'process-resumed':
        this.#resumedUs.set(process, timeUs);
        return;
      case 'clock-set':
      case 'host-slowed':
        this.#odd.add(process);
        return;
      default:
    }
  }

  #judge(timeUs: number, resource: number): void {
    // Where nothing is promised (more load than capacity), an agent may be late with all it does.
    if (this.context.bounds.recoveryUs === null) return;
    const manager = this.#manager[resource];
    const downUs = manager === -1 ? undefined : this.#downUs.get(manager);
    if (downUs === undefined || this.#isDown[resource] === 1) return;
    const agent = this.context.inventory.agentOf[resource];
    if (this.#odd.has(agent)) return;
    const probed = this.#pressing.has(manager) ||
      (this.#suspectedBy.get(resource)?.has(manager) ?? false);
    const endUs = probed ? this.#lateUntilUs.get(manager)! : downUs;
    const resumedUs = this.#resumedUs.get(agent) ?? 0;
    const fromUs = Math.max(endUs, this.#sinceUs[resource], resumedUs);
    if (timeUs - fromUs <= this.context.bounds.patienceUs) return;
    const lasted = `${((timeUs - fromUs) / 1e6).toFixed(1)} s`;
    const whom = `${this.process(manager)}, which is down,`;
    this.break(timeUs, `${this.resource(resource)} has obeyed ${whom} for ${lasted}`);
  }
}
