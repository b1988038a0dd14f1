/** What recoveries waited for, by the setting that decides it. */
import type { Condition } from '../../checker/health/listener.js';
import type {
  ConditionChange, Disturbance, HealthChange, HealthListener,
} from '../../checker/health/index.js';
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { RunResult } from '../../experiment/world.js';
import { beside, type ValuesOf } from './fields.js';
import { measure, type Measure, type MeasureContext } from './measure.js';
import { recovery, type Recovery } from './recovery.js';
import {
  causes, nothingSeen, resourceUnseen, wayBack, type Cause, type ResourceSeen,
  type Stretch,
} from './way-back.js';

/** Of all episodes that are over. */
export interface CausedTime {
  readonly cause: Cause;
  /** A scenario path; null: no setting decides it. */
  readonly setting: string | null;
  readonly seconds: number;
  /** Of the length of all of them. */
  readonly share: number;
}

/** The way of one episode, from its start to its end without a gap. */
export interface EpisodePath {
  readonly start_s: number;
  readonly stretches: readonly {
    readonly cause: Cause; readonly setting: string | null; readonly seconds: number;
  }[];
}

const fields = { recovery: { criticalPath: beside<readonly CausedTime[]>() } };

/** Between an agent, its manager, the coordinator, and others in their stead. */
const MESSAGES_IN_A_ROW = 8;
const MOST_PATHS = 1000;
/** Of more resources in one episode the way is not followed: each takes a hundred bytes. */
const MOST_RESOURCES = 100_000;
const US_PER_S = 1e6;

export class CriticalPath implements HealthListener, Measure<typeof fields> {
  readonly hears = [
    'pointer-set', 'pointer-lost', 'listing-added', 'listing-removed', 'resource-suspected',
    'resource-trusted', 'resource-state', 'coordinator-suspected', 'manager-suspected',
    'election-started', 'coordinator-elected', 'model-entity', 'model-forgot', 'model-rebuilt',
  ] as const;
  private readonly context: MeasureContext;
  private readonly recovery: Recovery;
  private seen = nothingSeen();
  private startUs = 0;
  /** Null while it is not. Nothing is followed before the plane has come up. */
  private healthySinceUs: number | null = -Infinity;
  private hasComeUp = false;
  private disturbedUs = -1;
  private readonly heldSinceUs = new Map<Condition, number>();
  /** By the instant at which an episode ended; of those that did not last, too. */
  private readonly ways = new Map<number, readonly Stretch[]>();

  constructor(context: MeasureContext) {
    this.context = context;
    this.recovery = context.of(recovery);
    context.health.listen(this);
  }

  observe(timeUs: number, _process: Address, observation: Observation): void {
    if (this.healthySinceUs !== null) return;
    const { seen } = this;
    switch (observation.type) {
      case 'pointer-lost':
        this.own(observation.resource).lostUs = timeUs;
        this.own(observation.resource).unknown = observation.why === 'unknown';
        break;
      case 'pointer-set':
      case 'listing-added':
      case 'listing-removed':
        this.own(observation.resource).heldUs = timeUs;
        seen.heldOf = observation.resource;
        break;
      case 'resource-suspected':
      case 'resource-trusted':
        this.own(observation.resource).suspectedUs = timeUs;
        break;
      case 'resource-state':
        this.own(observation.resource).stateUs = timeUs;
        break;
      case 'model-entity':
      case 'model-forgot':
        seen.modelOf = observation.resource;
        break;
      case 'coordinator-suspected':
        seen.coordinatorMissedUs = timeUs;
        break;
      case 'manager-suspected':
        seen.managerMissedUs = timeUs;
        break;
      case 'election-started':
        seen.electionUs = timeUs;
        break;
      case 'coordinator-elected':
        seen.electedUs = timeUs;
        break;
      case 'model-rebuilt':
        seen.rebuiltUs = timeUs;
        break;
      default:
    }
  }

  disturbed({ timeUs }: Disturbance): void {
    this.disturbedUs = timeUs;
    if (this.healthySinceUs === null) this.seen.disturbedUs.push(timeUs);
  }

  conditionChanged({ timeUs, condition, holds }: ConditionChange): void {
    if (holds) this.heldSinceUs.set(condition, timeUs);
    else this.heldSinceUs.delete(condition);
  }

  healthChanged({ timeUs, healthy }: HealthChange): void {
    if (!this.hasComeUp) {
      this.hasComeUp = healthy;
      return;
    }
    if (!healthy) {
      const isNew = this.healthySinceUs === null ||
        this.healthySinceUs + this.context.scenario.measure.holdUs <= timeUs;
      if (isNew) {
        this.startUs = timeUs;
        this.seen = nothingSeen();
      }
      if (this.disturbedUs === timeUs) this.seen.disturbedUs.push(timeUs);
      this.healthySinceUs = null;
      return;
    }
    this.healthySinceUs = timeUs;
    // What turned last, the model before what it shows.
    const condition = (['model', 'managed', 'coordinator'] as const)
      .find((one) => this.heldSinceUs.get(one) === timeUs) ?? null;
    const { scenario: { coordination, warmUpUs }, bounds: { maxDelayUs } } = this.context;
    const startUs = Math.max(this.startUs, Math.min(warmUpUs, timeUs));
    this.ways.set(timeUs, wayBack({ startUs, endUs: timeUs, condition }, this.seen, coordination,
      MESSAGES_IN_A_ROW * maxDelayUs));
  }

  /** One per episode that is over. */
  paths(): EpisodePath[] {
    return this.found().slice(0, MOST_PATHS).map(({ startUs, way }) => ({
      start_s: startUs / US_PER_S,
      stretches: way.map(({ cause, fromUs, toUs }) =>
        ({ cause, setting: causes[cause], seconds: (toUs - fromUs) / US_PER_S })),
    }));
  }

  summary(_result: RunResult): ValuesOf<typeof fields> {
    const found = this.found();
    const lengths = new Map<Cause, number>();
    let allUs = 0;
    for (const { cause, fromUs, toUs } of found.flatMap(({ way }) => way)) {
      allUs += toUs - fromUs;
      lengths.set(cause, (lengths.get(cause) ?? 0) + toUs - fromUs);
    }
    const criticalPath = [...lengths].sort(([, a], [, b]) => b - a)
      .map(([cause, us]): CausedTime => ({
        cause, setting: causes[cause], seconds: us / US_PER_S, share: us / allUs,
      }));
    return { recovery: { criticalPath } };
  }

  private found(): { readonly startUs: number; readonly way: readonly Stretch[] }[] {
    return this.recovery.all.flatMap(({ startUs, endUs }) => {
      const way = endUs === null ? undefined : this.ways.get(endUs);
      return way === undefined ? [] : [{ startUs, way }];
    });
  }

  private own(resource: number): ResourceSeen {
    const { byResource } = this.seen;
    const known = byResource.get(resource);
    if (known !== undefined) return known;
    const own = resourceUnseen();
    if (byResource.size < MOST_RESOURCES) byResource.set(resource, own);
    return own;
  }
}

export const criticalPath = measure(fields, (context) => new CriticalPath(context));
