/** Turns the observations of one run into data, as they come and in bounded memory. */
import type { Observation, ObservationSink } from '../core/observations.js';
import type { Address } from '../core/process.js';
import { deriveBounds } from '../checker/bounds/index.js';
import type { Bounds } from '../checker/bounds/index.js';
import { EpisodeLog } from '../checker/episode-log.js';
import { Health } from '../checker/health/index.js';
import { createInvariants } from '../checker/invariants/index.js';
import type { Invariant, InvariantEntry } from '../checker/invariants/index.js';
import type { Inventory } from '../experiment/inventory.js';
import { Stalls, type LiveResult } from '../experiment/lag.js';
import { remarksOn } from '../experiment/remarks.js';
import type { ResolvedScenario } from '../experiment/scenario/resolved.js';
import type { Instants, MessageCounters, RunResult } from '../experiment/world.js';
import { Availability } from './measures/availability.js';
import { openAccount } from './measures/books.js';
import { BrakeLog } from './measures/brakes.js';
import { Detections } from './measures/detections.js';
import { Elections } from './measures/elections.js';
import { Episodes } from './measures/episodes.js';
import type { Episode } from './measures/episodes.js';
import { FaultTable } from './measures/faults.js';
import { Hops } from './measures/hops.js';
import { MessageCost } from './measures/message-cost.js';
import { ModelAge } from './measures/staleness.js';
import type { EpisodeRow, RunRecord } from './record.js';
import { Repairs } from './measures/repairs.js';
import { Moves } from './measures/moves.js';
import { Needless } from './measures/needless.js';
import { RuleCounts } from './measures/rules.js';
import { Samples } from './statistics/samples.js';
import { causeOf, tell } from './story.js';
import type { Summary } from './summary.js';
import { TraceReplays } from './measures/trace-replays.js';

const microseconds = 1_000_000;
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

export interface RecorderOptions {
  /** Instead of the invariants that come along, of which the scenario names some. */
  readonly invariants?: readonly InvariantEntry[];
}

/**
 * Memory: some tens of bytes per resource and manager; 8 MB at most per measured duration (see
 * {@link Samples}); rows of the time series as the scenario asks for; and what grows with the
 * run, some 90 bytes per injected fault and a few kilobytes per recovery episode.
 *
 * @throws UnknownInvariantError when the scenario names an invariant that nobody offers
 */
export function createRecorder(
  scenario: ResolvedScenario,
  inventory: Inventory,
  options: RecorderOptions = {},
): Recorder {
  return new RunRecorder(scenario, inventory, options);
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
      const { nextUs } = this.health;
      return this.nowUs < warmUpUs ? Math.min(warmUpUs, nextUs) : nextUs;
    },
    reached: (timeUs, counters) => {
      this.cost.follow(counters);
      if (timeUs > this.nowUs) this.pass(timeUs);
    },
  };
  private readonly stalls = new Stalls();
  private readonly scenario: ResolvedScenario;
  private readonly inventory: Inventory;
  private readonly availability: Availability;
  private readonly cost: MessageCost;
  private readonly detections: Detections;
  private readonly elections: Elections;
  private readonly repairs: Repairs;
  private readonly rules: RuleCounts;
  private readonly brakes: BrakeLog;
  private readonly moves: Moves;
  private readonly needless: Needless;
  private readonly hops: Hops;
  private readonly faults: FaultTable;
  private readonly episodes: Episodes;
  private readonly model: ModelAge;
  private readonly replays: TraceReplays;
  private readonly rowPeriodUs: number;
  private lastRowUs = 0;
  private nowUs = 0;
  private warm = false;

  constructor(scenario: ResolvedScenario, inventory: Inventory, options: RecorderOptions) {
    const { warmUpUs, durationUs, measure } = scenario;
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
    this.invariants = createInvariants(
      scenario.invariants,
      { inventory, bounds, health, scenario },
      options.invariants,
    );
    this.availability = new Availability(health, inventory.resources, warmUpUs);
    this.cost = new MessageCost(scenario, this.availability);
    this.model = new ModelAge(health, bounds.stalenessUs);
    this.detections = new Detections(scenario, health);
    this.elections = new Elections(health, inventory.managers, warmUpUs);
    this.repairs = new Repairs(health.truth, warmUpUs);
    this.rules = new RuleCounts(inventory.resources, warmUpUs);
    this.brakes = new BrakeLog(warmUpUs);
    this.moves = new Moves(warmUpUs);
    this.needless = new Needless(health.truth, warmUpUs);
    this.hops = new Hops(warmUpUs);
    this.faults = new FaultTable(health, warmUpUs);
    this.replays = new TraceReplays(scenario, inventory, bounds);
    if (this.replays.any) health.listen(this.replays);
    const log = new EpisodeLog(health.truth, bounds);
    health.listen(log);
    this.episodes = new Episodes({
      truth: health.truth,
      log,
      faults: this.faults,
      cost: this.cost,
      availability: this.availability,
      warmUpUs,
      holdUs: measure.holdUs,
      settled: (timeUs) => this.elections.settled(timeUs),
    });
    health.listen(this.episodes);
    this.sinks = [this, ...this.invariants];
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    if (timeUs > this.nowUs) this.pass(timeUs);
    // All of these compare the observation with what was true until now.
    this.availability.observe(process, observation);
    this.detections.observe(timeUs, process, observation);
    this.repairs.observe(timeUs, observation);
    this.rules.observe(timeUs, process, observation);
    this.brakes.observe(timeUs, observation);
    this.moves.observe(timeUs, process, observation);
    this.needless.observe(timeUs, process, observation);
    this.hops.observe(timeUs, observation);
    this.faults.observe(timeUs, observation);
    if (this.replays.any) this.replays.observe(timeUs, process, observation);
    this.episodes.observe(timeUs, process, observation);
    this.elections.observe(timeUs, process, observation);
    this.health.observe(timeUs, process, observation);
  }

  sample(timeUs: number, counters: MessageCounters): void {
    this.cost.follow(counters);
    if (timeUs > this.nowUs) this.pass(timeUs);
    if (timeUs - this.lastRowUs < this.rowPeriodUs) return;
    this.lastRowUs = timeUs;
    this.availability.sample(timeUs, this.model.ageUs(timeUs), counters);
  }

  stalled(fromUs: number, untilUs: number): void {
    this.stalls.add(fromUs, untilUs);
  }

  finish(result: RunResult): RunRecord {
    const { endUs, counters, interrupted } = result;
    this.cost.follow(counters);
    this.pass(endUs);
    this.health.finish(endUs);
    for (const invariant of this.invariants) invariant.finish?.(endUs);
    const wrong = this.health.violations().map(({ words }) => words);
    this.episodes.finish(endUs, wrong);
    this.elections.settled(endUs);
    this.cost.finish(this.cost.mark());
    this.availability.sample(endUs, this.model.ageUs(endUs), counters);
    const episodes = this.episodes.all;
    const rows = episodes.map((episode) => this.row(episode));
    return {
      summary: audited(result, this.summary(result, rows)),
      episodes: rows,
      faults: { [Symbol.iterator]: () => this.faults.rows() },
      faultTargets: { [Symbol.iterator]: () => this.faults.targets(this.inventory) },
      messages: this.cost.rows(),
      timeseries: this.availability.rows,
      stories: this.brakes.among(episodes.map((episode) => ({
        start_s: episode.startUs / microseconds,
        text: tell(episode, this.inventory),
      }))),
      detections: this.detections.all.samples.histogram(histogramBins),
      interrupted,
    };
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
      // The counters may be read a little late, never the integrals beside them.
      this.availability.advance(timeUs);
      this.cost.begin(this.cost.mark());
      this.episodes.begin(warmUpUs);
    }
    this.advance(timeUs);
    // What was true since the last instant still is: this one's observations are to come.
    if (timeUs > warmUpUs) this.model.passed(timeUs - Math.max(this.nowUs, warmUpUs), timeUs);
    this.nowUs = timeUs;
  }

  private advance(timeUs: number): void {
    this.availability.advance(timeUs);
    this.health.advance(timeUs);
    this.episodes.advance(timeUs);
  }

  private row(episode: Episode): EpisodeRow {
    const { startUs, endUs, lastFaultUs, phases } = episode;
    const extra = this.cost.extra(episode.cost);
    return {
      start_s: startUs / microseconds,
      end_s: seconds(endUs),
      duration_s: endUs === null ? null : (endUs - startUs) / microseconds,
      settle_s: endUs === null ? null : (endUs - (lastFaultUs ?? startUs)) / microseconds,
      last_fault_s: seconds(lastFaultUs),
      censored: endUs === null,
      faults: episode.faults,
      detected_s: seconds(phases.detectedUs),
      elected_s: seconds(phases.electedUs),
      reregistered_s: seconds(phases.reregisteredUs),
      synced_s: seconds(phases.syncedUs),
      extra_messages: extra.messages,
      extra_bytes: extra.bytes,
      bound_s: seconds(episode.boundUs),
      first_detected_s: seconds(phases.firstDetectedUs),
      cause: causeOf(episode, this.inventory),
    };
  }

  private summary(result: RunResult, rows: readonly EpisodeRow[]): Summary {
    const { scenario, bounds, elections, repairs } = this;
    const brakes = this.brakes.summary();
    return {
      scenario: scenario.name,
      seed: scenario.seed,
      digest: result.digest,
      eventDigest: result.eventDigest,
      simulatedSeconds: result.endUs / microseconds,
      warmUpSeconds: scenario.warmUpUs / microseconds,
      events: result.events,
      messages: this.cost.summary(),
      overlay: {
        name: scenario.coordination.overlay.name,
        ...this.cost.maintenance(),
        hops: this.hops.summary(),
      },
      faults: {
        ...this.faults.injected(),
        ...(this.replays.any ? { traces: this.replays.finish(result.endUs) } : {}),
      },
      detection: this.detections.summary(),
      elections: {
        count: elections.samples.count,
        roleChanges: elections.roleChanges,
        seconds: elections.samples.statistics(),
      },
      recovery: this.recovery(rows),
      repair: {
        count: repairs.samples.count,
        unrepaired: repairs.unrepaired(),
        seconds: repairs.samples.statistics(),
      },
      staleness: {
        boundSeconds: bounds.stalenessUs / microseconds,
        seconds: this.model.ages.statistics(),
        whileHealthy: this.model.agesWhileHealthy.statistics(),
      },
      rules: { ...this.rules.summary(), ...(brakes && { brakes }) },
      ...this.moves.summary(),
      needless: this.needless.summary(),
      availability: this.availability.shares(),
      warnings: [...voidWords(result), ...bounds.warnings, ...remarksOn(scenario, this.inventory)],
      invariants: {
        checked: this.judged(result).map(({ name }) => name),
        broken: this.judged(result).flatMap(({ name, broken }) =>
          broken === null
            ? []
            : { name, seconds: broken.timeUs / microseconds, detail: broken.explanation }),
      },
      ...liveSummary(result.live),
      final: this.final(),
    };
  }

  /** In a run that is void, times and health are not judged: safety is. */
  private judged({ live }: RunResult): readonly Invariant[] {
    if ((live?.voidBecause ?? null) === null) return this.invariants;
    return this.invariants.filter(({ isTimed }) => isTimed !== true);
  }

  private recovery(rows: readonly EpisodeRow[]): Summary['recovery'] {
    const settle = new Samples();
    const whole = new Samples();
    for (const { startUs, endUs, lastFaultUs } of this.episodes.all) {
      if (endUs === null) continue;
      settle.add(endUs - (lastFaultUs ?? startUs));
      whole.add(endUs - startUs);
    }
    const shares = rows.flatMap(({ settle_s: took, bound_s: bound }) =>
      took === null || bound === null ? [] : took / bound,
    );
    const { recoveryUs } = this.bounds;
    return {
      episodes: rows.length,
      censored: rows.filter(({ censored }) => censored).length,
      boundSeconds: seconds(recoveryUs),
      promised: recoveryUs === null ? notPromised(this.bounds) : null,
      bounded: rows.filter(({ bound_s: bound }) => bound !== null).length,
      maxSettleShare: shares.length === 0 ? null : shares.reduce((a, b) => Math.max(a, b)),
      perFault: this.faults.perFault(),
      settle: settle.statistics(),
      seconds: whole.statistics(),
      extraMessages: rows.reduce((sum, row) => sum + row.extra_messages, 0),
      extraBytes: rows.reduce((sum, row) => sum + row.extra_bytes, 0),
    };
  }

  private final(): Summary['final'] {
    const { health } = this;
    const resources = health.liveResources();
    return {
      healthy: health.healthy(),
      coordinators: health.coordinators(),
      managers: this.availability.managersLive,
      resources,
      unmanaged: resources - health.heldResources(),
    };
  }
}

/** With the first of its books that does not close as an invariant that broke. */
function audited(result: RunResult, summary: Summary): Summary {
  const detail = openAccount(result, summary);
  if (detail === null) return summary;
  const { checked, broken } = summary.invariants;
  const open = { name: 'books-close', seconds: result.endUs / microseconds, detail };
  return { ...summary, invariants: { checked, broken: [...broken, open] } };
}

function voidWords({ live }: RunResult): string[] {
  const why = live?.voidBecause ?? null;
  if (why === null) return [];
  return [
    `void as to times and health, which say nothing of the system: ${why}; run it anew on an ` +
      'idle machine, or with longer timeouts (safety was judged)',
  ];
}

function liveSummary(live: LiveResult | undefined): Pick<Summary, 'live'> {
  return live === undefined ? {} : { live: { lag: live.lag, void: live.voidBecause } };
}

function notPromised({ warnings }: Bounds): string {
  return warnings.join('; ') || 'nothing is promised while such faults last';
}

/** NaN stands for an instant that never came. */
function seconds(timeUs: number | null): number | null {
  return timeUs === null || Number.isNaN(timeUs) ? null : timeUs / microseconds;
}
