/** Recovery from faults: episodes of the management plane, and each fault on its own. */
import { EpisodeLog } from '../../checker/episode-log.js';
import type { Bounds } from '../../checker/bounds/index.js';
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { RunResult } from '../../experiment/world.js';
import { Samples } from '../statistics/samples.js';
import type { EpisodeRow } from '../tables/index.js';
import { availability } from './availability.js';
import { elections } from './elections.js';
import { Episodes, type Episode } from './episodes.js';
import { faults, type FaultTable } from './faults.js';
import { count, measured, number, statistics, told, type ValuesOf } from './fields.js';
import { measure, type Measure, type MeasureContext } from './measure.js';
import { messages, type MessageCost } from './message-cost.js';
import { causeOf, tell, type Story } from './story.js';

const microseconds = 1_000_000;

const fields = {
  recovery: {
    episodes: count(
      'episodes', 'in which the management plane was not healthy', 'recovery episodes in a run',
    ),
    censored: count('episodes', 'still open when the run ended'),
    boundSeconds: measured('s', 'B for one fault', { whenNull: 'nothing can be promised' }),
    promised: told('why nothing can be promised', 'B is promised'),
    bounded: count('episodes', 'for whose own faults a bound was promised'),
    maxSettleShare: measured('1', 'largest share of its bound that an episode took to settle', {
      title: 'slowest settling, as share of its bound', whenNull: 'no episode had a bound',
    }),
    perFault: {
      count: count('faults', 'recovered from'),
      censored: count('faults', 'not recovered from when the run ended'),
      ...statistics(
        'recovery from one fault', 'from a fault until all it took away was managed again',
      ),
    },
    /** What B bounds. */
    settle: statistics(
      'settling after the last fault of an episode', 'from the last t0 of an episode to its end',
    ),
    seconds: statistics('length of a recovery episode', 'length of an episode'),
    extraMessages: number('messages', 'in episodes, beyond those of a plane in peace'),
    extraBytes: number(
      'bytes', 'of recovery.extraMessages', 'bytes beyond those of a plane in peace',
    ),
    beyondTwin: measured(
      'messages', 'in episodes, beyond what the same seed without faults sends in that time',
      {
        title: 'messages beyond those of the same seed without faults',
        whenNull: 'the scenario has no measure.twin, or there was no episode',
      },
    ),
  },
};

export class Recovery implements Measure<typeof fields> {
  readonly hears = [
    'fault-began', 'fault-ended', 'coordinator-elected', 'coordinator-resigned',
  ] as const;
  private readonly context: MeasureContext;
  private readonly episodes: Episodes;
  private readonly faults: FaultTable;
  private readonly cost: MessageCost;

  constructor(context: MeasureContext) {
    const { scenario, bounds, health, of } = context;
    this.context = context;
    this.faults = of(faults);
    this.cost = of(messages);
    const elected = of(elections);
    const log = new EpisodeLog(health.truth, bounds);
    health.listen(log);
    this.episodes = new Episodes({
      truth: health.truth,
      log,
      faults: this.faults,
      cost: this.cost,
      availability: of(availability),
      warmUpUs: scenario.warmUpUs,
      holdUs: scenario.measure.holdUs,
      settled: (timeUs) => elected.settled(timeUs),
    });
    health.listen(this.episodes);
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    this.episodes.observe(timeUs, process, observation);
  }

  advanced(timeUs: number): void {
    this.episodes.advance(timeUs);
  }

  begin(warmUpUs: number): void {
    this.episodes.begin(warmUpUs);
  }

  finish({ endUs }: RunResult): void {
    const wrong = this.context.health.violations().map(({ words }) => words);
    this.episodes.finish(endUs, wrong);
  }

  get all(): readonly Episode[] {
    return this.episodes.all;
  }

  /** Of episodes.csv. */
  rows(): EpisodeRow[] {
    return this.episodes.all.map((episode) => this.row(episode));
  }

  stories(): Story[] {
    return this.episodes.all.map((episode) => ({
      start_s: episode.startUs / microseconds,
      text: tell(episode, this.context.inventory),
    }));
  }

  summary(): ValuesOf<typeof fields> {
    const settle = new Samples();
    const whole = new Samples();
    for (const { startUs, endUs, lastFaultUs } of this.episodes.all) {
      if (endUs === null) continue;
      settle.add(endUs - (lastFaultUs ?? startUs));
      whole.add(endUs - startUs);
    }
    const rows = this.rows();
    const shares = rows.flatMap(({ settle_s: took, bound_s: bound }) =>
      took === null || bound === null ? [] : took / bound,
    );
    const { bounds } = this.context;
    return {
      recovery: {
        episodes: rows.length,
        censored: rows.filter(({ censored }) => censored).length,
        boundSeconds: seconds(bounds.recoveryUs),
        promised: bounds.recoveryUs === null ? notPromised(bounds) : null,
        bounded: rows.filter(({ bound_s: bound }) => bound !== null).length,
        maxSettleShare: shares.length === 0 ? null : shares.reduce((a, b) => Math.max(a, b)),
        perFault: this.faults.perFault(),
        settle: settle.statistics(),
        seconds: whole.statistics(),
        extraMessages: rows.reduce((sum, row) => sum + row.extra_messages, 0),
        extraBytes: rows.reduce((sum, row) => sum + row.extra_bytes, 0),
        // Of a run that this one knows nothing of.
        beyondTwin: null,
      },
    };
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
      sent: episode.cost.sent.reduce((sum, one) => sum + one, 0),
      beyond_twin: null,
      bound_s: seconds(episode.boundUs),
      first_detected_s: seconds(phases.firstDetectedUs),
      cause: causeOf(episode, this.context.inventory),
    };
  }
}

export const recovery = measure(fields, (context) => new Recovery(context));

function notPromised({ warnings }: Bounds): string {
  return warnings.join('; ') || 'nothing is promised while such faults last';
}

/** NaN stands for an instant that never came. */
function seconds(timeUs: number | null): number | null {
  return timeUs === null || Number.isNaN(timeUs) ? null : timeUs / microseconds;
}
