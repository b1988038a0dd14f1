import type { Heard } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Disturbance, HealthListener } from '../health/index.js';
import { Links } from './links.js';
import { RingLosses } from './ring-losses.js';
import { Watch } from './watch.js';

/** The role that a fault takes from one goes to another, who may find that it was not alone. */
const perFault = 2;

/**
 * Economy of the election: each beginning and end of a fault may move the role, twice at most, and
 * in each part that managers fell into once more; whatever lasts moves it no further, one-way cuts
 * included. A coordinator that takes a greater ballot has not changed. Not judged while messages
 * are lost or late, or hosts off their usual pace: there chance may move the role; nor where so
 * many have died that the ring may be in parts, each of which elects.
 */
export class RoleChanges extends Watch implements HealthListener {
  static readonly title = 'role-changes';
  static readonly exact = true;
  static readonly meaning =
    'Another manager takes the role of coordinator twice at most for each beginning and end of a ' +
    'fault of managers or links, and never for none.';
  readonly hears = [
    'coordinator-elected', 'coordinator-resigned', 'process-down', 'links-changed', 'clock-set',
    'host-slowed',
  ] as const;
  readonly #links = new Links(this.context.bounds);
  readonly #losses = new RingLosses(this.context);
  readonly #acting = new Set<Address>();
  /** Since the last fault of managers or links began or ended. */
  #changes: Address[] = [];
  #sinceUs = 0;
  #cause = 'the start';
  /** When a host was last off its usual pace. */
  #oddUs = -Infinity;

  constructor(context: Watch['context']) {
    super(context);
    context.health.listen(this);
  }

  disturbed({ timeUs, kind, process }: Disturbance): void {
    this.#changes = [];
    this.#sinceUs = timeUs;
    this.#cause = process === -1 ? kind : `${kind} (${this.process(process)})`;
  }

  observe(timeUs: number, process: Address, observation: Heard<RoleChanges['hears']>): void {
    switch (observation.type) {
      case 'coordinator-elected':
        if (!this.#acting.has(process)) this.#onChange(timeUs, process);
        this.#acting.add(process);
        return;
      case 'process-down':
        if (process < this.context.inventory.managers) this.#losses.down(timeUs);
        this.#acting.delete(process);
        return;
      case 'coordinator-resigned':
        this.#acting.delete(process);
        return;
      case 'links-changed':
        return this.#links.observe(timeUs, observation);
      case 'clock-set':
      case 'host-slowed':
        this.#oddUs = timeUs;
        return;
      default:
    }
  }

  #onChange(timeUs: number, manager: Address): void {
    this.#changes.push(manager);
    const { bounds, health } = this.context;
    if (bounds.recoveryUs === null || health.truth.processes.odd.size > 0) return;
    if (this.#losses.mayHaveParted(timeUs)) return;
    // What chance began takes as long as any recovery to come to an end.
    const plainUs = Math.max(this.#links.plainSinceUs, this.#oddUs);
    if (plainUs + bounds.recoveryUs > timeUs) return;
    const parts = Math.max(1, health.plane.judged);
    if (this.#changes.length <= perFault + parts - 1) return;
    const names = this.#changes.map((one) => this.process(one)).join(', ');
    const afterS = ((timeUs - this.#sinceUs) / 1e6).toFixed(1);
    this.break(timeUs, `the role has gone to ${names} in the ${afterS} s since ${this.#cause}`);
  }
}
