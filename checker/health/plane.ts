import type { Address } from '../../core/process.js';
import type { Truth } from '../truth/index.js';
import { Component } from './component.js';
import type { Condition } from './listener.js';

/** The management plane as a whole: the components of two-way reachability, with their tallies. */
export class Plane {
  readonly #truth: Truth;
  readonly #stalenessUs: number;
  #components: readonly Component[] = [];

  /** @param stalenessUs - delta: changes younger than that need not show in a model */
  constructor(truth: Truth, stalenessUs: number) {
    this.#truth = truth;
    this.#stalenessUs = stalenessUs;
    this.divide();
  }

  /** The present ones; each is the same object until reachability changes. */
  get components(): readonly Component[] {
    return this.#components;
  }

  /** Reachability is another: so are the components, and nothing is counted in them yet. */
  divide(): void {
    const { components } = this.#truth.reachability;
    this.#components = components.map((zones) => new Component(zones));
  }

  of(process: Address): Component {
    return this.#components[this.#truth.reachability.componentOf(process)];
  }

  /** Components with a live manager. Without any the plane is unhealthy, but promises nothing. */
  get judged(): number {
    return this.#sum(({ isJudged }) => isJudged ? 1 : 0);
  }

  /** Resources whose agent is up and unpaused and that are not down themselves. */
  get liveResources(): number {
    return this.#sum(({ liveResources }) => liveResources);
  }

  /** Live resources that are held by a live manager of their component. */
  get heldResources(): number {
    return this.#sum(({ heldResources }) => heldResources);
  }

  /** Live managers that act as coordinator, in all components. */
  get coordinators(): number {
    return this.#sum(({ acting }) => acting.length);
  }

  #sum(count: (component: Component) => number): number {
    return this.#components.reduce((sum, component) => sum + count(component), 0);
  }

  /** Whether the condition holds in all judged components, and there is one. */
  holds(condition: Condition, nowUs: number): boolean {
    let judged = false;
    for (const component of this.#components) {
      if (!component.isJudged) continue;
      judged = true;
      if (!this.holdsIn(component, condition, nowUs)) return false;
    }
    return judged;
  }

  holdsIn(component: Component, condition: Condition, nowUs: number): boolean {
    if (condition === 'coordinator') return component.hasCoordinator(this.#truth);
    if (condition === 'managed') return component.isManaged;
    return component.model !== null && this.#staleAtUs(component) > nowUs;
  }

  /** When the model of the component's coordinator becomes too old, or did. */
  #staleAtUs({ model }: Component): number {
    return model === null ? Infinity : model.oldestUs + this.#stalenessUs;
  }

  /** When, after `nowUs`, some model becomes too old unless something happens. */
  nextStaleUs(nowUs: number): number {
    let nextUs = Infinity;
    for (const component of this.#components) {
      const staleUs = this.#staleAtUs(component);
      if (staleUs > nowUs && staleUs < nextUs) nextUs = staleUs;
    }
    return nextUs;
  }

  /**
   * Age of the oldest change in a component that its coordinator's model does not show; null where
   * no component has a coordinator.
   */
  stalenessUs(nowUs: number): number | null {
    let oldest: number | null = null;
    for (const { model } of this.#components) {
      if (model === null) continue;
      oldest = Math.max(oldest ?? 0, nowUs - model.oldestUs);
    }
    return oldest;
  }
}
