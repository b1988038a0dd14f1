import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Inventory } from '../inventory.js';
import { Truth } from '../truth/index.js';
import type { ConditionStates, HealthListener, Violation } from './listener.js';

/** The allowances of the definition of health; {@link Bounds} has them. */
export interface HealthWindows {
  /** J: a process counts once it has been up for so long. */
  readonly registrationUs: number;
  /** W: a listing elsewhere is tolerated for so long. */
  readonly handOverUs: number;
  /** delta: changes younger than this need not show in the coordinator's model. */
  readonly stalenessUs: number;
}

/** Judges the management plane by the observation stream alone, incrementally. */
export class Health implements ObservationSink {
  /** What is true, kept up to date by this class: do not feed it. */
  readonly truth: Truth;
  /** t0: the last instant at which a manager or link failed, returned, paused, resumed, ... */
  readonly lastDisturbanceUs: number = 0;

  constructor(
    inventory: Inventory,
    windows: HealthWindows,
    listeners: readonly HealthListener[] = [],
  ) {
    this.truth = new Truth(inventory);
    void windows; void listeners;
  }

  /** Adds a listener; it hears of what happens from now on. */
  listen(listener: HealthListener): void {
    void listener;
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    void timeUs; void process; void observation;
  }

  /** Lets time pass: what falls due up to `timeUs`, inclusive, takes effect. */
  advance(timeUs: number): void {
    void timeUs;
  }

  /** Ends the stream: also judges the instant `timeUs` itself. */
  finish(timeUs: number): void {
    void timeUs;
  }

  /** Whether the plane is healthy, by all that was observed up to now. */
  healthy(): boolean { throw new Error('being written'); }
  /** Since when it is as `healthy()` says (as last reported to listeners). */
  sinceUs(): number { throw new Error('being written'); }
  conditions(): ConditionStates { throw new Error('being written'); }
  violations(): Violation[] { throw new Error('being written'); }
  /** Components with a live manager. */
  judgedComponents(): number { throw new Error('being written'); }
  /** Resources whose agent is up and unpaused and that are not down themselves. */
  liveResources(): number { throw new Error('being written'); }
  /** Live resources that are held by a live manager of their component. */
  heldResources(): number { throw new Error('being written'); }
  /** heldResources / liveResources; 1 when nothing is live. */
  managedShare(): number { throw new Error('being written'); }
  /** Live managers that act as coordinator, in all components. */
  coordinators(): number { throw new Error('being written'); }
  /** Age of the oldest change that a coordinator does not show; null without a coordinator. */
  stalenessUs(): number | null { throw new Error('being written'); }
}
