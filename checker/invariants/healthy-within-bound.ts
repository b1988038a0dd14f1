import { EpisodeLog } from '../episode-log.js';
import type {
  Component, ComponentChange, Disturbance, HealthChange, HealthListener,
} from '../health/index.js';
import { membersOf } from './members.js';
import { Watch } from './watch.js';

/** A component, and what happened to it since it was last settled. */
interface Part {
  readonly log: EpisodeLog;
  /** Who belongs to it, as a number. */
  readonly members: number;
  healthy: boolean;
  /** Since when. */
  turnedUs: number;
  /** Whether that has been told of it, or of the same members before. */
  told: boolean;
  /** In the present instant. */
  disturbed: boolean;
}

/**
 * Liveness: in each component of reachability, by t0 + B the plane is healthy, and stays so until
 * the next disturbance of that component. B is that of its faults since it was last settled
 * ({@link EpisodeLog}). While no manager lives there, or nothing is promised for these faults,
 * nothing can break.
 */
export class HealthyWithinBound extends Watch implements HealthListener {
  static readonly title = 'healthy-within-bound';
  static readonly meaning =
    'When B has passed since the last disturbance, the plane is healthy, and it stays so; what ' +
    'happens out of reach is no disturbance.';
  readonly isTimed = true;
  /** Of all components together: what a new one begins with. */
  readonly #whole: EpisodeLog;
  #parts = new Map<Component, Part>();
  #isClean = true;
  /** Who reaches whom has changed in the present instant. */
  #reshaped = false;
  /** What happened in it after that: whom it concerns shows when it is over. */
  #late: Disturbance[] = [];

  constructor(context: Watch['context']) {
    super(context);
    this.#whole = new EpisodeLog(context.health.truth, context.bounds);
    this.#reshape();
    context.health.listen(this);
  }

  observe(timeUs: number): void {
    this.#look(timeUs);
  }

  finish(timeUs: number): void {
    this.#look(timeUs);
  }

  disturbed(disturbance: Disturbance): void {
    this.#look(disturbance.timeUs);
    this.#whole.disturbed(disturbance);
    if (disturbance.kind === 'reachability') this.#reshaped = true;
    else if (this.#reshaped) this.#late.push(disturbance);
    else this.#note(disturbance, this.#parts);
  }

  #note(disturbance: Disturbance, parts: Iterable<readonly [Component, Part]>): void {
    const { process } = disturbance;
    const { plane: { components }, truth: { reachability } } = this.context.health;
    const own = process < 0 ? null : components[reachability.componentOf(process)];
    for (const [component, part] of parts) {
      if (own !== null && component !== own) continue;
      part.log.disturbed(disturbance);
      part.disturbed = true;
    }
  }

  disturbancesShown(): void {
    if (this.#reshaped) {
      const former = new Set(this.#parts.values());
      this.#reshape();
      // New ones have it from the whole.
      const kept = [...this.#parts].filter(([, part]) => former.has(part));
      for (const disturbance of this.#late) this.#note(disturbance, kept);
      this.#late = [];
    }
    this.#reshaped = false;
    for (const part of this.#parts.values()) {
      if (part.disturbed) part.log.disturbancesShown();
      part.disturbed = false;
    }
  }

  healthChanged(change: HealthChange): void {
    this.#whole.healthChanged(change);
  }

  componentTurned(change: ComponentChange): void {
    const { component, healthy, timeUs } = change;
    const part = this.#parts.get(component)!;
    if (part.told && part.healthy === healthy) return;
    // What is judged is the end of the deadline's instant: health at that time is in time.
    if (healthy) this.#lookAt(component, part, timeUs);
    part.healthy = healthy;
    part.turnedUs = timeUs;
    part.told = true;
    part.log.healthChanged(change);
    if (!healthy) this.#relapse(component, part, timeUs);
  }

  /** To a component whose members are the same nothing has happened. */
  #reshape(): void {
    const { plane: { components }, truth: { reachability } } = this.context.health;
    const former = new Map<number, Part>();
    const wasClean = this.#isClean;
    this.#isClean = reachability.isClean;
    // Where messages pass one way, who belongs together does not say it all.
    if (wasClean && this.#isClean) {
      for (const part of this.#parts.values()) former.set(part.members, part);
    }
    this.#parts = new Map(membersOf(this.context).map((members, index) => {
      return [components[index], former.get(members) ?? {
        log: this.#whole.fork(), members, disturbed: true, told: false, healthy: true, turnedUs: 0,
      }];
    }));
  }

  #look(timeUs: number): void {
    if (this.broken !== null) return;
    for (const [component, part] of this.#parts) this.#lookAt(component, part, timeUs);
  }

  /** Breaks if the deadline lies before `timeUs` and the component has not become healthy. */
  #lookAt(component: Component, part: Part, timeUs: number): void {
    if (part.healthy || !component.isJudged) return;
    const deadlineUs = this.#deadlineOf(part);
    if (deadlineUs === null || timeUs <= deadlineUs) return;
    const bound = `${seconds(part.log.boundUs!)} s after ${part.log.words}`;
    this.break(deadlineUs, `still unhealthy ${bound}: ${this.#wordsOf(component)}`);
  }

  /** Unhealthy again although the last disturbance should be over and done with. */
  #relapse(component: Component, part: Part, timeUs: number): void {
    const deadlineUs = this.#deadlineOf(part);
    if (deadlineUs === null || timeUs <= deadlineUs || !component.isJudged) return;
    const { log } = part;
    this.break(timeUs, `unhealthy ${seconds(timeUs - log.t0Us)} s after the last ` +
      `disturbance (${log.words}), of its own accord: ${this.#wordsOf(component)}`);
  }

  /**
   * By when the unhealthy component is healthy: what the definition of health allows some time for
   * may be late by what processes stood still in that time.
   */
  #deadlineOf({ log, turnedUs }: Part): number | null {
    const { deadlineUs } = log;
    const { bounds } = this.context;
    if (deadlineUs === null || bounds.stalledSinceUs === undefined) return deadlineUs;
    const allowedUs = Math.max(bounds.registrationUs, bounds.handOverUs, bounds.stalenessUs);
    const stalledUs = bounds.stalledSinceUs(turnedUs - allowedUs);
    return stalledUs === 0 ? deadlineUs : Math.max(deadlineUs, turnedUs + stalledUs);
  }

  #wordsOf(component: Component): string {
    return this.context.health.violations(component).map(({ words }) => words).join('; ');
  }
}

function seconds(us: number): string {
  return (us / 1e6).toFixed(1);
}
