/** Fewer rows than were sampled: a chart cannot show more than it has pixels. */
import type { TimeseriesRow } from '../tables/index.js';

/** Neighbouring rows merged: means weighted by time, extremes kept. */
export function resample(rows: readonly TimeseriesRow[], most = 600): TimeseriesRow[] {
  const size = Math.ceil(rows.length / most);
  if (size <= 1) return [...rows];
  const merged: TimeseriesRow[] = [];
  for (let first = 0; first < rows.length; first += size) {
    merged.push(merge(rows.slice(first, first + size)));
  }
  return merged;
}

function merge(rows: readonly TimeseriesRow[]): TimeseriesRow {
  const last = rows.at(-1)!;
  const mean = (value: (row: TimeseriesRow) => number): number =>
    rows.reduce((sum, row) => sum + value(row), 0) / rows.length;
  const staleness = rows.flatMap(({ staleness_s: age }) => (age === null ? [] : age));
  return {
    time_s: last.time_s,
    managed_share: mean((row) => row.managed_share),
    managed_share_min: Math.min(...rows.map((row) => row.managed_share_min)),
    up_share: mean((row) => row.up_share),
    coordinators: last.coordinators,
    coordinators_min: Math.min(...rows.map((row) => row.coordinators_min)),
    coordinators_max: Math.max(...rows.map((row) => row.coordinators_max)),
    healthy_share: mean((row) => row.healthy_share),
    messages_per_s: mean((row) => row.messages_per_s),
    bytes_per_s: mean((row) => row.bytes_per_s),
    staleness_s: staleness.length === 0 ? null : Math.max(...staleness),
    per_type: last.per_type.map((_, type) => mean((row) => row.per_type[type] ?? 0)),
  };
}
