/** Turns the observations of one run into data, as they come and in bounded memory. */
import type { Observation, ObservationSink, ObservationType } from '../core/observations.js';
import type { Address } from '../core/process.js';
import { deriveBounds } from '../checker/bounds/index.js';
import type { Bounds } from '../checker/bounds/index.js';
import { Health } from '../checker/health/index.js';
import { createInvariants } from '../checker/invariants/index.js';
import type { Invariant } from '../experiment/invariant.js';
import type { Inventory } from '../experiment/inventory.js';
import { Stalls } from '../experiment/lag.js';
import type { ResolvedScenario } from '../experiment/scenario/resolved.js';
import type { Instants, MessageCounters, RunResult } from '../experiment/world.js';
import { availability } from './measures/availability.js';
import { openAccount } from './measures/books.js';
import { brakes } from './measures/brakes.js';
import { detections } from './measures/detections.js';
import { faults } from './measures/faults.js';
import { closeUp, criticalPath, Measures, type Summary } from './measures/index.js';
import type { AnyMeasure } from './measures/measure.js';
import { messages } from './measures/message-cost.js';
import { recovery } from './measures/recovery.js';
import type { RunRecord } from './record.js';

const histogramBins = 40;
/** Per row of the time series. */
const mostLooks = 1000;

/** Fits {@link RunHooks}: give the world its sinks, its sample period and its sample. */
export interface Recorder {
  /** To be given every observation of the run, in this order. */
  readonly sinks: readonly ObservationSink[];
  readonly samplePeriodUs: number;
  readonly bounds: Bounds;
  /** Health by all that was observed up to now, for progress and for explorations. */
  readonly health: Health;
  readonly invariants: readonly Invariant[];
  /** `counters` is kept and read later too: the world updates that one object in place. */
  sample(timeUs: number, counters: MessageCounters): void;
  /** With them what is told of messages is exact, however seldom samples are taken. */
  readonly instants: Instants;
  /** See {@link RunHooks.stalled}. */
  stalled(fromUs: number, untilUs: number): void;
  /** Call once, when the run is over, however it ended. */
  finish(result: RunResult): RunRecord;
}

/**
 * Memory: some tens of bytes per resource and manager; 8 MB at most per measured duration (see
 * {@link Samples}); rows of the time series as the scenario asks for; and what grows with the
 * run, some 90 bytes per injected fault and a few kilobytes per recovery episode.
 */
export function createRecorder(scenario: ResolvedScenario, inventory: Inventory): Recorder {
  return new RunRecorder(scenario, inventory);
}

class RunRecorder implements Recorder, ObservationSink {
  readonly sinks: readonly ObservationSink[];
  readonly samplePeriodUs: number;
  readonly bounds: Bounds;
  readonly health: Health;
  readonly invariants: readonly Invariant[];
  readonly instants: Instants = {
    nextUs: () => {
      const { warmUpUs } = this.scenario;
      const nextUs = Math.min(this.health.nextUs, this.measures.of(closeUp).nextUs);
      return this.nowUs < warmUpUs ? Math.min(warmUpUs, nextUs) : nextUs;
    },
    reached: (timeUs, counters) => {
      this.counters = counters;
      if (timeUs > this.nowUs) this.pass(timeUs);
    },
  };
  private readonly stalls = new Stalls();
  private readonly scenario: ResolvedScenario;
  private readonly inventory: Inventory;
  private readonly measures: Measures;
  /** Who hears of each type of observation, in their order. */
  private readonly hearing = new Map<ObservationType, readonly AnyMeasure[]>();
  private readonly advancing: readonly AnyMeasure[];
  private readonly advancedAfter: readonly AnyMeasure[];
  private counters: MessageCounters | null = null;
  private readonly rowPeriodUs: number;
  private lastRowUs = 0;
  private nowUs = 0;
  private warm = false;

  constructor(scenario: ResolvedScenario, inventory: Inventory) {
    const { durationUs, measure } = scenario;
    this.scenario = scenario;
    this.inventory = inventory;
    this.rowPeriodUs = Math.max(1, Math.ceil(durationUs / Math.max(1, measure.samples)));
    // A quiet system observes nothing for hours: look often enough to tell when an episode ended.
    const looks = Math.ceil(this.rowPeriodUs / Math.max(1, measure.holdUs));
    this.samplePeriodUs = Math.ceil(this.rowPeriodUs / Math.min(looks, mostLooks));
    const stalledSinceUs = (timeUs: number): number => this.stalls.sinceUs(timeUs);
    this.bounds = { ...deriveBounds(scenario), stalledSinceUs };
    this.health = new Health(inventory, this.bounds);
    const { health, bounds } = this;
    const given = { inventory, bounds, health, scenario };
    this.invariants = createInvariants(scenario.invariants, given);
    const { invariants } = this;
    const counters = (): MessageCounters | null => this.counters;
    this.measures = new Measures({ scenario, inventory, bounds, health, invariants, counters });
    this.advancing = this.measures.all.filter((measure) => measure.advance !== undefined);
    this.advancedAfter = this.measures.all.filter((measure) => measure.advanced !== undefined);
    this.sinks = [this, ...this.invariants];
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    if (timeUs > this.nowUs) this.pass(timeUs);
    const { type } = observation;
    // All of these compare the observation with what was true until now.
    for (const measure of this.hearing.get(type) ?? this.whoHears(type)) {
      measure.observe!(timeUs, process, observation);
    }
    this.health.observe(timeUs, process, observation);
  }

  sample(timeUs: number, counters: MessageCounters): void {
    this.counters = counters;
    if (timeUs > this.nowUs) this.pass(timeUs);
    if (timeUs - this.lastRowUs < this.rowPeriodUs) return;
    this.lastRowUs = timeUs;
    for (const measure of this.measures.all) measure.sample?.(timeUs, counters);
  }

  stalled(fromUs: number, untilUs: number): void {
    this.stalls.add(fromUs, untilUs);
  }

  finish(result: RunResult): RunRecord {
    const { endUs, counters, interrupted } = result;
    const { measures, inventory } = this;
    this.counters = counters;
    this.pass(endUs);
    this.health.finish(endUs);
    for (const invariant of this.invariants) invariant.finish?.(endUs);
    for (const measure of measures.all) measure.finish?.(result);
    const injected = measures.of(faults);
    const recovered = measures.of(recovery);
    return {
      summary: audited(result, measures.summary(result)),
      episodes: recovered.rows(),
      faults: { [Symbol.iterator]: () => injected.rows() },
      faultTargets: { [Symbol.iterator]: () => injected.targets(inventory) },
      messages: measures.of(messages).rows(),
      timeseries: measures.of(availability).rows,
      stories: measures.of(brakes).among(recovered.stories()),
      paths: measures.of(criticalPath).paths(),
      closeUps: measures.of(closeUp).closeUps(),
      detections: measures.of(detections).all.samples.histogram(histogramBins),
      interrupted,
    };
  }

  private whoHears(type: ObservationType): readonly AnyMeasure[] {
    const hearing = this.measures.all.filter(({ hears }) => hears?.includes(type) ?? false);
    this.hearing.set(type, hearing);
    return hearing;
  }

  /** Lets time pass up to an instant that something happens in; on the way, time itself does. */
  private pass(timeUs: number): void {
    for (;;) {
      const { dueUs } = this.health;
      if (dueUs >= timeUs || dueUs <= this.nowUs) break;
      this.passTo(dueUs);
    }
    this.passTo(timeUs);
  }

  private passTo(timeUs: number): void {
    const { warmUpUs } = this.scenario;
    if (!this.warm && timeUs >= warmUpUs) {
      this.warm = true;
      this.advance(warmUpUs);
      for (const measure of this.measures.all) measure.begin?.(warmUpUs, timeUs);
    }
    this.advance(timeUs);
    this.nowUs = timeUs;
  }

  private advance(timeUs: number): void {
    for (const measure of this.advancing) measure.advance!(timeUs);
    this.health.advance(timeUs);
    for (const measure of this.advancedAfter) measure.advanced!(timeUs);
  }
}

/** With the first of its books that does not close as an invariant that broke. */
function audited(result: RunResult, summary: Summary): Summary {
  const detail = openAccount(result, summary);
  if (detail === null) return summary;
  const { checked, broken } = summary.invariants;
  const open = { name: 'books-close', seconds: result.endUs / 1e6, detail };
  return { ...summary, invariants: { checked, broken: [...broken, open] } };
}
