/**
 * Health and recovery episodes again from the observations of a trace: the oracle judges every
 * instant at which anything was observed or a window ran out, from scratch, and episodes are read
 * off what it says. By the words of docs/measuring.md, without the code that judges in a run.
 */
import type { Observation } from '../../core/observations.js';
import type { HealthWindows } from '../../checker/health/index.js';
import type { Inventory } from '../../experiment/inventory.js';
import { Oracle, type Verdict } from '../checker/health/oracle.js';
import type { Line } from './counts.js';

export interface PlaneEpisode {
  readonly startUs: number;
  readonly endUs: number | null;
  /** The last disturbance until the end, if it lies at most `boundUs` before the start. */
  lastFaultUs(boundUs: number | null): number | null;
  readonly faults: number;
  readonly electedUs: number | null;
  readonly reregisteredUs: number | null;
  readonly syncedUs: number | null;
}

interface Judged {
  readonly timeUs: number;
  readonly verdict: Pick<Verdict, 'coordinator' | 'managed' | 'model'>;
}

export interface PlaneRun {
  readonly inventory: Inventory;
  readonly windows: HealthWindows;
  readonly warmUpUs: number;
  readonly holdUs: number;
  readonly endUs: number;
  /** What was observed, in order. */
  readonly lines: readonly Line[];
}

export function episodesOf(run: PlaneRun): PlaneEpisode[] {
  const judged = judge(run);
  const periods = sickPeriods(judged, run);
  return periods.flatMap(({ startUs, endUs }) => {
    const within = (line: Line): boolean => line.t >= startUs && line.t <= (endUs ?? run.endUs);
    const own = run.lines.filter(within);
    const faults = faultsIn(run.lines, startUs, endUs ?? run.endUs);
    // Coming up is no recovery.
    if (startUs === 0 && endUs !== null && faults === 0) return [];
    const elected = own.filter(({ type }) => type === 'coordinator-elected').at(-1);
    const cameToHold = (name: 'managed' | 'model'): number | null => {
      let last: number | null = null;
      for (const [index, { timeUs, verdict }] of judged.entries()) {
        if (timeUs < startUs || timeUs > (endUs ?? run.endUs)) continue;
        if (verdict[name] && !(judged[index - 1]?.verdict[name] ?? false)) last = timeUs;
      }
      return last;
    };
    return [{
      startUs, endUs, faults,
      electedUs: elected?.t ?? null,
      reregisteredUs: cameToHold('managed'),
      syncedUs: cameToHold('model'),
      lastFaultUs: (boundUs) => {
        const until = endUs ?? run.endUs;
        const before = run.lines.filter((line) => line.t <= until && disturbs(line, run));
        const t0 = before.at(-1)?.t ?? 0;
        return t0 + (boundUs ?? 0) >= startUs ? t0 : null;
      },
    }];
  });
}

/** Every instant at which the verdict may be another than before. */
function judge({ inventory, windows, endUs, lines }: PlaneRun): Judged[] {
  const { registrationUs, handOverUs, stalenessUs } = windows;
  const later = [
    0, registrationUs, handOverUs, stalenessUs, registrationUs + stalenessUs,
  ];
  const instants = new Set<number>([0]);
  for (const { t } of lines) {
    for (const us of later) if (t + us <= endUs) instants.add(t + us);
  }
  const oracle = new Oracle(inventory, windows, [], 0);
  let next = 0;
  return [...instants].sort((a, b) => a - b).map((timeUs) => {
    for (; next < lines.length && lines[next].t <= timeUs; next += 1) {
      const { t, p: process, ...observation } = lines[next];
      oracle.see({ timeUs: t, process, observation: observation as unknown as Observation });
    }
    return { timeUs, verdict: oracle.verdictAt(timeUs) };
  });
}

/**
 * From not healthy to healthy for the hold window; what the warm-up had open counts from its end.
 */
function sickPeriods(
  judged: readonly Judged[], { warmUpUs, holdUs, endUs }: PlaneRun,
): { startUs: number; endUs: number | null }[] {
  const periods: { startUs: number; endUs: number | null }[] = [];
  let open: { startUs: number; wellUs: number | null } | null = null;
  let warm = false;
  const close = (nowUs: number): void => {
    const wellUs = open?.wellUs ?? null;
    if (open === null || wellUs === null || wellUs + holdUs > nowUs) return;
    if (warm) periods.push({ startUs: open.startUs, endUs: wellUs });
    open = null;
  };
  for (const { timeUs, verdict: { coordinator, managed, model } } of judged) {
    if (!warm && timeUs >= warmUpUs) {
      close(warmUpUs);
      warm = true;
      // Whether it was open just before: what happens in this very instant is judged below.
      if (open !== null) open = open.wellUs === null ? { startUs: warmUpUs, wellUs: null } : null;
    }
    close(timeUs);
    const well = coordinator && managed && model;
    if (!well) open = { startUs: open?.startUs ?? timeUs, wellUs: null };
    else if (open !== null) open.wellUs ??= timeUs;
  }
  close(endUs);
  if (open !== null) periods.push({ startUs: (open as { startUs: number }).startUs, endUs: null });
  return periods;
}

/** Faults that began or ended in it, each once. */
function faultsIn(lines: readonly Line[], startUs: number, untilUs: number): number {
  const numbers = new Set<unknown>();
  for (const { t, type, fault } of lines) {
    const turned = type === 'fault-began' || type === 'fault-ended';
    if (turned && t >= startUs && t <= untilUs) numbers.add(fault);
  }
  return numbers.size;
}

const ofManagers = new Set([
  'process-up', 'process-down', 'process-leaving', 'process-paused', 'process-resumed',
]);
const ofAll = new Set(['reachability', 'links-changed', 'clock-set', 'host-slowed']);

function disturbs({ type, p }: Line, { inventory }: PlaneRun): boolean {
  return ofAll.has(type) || (ofManagers.has(type) && p < inventory.managers);
}
