import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { Links } from './links.js';
import { Watch } from './watch.js';

/** A time in which a manager was down. */
interface Outage {
  readonly downUs: number;
  /** Until when what it had sent before may come. */
  readonly lateUntilUs: number;
  readonly upUs: number;
}

/**
 * Promptness of the agents, in their own running time, with a look more for each disturbance: what
 * an agent hears late shows that its manager lived then, not that it lives now; so however late
 * messages are, its patience counts from the manager's end. Judged when a resource leaves the
 * manager, and at the end. But to the probe of a manager that suspected it an agent looks as to a
 * sign of the present: for as long as one may have been on its way when the manager ended, its
 * patience has not begun.
 */
export class DeadManagersGivenUp extends Watch {
  static readonly title = 'dead-managers-given-up';
  static readonly meaning =
    'No live resource obeys a manager that is down for longer than its agent has patience.';
  readonly isTimed = true;
  /** Whom each resource obeys; -1: nobody. */
  readonly #manager: Int32Array;
  /** From when on its silence can be noticed: the resource obeys it, and sends heartbeats. */
  readonly #sinceUs: Float64Array;
  readonly #isDown: Uint8Array;
  /** All that ever suspected it. */
  readonly #suspectedBy = new Map<number, Set<Address>>();
  /** Managers that have probed others too, which should have gone over to the next holder. */
  readonly #pressing = new Set<Address>();
  /** Those that are down have no end yet. */
  readonly #outages = new Map<Address, Outage[]>();
  readonly #links = new Links(this.context.bounds);
  /** When a host was last slow; Infinity: it is. */
  readonly #slowUs = new Map<Address, number>();

  constructor(context: Watch['context']) {
    super(context);
    const { resources } = context.inventory;
    this.#manager = new Int32Array(resources).fill(-1);
    this.#sinceUs = new Float64Array(resources);
    this.#isDown = new Uint8Array(resources);
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
        if (observation.name === 'agent asked why it has not gone over') {
          this.#pressing.add(process);
        }
        return;
      case 'links-changed':
        return this.#links.observe(timeUs, observation);
      case 'process-up':
        return this.#returned(timeUs, process);
      case 'process-down':
        if (this.context.health.truth.isManager(process)) {
          const lateUntilUs = this.#links.lateUntilUs(timeUs);
          const former = this.#outages.get(process) ?? [];
          this.#outages.set(process, [...former, { downUs: timeUs, lateUntilUs, upUs: Infinity }]);
        }
        for (const resource of this.context.inventory.resourcesOf(process)) {
          this.#manager[resource] = -1;
        }
        return;
      case 'host-slowed':
        this.#slowUs.set(process, observation.factor === 1 ? timeUs : Infinity);
        return;
      default:
    }
  }

  /** An outage that nobody can have been late to notice is none to remember. */
  #returned(upUs: number, manager: Address): void {
    const outages = this.#outages.get(manager);
    const last = outages?.pop();
    if (outages === undefined || last === undefined) return;
    if (upUs - last.downUs > this.context.bounds.patienceUs) outages.push({ ...last, upUs });
  }

  #judge(timeUs: number, resource: number): void {
    const manager = this.#manager[resource];
    const outages = manager === -1 ? undefined : this.#outages.get(manager);
    if (outages === undefined || this.#isDown[resource] === 1) return;
    // Where nothing is promised (more load than capacity), an agent may be late with all it does.
    if (this.context.bounds.recoveryUs === null) return;
    for (const outage of outages) this.#judgeOutage(timeUs, resource, manager, outage);
  }

  #judgeOutage(timeUs: number, resource: number, manager: Address, outage: Outage): void {
    const { bounds, inventory, health } = this.context;
    const agent = inventory.agentOf[resource];
    const probed = this.#pressing.has(manager) ||
      (this.#suspectedBy.get(resource)?.has(manager) ?? false);
    const endUs = probed ? outage.lateUntilUs : outage.downUs;
    const fromUs = Math.max(endUs, this.#sinceUs[resource]);
    const untilUs = Math.min(timeUs, outage.upUs);
    if (untilUs - fromUs <= bounds.patienceUs) return;
    if ((this.#slowUs.get(agent) ?? -Infinity) > fromUs) return;
    const { running } = health.truth;
    const looks = running.disturbances(agent, fromUs, untilUs);
    const ranUs = running.betweenUs(agent, fromUs, untilUs);
    const stalledUs = bounds.stalledSinceUs?.(fromUs) ?? 0;
    if (ranUs <= bounds.patienceUs + looks * bounds.watching.agentLookUs + stalledUs) return;
    const whom = `${this.process(manager)}, which is down,`;
    const lasted = `${(ranUs / 1e6).toFixed(1)} s${looks === 0 ? '' : ' that its host ran'}`;
    this.break(timeUs, `${this.resource(resource)} has obeyed ${whom} for ${lasted}`);
  }
}
