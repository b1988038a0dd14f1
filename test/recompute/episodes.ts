/**
 * Recovery episodes again: what was judged, disturbed, elected and suspected is noted with its
 * time, and episodes are read off that when the run is over. By the words of docs/measuring.md.
 */
import { periodicTypes, type MessageType } from '../../core/messages.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import type { Sent } from './counts.js';
import type { Line } from './lines.js';
import type { Judged } from './plane.js';
import { suspicionOf } from './suspicion.js';
import type { World } from './world.js';

/** How far all had come at one time. */
export interface Mark {
  readonly timeUs: number;
  readonly resourceUs: number;
  readonly managerUs: number;
  readonly sent: ReadonlyMap<string, Sent>;
}

interface Period {
  startUs: number;
  /** Since when all has been well. */
  wellUs: number | null;
  from: Mark;
  to: Mark | null;
}

export interface PlaneEpisode {
  readonly startUs: number;
  readonly endUs: number | null;
  /** The last disturbance until the end, if it lies at most `boundUs` before the start. */
  lastFaultUs(boundUs: number | null): number | null;
  readonly faults: number;
  readonly firstDetectedUs: number | null;
  readonly detectedUs: number | null;
  readonly electedUs: number | null;
  readonly reregisteredUs: number | null;
  readonly syncedUs: number | null;
  readonly sent: number;
  readonly extraMessages: number;
  readonly extraBytes: number;
}

type Note =
  | { readonly timeUs: number; readonly what: 'elected' | 'managed' | 'model' }
  | { readonly timeUs: number; readonly what: 'suspected'; readonly of: number }
  | { readonly timeUs: number; readonly what: 'back'; readonly of: number | null }
  | { readonly timeUs: number; readonly what: 'fault'; readonly fault: unknown };

export class Episodes {
  readonly #scenario: ResolvedScenario;
  /** The plane was well for long enough: an episode is over. */
  readonly #over: () => void;
  readonly #notes: Note[] = [];
  readonly #disturbancesUs: number[] = [];
  #disturbed: Mark | null = null;
  #open: Period | null = null;
  #judged: Judged | null = null;
  #warm: Mark | null = null;
  #end: Mark | null = null;
  readonly #periods: Period[] = [];
  #all: readonly PlaneEpisode[] | null = null;

  constructor(scenario: ResolvedScenario, over: () => void) {
    this.#scenario = scenario;
    this.#over = over;
  }

  /** The warm-up is over: what it had open counts from there. */
  begin(mark: Mark): void {
    this.#warm = mark;
    const { timeUs } = mark;
    if (this.#open !== null) {
      const well = this.#open.wellUs !== null;
      this.#open = well ? null : { startUs: timeUs, wellUs: null, from: mark, to: null };
    }
  }

  disturbed(timeUs: number, mark: Mark): void {
    if (this.#disturbancesUs.at(-1) !== timeUs) this.#disturbed = mark;
    this.#disturbancesUs.push(timeUs);
  }

  /** Before it shows in the truth. */
  add(line: Line, world: World): void {
    const { t: timeUs, type, p } = line;
    const suspicion = suspicionOf(line, world);
    if (suspicion?.justified === true && world.isManager(p)) {
      this.#notes.push({ timeUs, what: 'suspected', of: suspicion.of });
    }
    if (type === 'coordinator-elected') this.#notes.push({ timeUs, what: 'elected' });
    else if (type === 'fault-began' || type === 'fault-ended') {
      this.#notes.push({ timeUs, what: 'fault', fault: line['fault'] });
    } else if (type === 'reachability') {
      this.#notes.push({ timeUs, what: 'back', of: null });
    } else if ((type === 'process-up' || type === 'process-resumed') && world.isManager(p)) {
      this.#notes.push({ timeUs, what: 'back', of: p });
    }
  }

  judged(judged: Judged, mark: () => Mark): void {
    const { timeUs } = judged;
    for (const what of ['managed', 'model'] as const) {
      if (judged[what] && this.#judged?.[what] !== true) this.#notes.push({ timeUs, what });
    }
    this.#judged = judged;
    const well = judged.coordinator && judged.managed && judged.model;
    const open = this.#open;
    if (!well && open === null) {
      const from = this.#disturbed !== null && this.#disturbancesUs.at(-1) === timeUs
        ? this.#disturbed : mark();
      this.#open = { startUs: timeUs, wellUs: null, from, to: null };
    } else if (!well && open !== null) {
      Object.assign(open, { wellUs: null, to: null });
    } else if (open !== null && open.wellUs === null) {
      Object.assign(open, { wellUs: timeUs, to: mark() });
    }
  }

  pass(timeUs: number): void {
    const open = this.#open;
    if (open === null || open.wellUs === null) return;
    if (open.wellUs + this.#scenario.measure.holdUs > timeUs) return;
    if (this.#warm !== null) this.#periods.push(open);
    this.#open = null;
    this.#over();
  }

  end(timeUs: number, mark: Mark): void {
    this.pass(timeUs);
    this.#end = mark;
    this.#warm ??= mark;
    if (this.#open !== null) {
      this.#periods.push({ ...this.#open, wellUs: null, to: mark });
      this.#open = null;
    }
  }

  /** When the run is over. */
  get all(): readonly PlaneEpisode[] {
    const steady = this.#steady();
    this.#all ??= this.#whole().map((period) => this.#told(period, steady));
    return this.#all;
  }

  /** Without coming up, which is no recovery as long as no fault was in it. */
  #whole(): Period[] {
    return this.#periods.filter(({ startUs, wellUs }) =>
      startUs > 0 || wellUs === null || this.#faultsIn(startUs, wellUs) > 0);
  }

  /** What was sent after the warm-up and outside of episodes, and in how many microseconds. */
  #steady(): { readonly sent: ReadonlyMap<string, Sent>; readonly us: number } {
    const [warm, end] = [this.#warm!, this.#end!];
    let us = end.timeUs - warm.timeUs;
    const sent = between(warm, end);
    for (const { from, to } of this.#whole()) {
      us -= to!.timeUs - from.timeUs;
      for (const [type, own] of between(from, to!)) {
        const left = sent.get(type) ?? { sent: 0, bytes: 0 };
        sent.set(type, { sent: left.sent - own.sent, bytes: left.bytes - own.bytes });
      }
    }
    return { sent, us };
  }

  /** In steady state, of one type; null: there was no such time. */
  perSecond(type: string): Sent | null {
    const { sent, us } = this.#steady();
    const own = sent.get(type) ?? { sent: 0, bytes: 0 };
    return us > 0 ? { sent: own.sent / (us / 1e6), bytes: own.bytes / (us / 1e6) } : null;
  }

  #faultsIn(fromUs: number, untilUs: number): number {
    const faults = new Set<unknown>();
    for (const note of this.#notes) {
      const within = note.timeUs >= fromUs && note.timeUs <= untilUs;
      if (within && note.what === 'fault') faults.add(note.fault);
    }
    return faults.size;
  }

  #told(period: Period, steady: { readonly sent: ReadonlyMap<string, Sent> }): PlaneEpisode {
    const { startUs, wellUs: endUs } = period;
    const untilUs = endUs ?? this.#end!.timeUs;
    const own = this.#notes.filter(({ timeUs }) => timeUs >= startUs && timeUs <= untilUs);
    const last = (what: Note['what']): number | null =>
      own.findLast((note) => note.what === what)?.timeUs ?? null;
    const news = firstOfEach(own);
    const extra = this.#extra(period, steady.sent);
    return {
      startUs, endUs, faults: this.#faultsIn(startUs, untilUs),
      firstDetectedUs: news[0] ?? null, detectedUs: news.at(-1) ?? null,
      electedUs: last('elected'), reregisteredUs: last('managed'), syncedUs: last('model'),
      sent: [...between(period.from, period.to!).values()].reduce((sum, own) => sum + own.sent, 0),
      extraMessages: extra.sent, extraBytes: extra.bytes,
      lastFaultUs: (boundUs) => {
        const t0Us = this.#disturbancesUs.findLast((us) => us <= untilUs) ?? 0;
        return t0Us + (boundUs ?? 0) >= startUs ? t0Us : null;
      },
    };
  }

  /** All that is not periodic, and of what is what exceeds the expectation. */
  #extra({ from, to }: Period, steady: ReadonlyMap<string, Sent>): Sent {
    const resourceUs = to!.resourceUs - from.resourceUs;
    const managerUs = to!.managerUs - from.managerUs;
    const reportingUs = Math.max(0, managerUs - (to!.timeUs - from.timeUs));
    const { resources, managers, overlay, standbys } = this.#scenario.coordination;
    const expectedOf = (type: string): number => {
      if (!periodicTypes.has(type as MessageType)) return 0;
      if (type.startsWith('resource-')) return resourceUs / resources.heartbeatPeriodUs;
      if (type.startsWith('manager-')) return reportingUs / managers.heartbeatPeriodUs;
      if (/^part-cop(y|ied)$/.test(type)) return standbys * managerUs / managers.heartbeatPeriodUs;
      const probes = type !== 'overlay-heartbeat';
      return managerUs / (probes ? overlay.probePeriodUs : overlay.heartbeatPeriodUs);
    };
    const whole = between(this.#warm!, this.#end!);
    const extra = { sent: 0, bytes: 0 };
    for (const [type, own] of between(from, to!)) {
      const expected = expectedOf(type);
      const usual = (steady.get(type)?.sent ?? 0) > 0 ? steady.get(type)! : whole.get(type);
      const size = usual === undefined || usual.sent === 0 ? 0 : usual.bytes / usual.sent;
      extra.sent += Math.max(0, own.sent - expected);
      extra.bytes += Math.max(0, own.bytes - expected * size);
    }
    return { sent: Math.round(extra.sent), bytes: Math.round(extra.bytes) };
  }
}

/** When somebody was suspected who had not been since the start, or since being back. */
function firstOfEach(notes: readonly Note[]): number[] {
  const suspected = new Set<number>();
  const newsUs: number[] = [];
  for (const note of notes) {
    if (note.what === 'back') {
      if (note.of === null) suspected.clear();
      else suspected.delete(note.of);
    } else if (note.what === 'suspected' && !suspected.has(note.of)) {
      suspected.add(note.of);
      newsUs.push(note.timeUs);
    }
  }
  return newsUs;
}

function between(from: Mark, to: Mark): Map<string, Sent> {
  return new Map([...to.sent].map(([type, { sent, bytes }]) => {
    const before = from.sent.get(type) ?? { sent: 0, bytes: 0 };
    return [type, { sent: sent - before.sent, bytes: bytes - before.bytes }];
  }));
}
