/** What measurement makes of one run: the content of its run directory, as data. */
import type { Summary } from './summary.js';

export interface RunRecord {
  readonly summary: Summary;
  readonly episodes: readonly EpisodeRow[];
  readonly faults: Iterable<FaultRow>;
  readonly faultTargets: Iterable<FaultTargetRow>;
  readonly messages: readonly MessageRow[];
  readonly timeseries: readonly TimeseriesRow[];
  readonly stories: readonly Story[];
  /** Counted detection times, for their distribution. */
  readonly detections: readonly HistogramBin[];
  readonly interrupted: boolean;
}

/**
 * A row of episodes.csv. Instants and durations in seconds; instants since the run began. The
 * phases are the last occurrence of each in the episode, null if absent.
 */
export interface EpisodeRow {
  readonly start_s: number;
  /** Null while censored, like all that needs it. */
  readonly end_s: number | null;
  readonly duration_s: number | null;
  readonly settle_s: number | null;
  /** The last t0: when a manager or link last failed, returned, paused, resumed ... */
  readonly last_fault_s: number | null;
  readonly censored: boolean;
  /** Number of faults that began or ended in the episode. */
  readonly faults: number;
  readonly detected_s: number | null;
  readonly elected_s: number | null;
  readonly reregistered_s: number | null;
  readonly synced_s: number | null;
  readonly extra_messages: number;
  readonly extra_bytes: number;
  readonly bound_s: number | null;
  /** The first suspicion that was right. */
  readonly first_detected_s: number | null;
  /** In a few words, for labels: "coordinator crash". */
  readonly cause: string;
}

/** A row of faults.csv. */
export interface FaultRow {
  readonly fault: number;
  readonly time_s: number;
  readonly kind: string;
  readonly target: string;
  /** Whether it hit managers or links, or only what they manage. */
  readonly scope: 'management' | 'resources';
  readonly cleared_s: number | null;
  readonly detected_s: number | null;
  /** When everything the fault took away was managed again. */
  readonly recovered_s: number | null;
  /** Not recovered from when the run ended. A fault that took nothing away is over at once. */
  readonly censored: boolean;
}

/** A row of fault-targets.csv: whom a fault hit, one by one. */
export interface FaultTargetRow {
  readonly fault: number;
  readonly target: string;
  /** `more`: the target is the number of others; `words`: it hit links, a clock or a pace. */
  readonly target_kind: 'manager' | 'host' | 'resource' | 'more' | 'words';
}

/** A row of messages.csv. */
export interface MessageRow {
  readonly type: string;
  readonly periodic: boolean;
  readonly sent: number;
  readonly duplicated: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly bytes: number;
  /** In steady state: after the warm-up, outside of episodes; null if there was no such time. */
  readonly per_second: number | null;
  readonly bytes_per_second: number | null;
}

/** A row of timeseries.csv: what happened in the interval that ends at `time_s`. */
export interface TimeseriesRow {
  readonly time_s: number;
  /** Share of the live resources that a live manager holds: mean over time, and least. */
  readonly managed_share: number;
  readonly managed_share_min: number;
  /** Share of the resources meant to be up that are: mean over time. */
  readonly up_share: number;
  /** At the end of the interval, and the extremes within it. */
  readonly coordinators: number;
  readonly coordinators_min: number;
  readonly coordinators_max: number;
  /** Share of the interval in which the management plane was healthy. */
  readonly healthy_share: number;
  readonly messages_per_s: number;
  readonly bytes_per_s: number;
  readonly staleness_s: number | null;
  /** Sent per second, of those that come along, in the order of messageTypes. */
  readonly per_type: readonly number[];
}

/** One episode told in words. */
export interface Story {
  readonly start_s: number;
  readonly text: string;
}

/** `count` measurements greater than `from_s`, up to and including `to_s`. */
export interface HistogramBin {
  readonly from_s: number;
  readonly to_s: number;
  readonly count: number;
}
