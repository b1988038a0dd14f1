/** What was done without need, by the truth; who did it may have had reason to think otherwise. */
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { beginsLife, type Verb } from '../../core/verbs/index.js';
import { UP, type Truth } from '../../checker/truth/index.js';
import { count, type ValuesOf } from './fields.js';
import { measure, type Measure } from './measure.js';

const fields = {
  needless: {
    actions: count('actions', 'on what was up and taken for down'),
    /** Not by a move. */
    moves: count('resources', 'that left a manager who was there'),
    /** A coordinator that does not give the role away. */
    elections: count('elections', 'beside a coordinator in reach'),
  },
};

export class Needless implements Measure<typeof fields> {
  readonly hears = [
    'resource-suspected', 'resource-trusted', 'listing-removed', 'pointer-lost', 'pointer-set',
    'resource-moved', 'actuated', 'coordinator-elected', 'process-leaving', 'process-up',
  ] as const;
  private readonly truth: Truth;
  private readonly warmUpUs: number;
  private actions = 0;
  private moves = 0;
  private elections = 0;
  /** How many managers take each for down. */
  private readonly suspectedBy = new Map<number, Set<Address>>();
  /** Whom it obeyed last, if it left him though he was there; whether that was counted. */
  private readonly left = new Map<number, { readonly from: Address; readonly counted: boolean }>();
  /** Whom each that obeys nobody gave up. */
  private readonly former = new Map<number, Address>();
  private readonly leaving = new Set<Address>();

  constructor(truth: Truth, warmUpUs: number) {
    this.truth = truth;
    this.warmUpUs = warmUpUs;
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    switch (observation.type) {
      case 'resource-suspected': return this.suspect(process, observation.resource);
      case 'resource-trusted':
      case 'listing-removed':
        this.suspectedBy.get(observation.resource)?.delete(process);
        return;
      case 'pointer-lost':
        this.former.set(observation.resource, this.truth.pointers.manager(observation.resource));
        return;
      case 'pointer-set': return this.go(timeUs, observation.resource, observation.manager);
      case 'resource-moved': {
        // It was on purpose, as it turns out.
        const { resource, from } = observation;
        const left = this.left.get(resource);
        if (left?.from === from && left.counted) this.moves -= 1;
        this.left.delete(resource);
        return;
      }
      case 'actuated': return this.act(timeUs, observation.resource, observation.verb);
      case 'coordinator-elected': return this.elect(timeUs, process);
      case 'process-leaving':
        this.leaving.add(process);
        return;
      case 'process-up':
        this.leaving.delete(process);
        return;
      default:
    }
  }

  summary(): ValuesOf<typeof fields> {
    const { actions, moves, elections } = this;
    return { needless: { actions, moves, elections } };
  }

  private suspect(manager: Address, resource: number): void {
    const former = this.suspectedBy.get(resource);
    if (former === undefined) this.suspectedBy.set(resource, new Set([manager]));
    else former.add(manager);
  }

  /**
   * A restart of what is up, by one who takes it for down: rules may restart it for other reasons.
   */
  private act(timeUs: number, resource: number, verb: Verb): void {
    if (!beginsLife(verb) || timeUs < this.warmUpUs) return;
    const isUp = this.truth.resources.state(resource) === UP;
    if (isUp && (this.suspectedBy.get(resource)?.size ?? 0) > 0) this.actions += 1;
  }

  private go(timeUs: number, resource: number, to: Address): void {
    const { pointers, processes, reachability, inventory, listings } = this.truth;
    const obeyed = pointers.manager(resource);
    const from = obeyed === -1 ? this.former.get(resource) ?? -1 : obeyed;
    this.former.delete(resource);
    this.left.delete(resource);
    if (from === -1 || from === to || this.leaving.has(from) || !processes.isLive(from)) return;
    if (listings.find(from, resource) === -1) return;
    if (!reachability.reach(from, inventory.agentOf[resource])) return;
    const counted = timeUs >= this.warmUpUs;
    if (counted) this.moves += 1;
    this.left.set(resource, { from, counted });
  }

  /** While another that it can reach has the role and does not give it away. */
  private elect(timeUs: number, manager: Address): void {
    const { actingManagers, processes, reachability } = this.truth;
    if (timeUs < this.warmUpUs || actingManagers.includes(manager)) return;
    const isLed = actingManagers.some((one) => processes.isLive(one) && !this.leaving.has(one) &&
      reachability.reach(one, manager));
    if (isLed) this.elections += 1;
  }
}

export const needless = measure(fields, ({ scenario: { warmUpUs }, health }) =>
  new Needless(health.truth, warmUpUs));
