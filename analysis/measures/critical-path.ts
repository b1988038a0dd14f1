/** What recoveries waited for, by the setting that decides it. */
import { expectedTraffic } from '../../checker/bounds/index.js';
import type { Condition } from '../../checker/health/listener.js';
import type {
  ConditionChange, Disturbance, HealthChange, HealthListener,
} from '../../checker/health/index.js';
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';
import type { RunResult } from '../../experiment/world.js';
import { beside, type ValuesOf } from './fields.js';
import { measure, type Measure, type MeasureContext } from './measure.js';
import { recovery, type Recovery } from './recovery.js';
import {
  plus, savedOn, toldOf, widened, type Blow, type Saved, type System,
} from './halving.js';
import {
  causes, nothingSeen, resourceUnseen, wayBack, wayOf, type Cause, type ResourceSeen, type Seen,
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
  /**
   * With half of the setting, of the episodes of which that is told; null: it is told of none.
   */
  readonly saves: number | null;
  /** Of the same, at least and at most, where that is not the same; null: it is, or none. */
  readonly savesBetween: readonly [least: number, most: number] | null;
  /** Messages per second that half of it costs, by the clock; null likewise. */
  readonly costs: number | null;
}

/** The way of one episode, from its start to its end without a gap. */
export interface EpisodePath {
  readonly start_s: number;
  readonly stretches: readonly {
    readonly cause: Cause; readonly setting: string | null; readonly seconds: number;
  }[];
  /** Seconds by which it would be shorter with half of a setting, by path, where that is told. */
  readonly halved: Readonly<Record<string, number>>;
  /** At least and at most, where it is not determined by what is known of the episode. */
  readonly halvedBetween: Readonly<Record<string, readonly [least: number, most: number]>>;
}

const fields = { recovery: { criticalPath: beside<readonly CausedTime[]>() } };

/** Between an agent, its manager, the coordinator, and others in their stead. */
const MESSAGES_IN_A_ROW = 8;
const MOST_PATHS = 1000;
const MOST_RACING = 1000;
/** Of more resources in one episode the way is not followed: each takes a hundred bytes. */
const MOST_RESOURCES = 100_000;
const US_PER_S = 1e6;

interface Found {
  readonly way: readonly Stretch[];
  readonly halved: ReadonlyMap<string, Saved>;
}

export class CriticalPath implements HealthListener, Measure<typeof fields> {
  readonly hears = [
    'pointer-set', 'pointer-lost', 'listing-added', 'listing-removed', 'resource-suspected',
    'resource-trusted', 'resource-state', 'coordinator-suspected', 'manager-suspected',
    'election-started', 'coordinator-elected', 'model-entity', 'model-forgot', 'model-rebuilt',
  ] as const;
  private readonly context: MeasureContext;
  private readonly recovery: Recovery;
  private seen = nothingSeen();
  /** Of which instant it is, while nothing else is followed. */
  private seenUs = -1;
  private startUs = 0;
  /** Null while it is not. Nothing is followed before the plane has come up. */
  private healthySinceUs: number | null = -Infinity;
  private hasComeUp = false;
  private readonly heldSinceUs = new Map<Condition, number>();
  /** By the instant at which an episode ended; of those that did not last, too. */
  private readonly ways = new Map<number, Found>();

  constructor(context: MeasureContext) {
    this.context = context;
    this.recovery = context.of(recovery);
    context.health.listen(this);
  }

  observe(timeUs: number, _process: Address, observation: Observation): void {
    if (!this.hasComeUp) return;
    const seen = this.seenAt(timeUs);
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
        this.own(observation.resource).suspectedUs = timeUs;
        break;
      case 'resource-trusted':
        this.own(observation.resource).trustedUs = timeUs;
        break;
      case 'resource-state':
        this.own(observation.resource).stateUs = timeUs;
        break;
      case 'model-entity':
      case 'model-forgot':
        seen.modelOf = observation.resource;
        this.own(observation.resource).modelledUs = timeUs;
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

  disturbed({ timeUs, kind }: Disturbance): void {
    const seen = this.seenAt(timeUs);
    seen.disturbedUs.push(timeUs);
    if (kind === 'reachability' || kind === 'links-changed') seen.cut = true;
    if (losses.includes(kind)) seen.lost += 1;
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
      if (this.isCalm(timeUs)) {
        this.startUs = timeUs;
        this.seenAt(timeUs);
      }
      this.healthySinceUs = null;
      return;
    }
    this.healthySinceUs = timeUs;
    // What turned last, the model before what it shows.
    const condition = (['model', 'managed', 'coordinator'] as const)
      .find((one) => this.heldSinceUs.get(one) === timeUs) ?? null;
    const { scenario: { coordination, warmUpUs }, bounds: { maxDelayUs } } = this.context;
    const startUs = Math.max(this.startUs, Math.min(warmUpUs, timeUs));
    const quickUs = MESSAGES_IN_A_ROW * maxDelayUs;
    const back = (endUs: number, last: Condition | null): Stretch[] =>
      wayBack({ startUs, endUs, condition: last }, this.seen, coordination, quickUs);
    const way = back(timeUs, condition);
    const others = (['coordinator', 'model'] as const).flatMap((one) => {
      const heldUs = this.heldSinceUs.get(one) ?? 0;
      return one !== condition && heldUs > startUs ? [back(heldUs, one)] : [];
    });
    const resources = (savedAtMostUs: number): Stretch[][] =>
      (['managed', 'model'] as const).filter((one) => (this.heldSinceUs.get(one) ?? 0) > startUs)
        .flatMap((last) => this.latest(last, Math.max(startUs, timeUs - savedAtMostUs))
          .map((one) => wayOf(one, last, startUs, this.seen, coordination, quickUs)));
    // Where a fault ended meanwhile, half of a timeout might have run out before.
    const isOne = this.seen.disturbedUs.every((us) => us <= startUs);
    const system = { config: coordination, managers: this.context.inventory.managers };
    this.ways.set(timeUs, {
      way, halved: isOne ? halved(way, others, resources, this.seen, system) : new Map(),
    });
  }

  /** Who was held, or told of, after that; of many the last: they hold up an end most. */
  private latest(condition: 'managed' | 'model', sinceUs: number): number[] {
    const when = ({ heldUs, modelledUs }: ResourceSeen): number =>
      (condition === 'model' ? modelledUs : heldUs);
    const found = [...this.seen.byResource].filter(([, own]) => when(own) > sinceUs);
    if (found.length > MOST_RACING) found.sort(([, a], [, b]) => when(b) - when(a));
    return found.slice(0, MOST_RACING).map(([resource]) => resource);
  }

  /** One per episode that is over. */
  paths(): EpisodePath[] {
    return this.found().slice(0, MOST_PATHS).map(({ startUs, way, halved: saved }) => ({
      start_s: startUs / US_PER_S,
      stretches: way.map(({ cause, fromUs, toUs }) =>
        ({ cause, setting: causes[cause], seconds: (toUs - fromUs) / US_PER_S })),
      halved: Object.fromEntries([...saved].map(([setting, { us }]) => [setting, us / US_PER_S])),
      halvedBetween: Object.fromEntries([...saved].flatMap(([setting, one]) =>
        (isExact(one) ? [] : [[setting, between(one)]]))),
    }));
  }

  summary(_result: RunResult): ValuesOf<typeof fields> {
    const found = this.found();
    const { scenario } = this.context;
    const saved = new Map<string, Saved>();
    for (const [setting, one] of found.flatMap(({ halved: own }) => [...own])) {
      const before = saved.get(setting);
      saved.set(setting, before === undefined ? one : plus(before, one));
    }
    const lengths = new Map<Cause, number>();
    let allUs = 0;
    for (const { cause, fromUs, toUs } of found.flatMap(({ way }) => way)) {
      allUs += toUs - fromUs;
      lengths.set(cause, (lengths.get(cause) ?? 0) + toUs - fromUs);
    }
    const savedBy = (setting: string | null): Saved | undefined =>
      (setting === null ? undefined : saved.get(setting));
    const criticalPath = [...lengths].sort(([, a], [, b]) => b - a)
      .map(([cause, us]): CausedTime => {
        const setting = causes[cause];
        const half = savedBy(setting);
        return {
          cause, setting, seconds: us / US_PER_S, share: us / allUs,
          saves: half === undefined ? null : half.us / US_PER_S,
          savesBetween: half === undefined || isExact(half) ? null : between(half),
          costs: half === undefined ? null : costOf(setting!, scenario),
        };
      });
    return { recovery: { criticalPath } };
  }

  private found(): (Found & { readonly startUs: number })[] {
    return this.recovery.all.flatMap(({ startUs, endUs }) => {
      const found = endUs === null ? undefined : this.ways.get(endUs);
      return found === undefined ? [] : [{ startUs, ...found }];
    });
  }

  /** No episode is under way, nor one that may go on. */
  private isCalm(timeUs: number): boolean {
    const { healthySinceUs, context: { scenario } } = this;
    return healthySinceUs !== null && healthySinceUs + scenario.measure.holdUs <= timeUs;
  }

  /** In calm what has been seen before is forgotten; what begins an episode is part of it. */
  private seenAt(timeUs: number): Seen {
    if (this.isCalm(timeUs) && timeUs !== this.seenUs) this.seen = nothingSeen();
    this.seenUs = timeUs;
    return this.seen;
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

/** What more is sent by the clock with half of a setting, per second. */
function costOf(setting: string, scenario: ResolvedScenario): number {
  const { coordination } = scenario;
  const watched = (['resources', 'managers'] as const)
    .find((one) => setting === `coordination.${one}.heartbeatPeriod`);
  if (watched === undefined) return 0;
  const heartbeatPeriodUs = coordination[watched].heartbeatPeriodUs / 2;
  const half = { ...coordination, [watched]: { ...coordination[watched], heartbeatPeriodUs } };
  return expectedTraffic({ ...scenario, coordination: half }).total -
    expectedTraffic(scenario).total;
}

/**
 * By setting, what half of it saves: until the first of the ways ends that then takes longest.
 *
 * @param others - to when other conditions came to hold
 * @param resources - of those that were held again so shortly before the end
 */
function halved(
  way: readonly Stretch[], others: readonly (readonly Stretch[])[],
  resources: (savedAtMostUs: number) => readonly (readonly Stretch[])[], blow: Blow,
  system: System,
): ReadonlyMap<string, Saved> {
  const endUs = way.at(-1)?.toUs ?? 0;
  return new Map([...toldOf(way)].map((setting) => {
    const own = savedOn(way, setting, system);
    // Whoever gives up a manager gives all that it had to others.
    const race = way.some(({ cause }) => cause === 'a manager is missed') &&
      setting === causes['a manager is missed'] ? [] : resources(Math.max(0, own.mostUs));
    const ways = [way, ...others, ...race].map((one) =>
      ({ toUs: one.at(-1)?.toUs ?? 0, saved: savedOn(one, setting, system) }));
    const by = (part: keyof Saved): number =>
      endUs - Math.max(...ways.map(({ toUs, saved }) => toUs - saved[part]));
    const raced = { us: by('us'), leastUs: by('leastUs'), mostUs: by('mostUs') };
    return [setting, widened(raced, way, own, setting, blow, system)];
  }));
}

const losses: readonly Disturbance['kind'][] = [
  'manager-down', 'manager-paused', 'manager-leaving',
];

function isExact({ leastUs, mostUs }: Saved): boolean {
  return leastUs === mostUs;
}

function between({ leastUs, mostUs }: Saved): [number, number] {
  return [leastUs / US_PER_S, mostUs / US_PER_S];
}

export const criticalPath = measure(fields, (context) => new CriticalPath(context));
