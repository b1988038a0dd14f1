import { createAssignment, isByName } from '../../core/coordination/assignment/index.js';
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { NO_BALLOT, STOPPED, UP } from '../truth/index.js';
import { Balancing } from './balancing.js';
import { Watch } from './watch.js';

/**
 * What a policy of assignment is for: when nothing has happened for as long as it takes to carry
 * all to its place at the configured pace, loads differ by no more than is put up with, or
 * everything is where its name belongs. Judged once in each quiet time, of what lives, in a system
 * that is one.
 */
export class LoadsBalanced extends Watch {
  static readonly title = 'loads-balanced';
  static readonly exact = true;
  static readonly meaning =
    'When all has been quiet for as long as moves take, resources are spread over managers as ' +
    'their assignment is meant to.';
  readonly #leaving = new Set<Address>();
  readonly #balancing: Balancing;
  /** The end of balancing that was judged last: once is enough, until something happens. */
  #judgedUs = 0;

  constructor(context: Watch['context']) {
    super(context);
    this.#balancing = new Balancing(context.scenario, context.bounds);
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    this.#look(timeUs);
    if (observation.type === 'process-leaving') this.#leaving.add(process);
    else if (observation.type === 'process-up') this.#leaving.delete(process);
    this.#balancing.observe(timeUs, observation);
  }

  finish(timeUs: number): void {
    this.#look(timeUs);
  }

  #look(timeUs: number): void {
    const { untilUs } = this.#balancing;
    if (timeUs <= untilUs || untilUs === this.#judgedUs) return;
    this.#judgedUs = untilUs;
    this.#judge(untilUs);
  }

  #judge(dueUs: number): void {
    const { bounds, health: { truth }, scenario } = this.context;
    const { rebalance, fromPlugins } = scenario.coordination;
    if (bounds.recoveryUs === null || rebalance.perPeriod === 0 || fromPlugins?.assignment) return;
    if (bounds.baseHarm !== null || bounds.baseLoss > 0 || !truth.reachability.isClean) return;
    if (truth.reachability.components.length > 1 || !this.context.health.healthy()) return;
    const held = this.#held();
    if (held === null) return;
    if (isByName(scenario.coordination.assignment.name)) {
      this.#judgePlaces(dueUs, held);
    } else {
      this.#judgeLoads(dueUs, held, rebalance.threshold);
    }
  }

  /** How much each manager that may hold something does; null: not all can be moved. */
  #held(): Map<Address, number> | null {
    const { truth } = this.context.health;
    const { inventory, processes, resources, pointers } = truth;
    const held = new Map<Address, number>();
    for (let manager = 0; manager < inventory.managers; manager += 1) {
      if (!processes.isLive(manager) || this.#leaving.has(manager)) continue;
      if (truth.acknowledged(manager) !== NO_BALLOT) held.set(manager, 0);
    }
    for (let resource = 0; resource < inventory.resources; resource += 1) {
      const state = resources.state(resource);
      if (resources.isRetired(resource)) continue;
      const manager = pointers.manager(resource);
      const load = held.get(manager);
      if ((state !== UP && state !== STOPPED) || load === undefined) return null;
      held.set(manager, load + 1);
    }
    return held;
  }

  #judgeLoads(dueUs: number, held: ReadonlyMap<Address, number>, threshold: number): void {
    const loads = [...held.values()];
    const most = Math.max(...loads);
    const least = Math.min(...loads);
    const mean = [...held.values()].reduce((sum, load) => sum + load, 0) / held.size;
    if (most - least <= Math.max(1, threshold * mean)) return;
    this.break(dueUs, `the fullest manager holds ${most} resources, the emptiest ${least}, ` +
      'and there was time to balance them since anything happened');
  }

  #judgePlaces(dueUs: number, held: ReadonlyMap<Address, number>): void {
    const { inventory, health: { truth } } = this.context;
    const assignment = createAssignment(this.context.scenario.coordination.assignment.name);
    for (const manager of held.keys()) assignment.add(manager, inventory.nodeId(manager, 0), 0);
    for (let resource = 0; resource < inventory.resources; resource += 1) {
      if (truth.resources.isRetired(resource)) continue;
      const owner = assignment.choose(inventory.descriptor(resource).name, -1);
      const manager = truth.pointers.manager(resource);
      if (manager === owner) continue;
      this.break(dueUs, `${this.resource(resource)} is with ${this.process(manager)}, though its ` +
        `name belongs to ${this.process(owner)}`);
      return;
    }
  }
}
