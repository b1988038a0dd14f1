import type { Heard } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { DOWN, STARTING, stateCode, UNKNOWN, UNREACHABLE, UP } from '../truth/index.js';
import { Watch } from './watch.js';

/** As bits by state code: what a resource has usually been by the end of an incarnation. */
const USUAL = (1 << UP) | (1 << STARTING);

/**
 * Safety of the model: late it may be, but not wrong about what never was. `down` may be a mere
 * suspicion, as what is not heard is, so it is allowed for any incarnation that the resource had.
 */
export class ModelNeverInvents extends Watch {
  static readonly title = 'model-never-invents';
  static readonly meaning =
    'No model shows a resource in a state and incarnation that it never had.';
  readonly hears = ['resource-state', 'model-entity'] as const;
  /** First and present incarnation of each resource; -1 before anything is known. */
  readonly #first: Int32Array;
  readonly #present: Int32Array;
  /** The states that it has had in the present incarnation, as bits. */
  readonly #states: Uint8Array;
  /** The states of those former incarnations that had other than the usual ones. */
  readonly #unusual = new Map<number, number>();

  constructor(context: Watch['context']) {
    super(context);
    const { resources } = context.inventory;
    this.#first = new Int32Array(resources).fill(-1);
    this.#present = new Int32Array(resources).fill(-1);
    this.#states = new Uint8Array(resources);
  }

  observe(timeUs: number, process: Address, observation: Heard<ModelNeverInvents['hears']>): void {
    if (observation.type === 'resource-state') {
      const { resource, state, incarnation } = observation;
      this.#had(resource, 1 << stateCode(state), incarnation);
    } else if (observation.type === 'model-entity') {
      const { resource, state, incarnation } = observation;
      if (this.#everHad(resource, stateCode(state), incarnation)) return;
      const what = `${this.resource(resource)} ${state} in life ${incarnation}`;
      this.break(timeUs, `the model of ${this.process(process)} shows ${what}, which never was`);
    }
  }

  #had(resource: number, bit: number, incarnation: number): void {
    const present = this.#present[resource];
    if (present === -1) {
      this.#first[resource] = incarnation;
    } else if (incarnation > present) {
      if ((this.#states[resource] & ~(1 << DOWN)) !== USUAL) {
        this.#unusual.set(this.#pair(resource, present), this.#states[resource]);
      }
      for (let skipped = present + 1; skipped < incarnation; skipped += 1) {
        this.#unusual.set(this.#pair(resource, skipped), 0);
      }
    }
    if (incarnation > present) {
      this.#present[resource] = incarnation;
      this.#states[resource] = bit;
    } else if (incarnation === present) {
      this.#states[resource] |= bit;
    }
  }

  #everHad(resource: number, state: number, incarnation: number): boolean {
    const present = this.#present[resource];
    // Before its first observation a resource is down in incarnation 0.
    if (present === -1) return state === DOWN && incarnation === 0;
    if (incarnation > present || incarnation < this.#first[resource]) return false;
    if (state === DOWN || state === UNREACHABLE || state === UNKNOWN) return true;
    const states =
      incarnation === present
        ? this.#states[resource]
        : (this.#unusual.get(this.#pair(resource, incarnation)) ?? USUAL);
    return (states & (1 << state)) !== 0;
  }

  #pair(resource: number, incarnation: number): number {
    return incarnation * this.context.inventory.resources + resource;
  }
}
