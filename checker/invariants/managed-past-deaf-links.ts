import type { Heard } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Disturbance, HealthListener } from '../health/index.js';
import { holderOf } from '../health/holding.js';
import { Links } from './links.js';
import { Watch } from './watch.js';

/**
 * Where messages pass one way only, health promises nothing; this is what is promised instead. The
 * time runs from the last fault of managers or links. Not judged while messages are lost or late,
 * or hosts off their usual pace.
 */
export class ManagedPastDeafLinks extends Watch implements HealthListener {
  static readonly title = 'managed-past-deaf-links';
  static readonly exact = true;
  static readonly meaning =
    'While some links pass one way only, every live resource with a two-way link to a manager ' +
    'that has one to the coordinator is managed within the derived time.';
  readonly hears = [
    'pointer-set', 'pointer-lost', 'listing-added', 'listing-removed', 'resource-state',
    'process-up', 'process-down', 'coordinator-elected', 'coordinator-resigned',
    'coordinator-suspected', 'reachability', 'links-changed', 'clock-set', 'host-slowed',
  ] as const;
  readonly #links = new Links(this.context.bounds);
  /** Managers with a two-way link to a coordinator; null: all links pass both ways, or none can. */
  #led: readonly Address[] | null = null;
  #limitUs = Infinity;
  /** Resources that should be managed and are not, and since when; the first first. */
  #waiting = new Map<number, number>();
  /** Faults have begun or ended: all times begin anew. */
  #isDisturbed = true;

  constructor(context: Watch['context']) {
    super(context);
    context.health.listen(this);
  }

  disturbed({ timeUs }: Disturbance): void {
    this.#judge(timeUs);
    this.#isDisturbed = true;
  }

  observe(
    timeUs: number, _process: Address, observation: Heard<ManagedPastDeafLinks['hears']>,
  ): void {
    this.#links.observe(timeUs, observation);
    const { type } = observation;
    if (this.#isDisturbed || type === 'clock-set' || type === 'host-slowed') {
      this.#isDisturbed = false;
      this.#waiting.clear();
      this.#lookAtLinks();
      this.#lookAtAll(timeUs);
      return;
    }
    if (this.#led === null) return;
    if ('resource' in observation) this.#lookAt(observation.resource, timeUs);
    else this.#lookAtAll(timeUs);
    this.#judge(timeUs);
  }

  finish(timeUs: number): void {
    this.#judge(timeUs);
  }

  #lookAtLinks(): void {
    const { bounds, health: { truth: { processes, reachability } } } = this.context;
    const isPlain = this.#links.plainSinceUs < Infinity && processes.odd.size === 0;
    this.#led = reachability.isClean || !isPlain ? null : [];
    if (this.#led === null) return;
    this.#limitUs = bounds.oneWayManagedUs(this.#deaf()) ?? Infinity;
  }

  /** Managers with a link that does not pass both ways. */
  #deaf(): number {
    const { inventory: { managers, agents }, health: { truth: { reachability } } } = this.context;
    let deaf = 0;
    for (let manager = 0; manager < managers; manager += 1) {
      for (let other = 0; other < managers + agents; other += 1) {
        if (other === manager || reachability.reach(manager, other)) continue;
        deaf += 1;
        break;
      }
    }
    return deaf;
  }

  #lookAtAll(timeUs: number): void {
    if (this.#led === null) return;
    const { inventory, health: { truth } } = this.context;
    const { processes, reachability, actingManagers } = truth;
    const leaders = actingManagers.filter((manager) => processes.isLive(manager));
    this.#led = Array.from({ length: inventory.managers }, (_, manager) => manager)
      .filter((manager) => processes.isLive(manager) && leaders.some((leader) =>
        leader === manager || reachability.reach(manager, leader)));
    for (let resource = 0; resource < inventory.resources; resource += 1) {
      this.#lookAt(resource, timeUs);
    }
  }

  #lookAt(resource: number, timeUs: number): void {
    const { inventory, health: { truth } } = this.context;
    const agent = inventory.agentOf[resource];
    const should = truth.isResourceLive(resource) &&
      this.#led!.some((manager) => truth.reachability.reach(manager, agent));
    if (!should || holderOf(truth, resource) !== -1) this.#waiting.delete(resource);
    else if (!this.#waiting.has(resource)) this.#waiting.set(resource, timeUs);
  }

  #judge(timeUs: number): void {
    if (this.#led === null || this.#waiting.size === 0) return;
    const [[resource, sinceUs]] = this.#waiting;
    if (timeUs - sinceUs <= this.#limitUs) return;
    const [forS, limitS] = [timeUs - sinceUs, this.#limitUs].map((us) => (us / 1e6).toFixed(1));
    this.break(
      timeUs,
      `${this.resource(resource)} has had no manager for ${forS} s, though it could have one in ` +
        `${limitS} s`,
    );
  }
}
