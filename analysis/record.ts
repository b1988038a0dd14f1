/** What measurement makes of one run: the content of its run directory, as data. */
import type { CloseUp, EpisodePath, Story, Summary } from './measures/index.js';
import type { HistogramBin } from './statistics/samples.js';
import type {
  EpisodeRow, FaultRow, FaultTargetRow, MessageRow, TimeseriesRow,
} from './tables/index.js';

export interface RunRecord {
  readonly summary: Summary;
  readonly episodes: readonly EpisodeRow[];
  readonly faults: Iterable<FaultRow>;
  readonly faultTargets: Iterable<FaultTargetRow>;
  readonly messages: readonly MessageRow[];
  readonly timeseries: readonly TimeseriesRow[];
  readonly stories: readonly Story[];
  /** What each of the first episodes waited for. */
  readonly paths: readonly EpisodePath[];
  /** The longest episodes, from near by. */
  readonly closeUps: readonly CloseUp[];
  /** Counted detection times, for their distribution. */
  readonly detections: readonly HistogramBin[];
  readonly interrupted: boolean;
}
