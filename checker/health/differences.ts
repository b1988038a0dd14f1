import type { Address } from '../../core/process.js';
import { ABSENT, DOWN, UNKNOWN, UNREACHABLE, type Truth } from '../truth/index.js';
import type { ModelTable } from '../truth/model.js';

/**
 * Where one acting coordinator's model differs from the truth of its component, and since when: a
 * difference counts from the first change that the model does not show. For each resource:
 * - while it is out (itself or its host down) the model must show it down or unreachable, once it
 *   has come to show it, or it is registered and somebody who keeps that is in reach;
 * - while it is live the model must show its state and incarnation. Until its agent has been live
 *   at its usual rate for J nothing is held against the model, and differences count from then;
 * - while its agent is paused nobody can tell, and anything goes.
 */
export class Differences {
  readonly #truth: Truth;
  readonly #coordinator: Address;
  /** What it shows for as long as it acts. */
  readonly #model: ModelTable;
  readonly #registrationUs: number;
  readonly #nowUs: () => number;
  /** Since when somebody in reach has kept what is registered; Infinity: nobody does. */
  #keptUs = Infinity;
  /** Since when the model is wrong about each resource; NaN where it is right. */
  readonly #since: Float64Array;
  readonly #oldest: OldestFirst;

  constructor(
    truth: Truth, coordinator: Address, registrationUs: number, nowUs: () => number,
  ) {
    this.#nowUs = nowUs;
    this.#truth = truth;
    this.#coordinator = coordinator;
    this.#model = truth.model(coordinator)!;
    this.#registrationUs = registrationUs;
    this.#since = new Float64Array(truth.inventory.resources).fill(NaN);
    this.#oldest = new OldestFirst(this.#since);
    if (this.#isKept()) this.#keptUs = nowUs();
    for (let resource = 0; resource < truth.inventory.resources; resource += 1) {
      if (!this.#isRight(resource)) this.#since[resource] = this.#arrivedWrong(resource);
    }
    this.reachabilityChanged();
  }

  /** How many resources of the component are shown wrong, fresh changes included. */
  get count(): number {
    return this.#oldest.count;
  }

  /** The resource whose unshown change is the oldest; -1 if there is none. */
  get oldest(): number {
    return this.#oldest.top;
  }

  /** Since when the oldest difference counts; Infinity if there is none. May lie ahead. */
  get oldestUs(): number {
    const { top } = this.#oldest;
    return top === -1 ? Infinity : this.#since[top];
  }

  /** How many differences count since `timeUs` or before. */
  countSince(timeUs: number): number {
    return this.#oldest.countUpTo(timeUs);
  }

  /** The truth about the resource changed at `timeUs`. */
  truthChanged(resource: number, timeUs: number): void {
    if (this.#isRight(resource)) {
      this.#settle(resource);
      return;
    }
    const former = this.#since[resource];
    const countedAt = this.#agentCountedAt(resource);
    if (!this.#truth.isResourceOut(resource) && countedAt > timeUs) {
      this.#differ(resource, countedAt);
    } else {
      this.#differ(resource, former < timeUs ? former : timeUs);
    }
  }

  /** The model shows the resource differently than before. */
  modelChanged(resource: number): void {
    if (this.#isRight(resource)) this.#settle(resource);
    else this.#differ(resource, this.#arrivedWrong(resource));
  }

  /** Looks anew at who belongs to the component. */
  reachabilityChanged(): void {
    this.#reviewKept();
    this.#oldest.clear();
    for (let resource = 0; resource < this.#since.length; resource += 1) {
      const wrong = !Number.isNaN(this.#since[resource]);
      if (wrong && this.#isInComponent(resource)) this.#oldest.append(resource);
    }
    this.#oldest.order();
  }

  /** Other managers keep what is registered, or fewer of them are up. */
  keepersChanged(): void {
    if (this.#reviewKept()) this.reachabilityChanged();
  }

  /** True if somebody has come to keep what is registered, or nobody does any more. */
  #reviewKept(): boolean {
    const isKept = this.#isKept();
    if (isKept === (this.#keptUs < Infinity)) return false;
    this.#keptUs = isKept ? this.#nowUs() : Infinity;
    for (let resource = 0; resource < this.#since.length; resource += 1) {
      if (this.#model.state(resource) !== ABSENT || !this.#truth.isResourceOut(resource)) continue;
      this.#since[resource] = this.#isRight(resource) ? NaN : this.#arrivedWrong(resource);
    }
    return true;
  }

  #isKept(): boolean {
    const { registrations, processes, reachability } = this.#truth;
    const here = reachability.componentOf(this.#coordinator);
    return registrations.keepers.some((keeper) =>
      !processes.isDown(keeper) && reachability.componentOf(keeper) === here);
  }

  #isPromised(resource: number): boolean {
    return this.#keptUs < Infinity && this.#truth.registrations.sinceUs(resource) < Infinity;
  }

  #differ(resource: number, since: number): void {
    if (this.#since[resource] === since) return;
    const fresh = Number.isNaN(this.#since[resource]);
    this.#since[resource] = since;
    if (this.#isInComponent(resource)) this.#oldest.add(resource, fresh);
  }

  #settle(resource: number): void {
    if (Number.isNaN(this.#since[resource])) return;
    this.#since[resource] = NaN;
    if (this.#isInComponent(resource)) this.#oldest.remove();
  }

  #isRight(resource: number): boolean {
    const truth = this.#truth;
    const model = this.#model;
    const shown = model.state(resource);
    if (truth.isResourceOut(resource)) {
      if (shown === ABSENT) return !this.#isPromised(resource);
      return shown === DOWN || shown === UNREACHABLE;
    }
    if (truth.processes.isPaused(truth.inventory.agentOf[resource])) return true;
    return (
      shown === truth.resources.state(resource) &&
      model.incarnation(resource) === truth.resources.incarnation(resource)
    );
  }

  /** The first change that is not shown, when the model just came to show what it shows. */
  #arrivedWrong(resource: number): number {
    const { resources } = this.#truth;
    const model = this.#model;
    const shown = model.state(resource);
    const out = this.#truth.isResourceOut(resource);
    // Who has just been asked to listen for it has time to; so has an agent to hear that it is
    // decommissioned.
    const isFresh = shown === UNKNOWN ||
      (shown === ABSENT && this.#truth.registrations.isDismissed(resource));
    if (isFresh) return Math.max(this.#nowUs(), out ? 0 : this.#agentCountedAt(resource));
    if (out) {
      const turnedUs = resources.turnedAt(resource);
      if (shown !== ABSENT) return turnedUs;
      return Math.max(turnedUs, this.#truth.registrations.sinceUs(resource), this.#keptUs);
    }
    const changedAt =
      shown === DOWN || shown === ABSENT || shown === UNREACHABLE
        ? resources.turnedAt(resource)
        : model.incarnation(resource) === resources.incarnation(resource)
          ? resources.stateSince(resource)
          : resources.bornAt(resource);
    return Math.max(changedAt, this.#agentCountedAt(resource));
  }

  #agentCountedAt(resource: number): number {
    const agent = this.#truth.inventory.agentOf[resource];
    return this.#truth.agentSteadySince(agent) + this.#registrationUs;
  }

  #isInComponent(resource: number): boolean {
    const { reachability, inventory } = this.#truth;
    const agent = inventory.agentOf[resource];
    return reachability.componentOf(agent) === reachability.componentOf(this.#coordinator);
  }
}

/**
 * A heap of resources by the time since which they differ, with lazy deletion: an entry is valid
 * while its time is still that of its resource. Rebuilt when most entries are not.
 */
class OldestFirst {
  readonly #since: Float64Array;
  #resources: number[] = [];
  #times: number[] = [];
  #count = 0;

  constructor(since: Float64Array) {
    this.#since = since;
  }

  get count(): number {
    return this.#count;
  }

  /** -1 if empty. */
  get top(): number {
    while (this.#resources.length > 0 && !this.#isValid(0)) this.#dropTop();
    return this.#resources[0] ?? -1;
  }

  clear(): void {
    this.#resources = [];
    this.#times = [];
    this.#count = 0;
  }

  /** Adds without ordering; `order` must follow. */
  append(resource: number): void {
    this.#resources.push(resource);
    this.#times.push(this.#since[resource]);
    this.#count += 1;
  }

  order(): void {
    for (let index = (this.#resources.length >> 1) - 1; index >= 0; index -= 1) this.#sink(index);
  }

  /** @param fresh - whether the resource had no entry before (else its entry moves) */
  add(resource: number, fresh: boolean): void {
    if (fresh) this.#count += 1;
    this.#compact();
    this.#resources.push(resource);
    this.#times.push(this.#since[resource]);
    this.#rise(this.#resources.length - 1);
  }

  /** One resource differs no longer. */
  remove(): void {
    this.#count -= 1;
    this.#compact();
  }

  countUpTo(timeUs: number): number {
    let count = 0;
    // A resource that left and came back at the same time has two valid entries.
    const counted = new Set<number>();
    const open = [0];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (index >= this.#times.length || this.#times[index] > timeUs) continue;
      const resource = this.#resources[index];
      if (this.#isValid(index) && !counted.has(resource)) {
        counted.add(resource);
        count += 1;
      }
      open.push(2 * index + 1, 2 * index + 2);
    }
    return count;
  }

  #isValid(index: number): boolean {
    return this.#since[this.#resources[index]] === this.#times[index];
  }

  #compact(): void {
    if (this.#resources.length <= 2 * this.#count + 64) return;
    const count = this.#count;
    const valid = this.#resources.filter((_, index) => this.#isValid(index));
    this.clear();
    for (const resource of new Set(valid)) this.append(resource);
    this.order();
    // A resource whose entry is about to be added counts already.
    this.#count = count;
  }

  #dropTop(): void {
    const resource = this.#resources.pop()!;
    const time = this.#times.pop()!;
    if (this.#resources.length === 0) return;
    this.#resources[0] = resource;
    this.#times[0] = time;
    this.#sink(0);
  }

  #rise(start: number): void {
    const resource = this.#resources[start];
    const time = this.#times[start];
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#times[parent] <= time) break;
      this.#resources[index] = this.#resources[parent]!;
      this.#times[index] = this.#times[parent]!;
      index = parent;
    }
    this.#resources[index] = resource;
    this.#times[index] = time;
  }

  #sink(start: number): void {
    const length = this.#resources.length;
    const resource = this.#resources[start];
    const time = this.#times[start];
    let index = start;
    for (let child = 2 * index + 1; child < length; child = 2 * index + 1) {
      if (child + 1 < length && this.#times[child + 1] < this.#times[child]) child += 1;
      if (this.#times[child] >= time) break;
      this.#resources[index] = this.#resources[child]!;
      this.#times[index] = this.#times[child]!;
      index = child;
    }
    this.#resources[index] = resource;
    this.#times[index] = time;
  }
}
