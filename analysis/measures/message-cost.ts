/** What was sent: in all, in steady state, and beyond it in recovery episodes. */
import { wireOf, type Wire } from '../../core/codec.js';
import { overlayTerms } from '../../core/overlay/index.js';
import type { Rhythm } from '../../core/wire/record.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';
import { dropCauses } from '../../experiment/world.js';
import type { DropCause, MessageCounters } from '../../experiment/world.js';
import { availability, type Availability } from './availability.js';
import type { MessageRow } from '../tables/index.js';
import { count, each, measured, rare, text, type ValuesOf } from './fields.js';
import { measure, type Measure } from './measure.js';

const fields = {
  messages: {
    sent: count('messages', 'every hop and acknowledgement', 'messages sent'),
    duplicated: count('messages', 'copies that the network made', 'messages duplicated'),
    delivered: count(
      'messages', 'that reached a process that was up', 'messages delivered',
    ),
    dropped: count('messages', 'lost, of whatever cause'),
    /** By what became of them; their sum is `dropped`. */
    droppedBy: each(
      (cause) => count('messages', `dropped because of ${cause}`), dropCauses,
    ),
    /** So sent + duplicated = delivered + dropped + inFlight. */
    inFlight: count('messages', "on their way at the end, less those at the warm-up's"),
    bytes: count('bytes', 'of messages.sent', 'bytes sent'),
    /** Types that were never sent are left out. */
    byType: each((type) => ({
      sent: rare('messages', `${type} sent`, 'none was sent'),
      bytes: rare('bytes', `of ${type} sent`, 'none was sent'),
    })),
  },
  /** Probes, their answers and the like, no routes. */
  overlay: {
    name: text("of the managers' overlay"),
    maintenanceMessages: count('messages', 'that kept the overlay'),
    maintenanceBytes: count(
      'bytes', 'of overlay.maintenanceMessages', 'bytes that kept the overlay',
    ),
    perManagerSecond: measured('messages/s', 'overlay.maintenanceMessages per live manager', {
      title: 'messages that keep the overlay, per manager', whenNull: 'no manager ever lived',
    }),
  },
};

const microseconds = 1_000_000;
const counts = ['sent', 'duplicated', 'delivered', 'dropped', 'bytes'] as const;
type Counts = Record<(typeof counts)[number], Float64Array>;

/** How far the counters stood at one time, and what had lived until then. */
export interface Mark extends Counts {
  readonly timeUs: number;
  readonly liveResourceUs: number;
  readonly liveManagerUs: number;
}

/** Messages and bytes of one episode, by type. */
export interface EpisodeCost {
  readonly sent: Float64Array;
  readonly bytes: Float64Array;
  /** What the live population should have sent of each periodic type. */
  readonly expected: Float64Array;
}

export class MessageCost implements Measure<typeof fields> {
  private readonly wire: Wire;
  private readonly overlay: string;
  private readonly rates: Rates;
  private readonly availability: Availability;
  private readonly counters: () => MessageCounters | null;
  private start: Mark | null = null;
  private end: Mark | null = null;
  private readonly droppedBefore = new Map<DropCause, number>();
  /** Sums over all episodes. */
  private readonly inEpisodes: Counts;
  private episodesUs = 0;

  constructor(
    scenario: ResolvedScenario, lived: Availability, counters: () => MessageCounters | null,
  ) {
    const { fromPlugins, overlay } = scenario.coordination;
    this.overlay = fromPlugins?.overlay?.name ?? overlay.name;
    this.wire = wireOf(scenario.coordination.fromPlugins);
    this.inEpisodes = this.noCounts();
    this.rates = ratesOf(scenario);
    this.availability = lived;
    this.counters = counters;
  }

  /**
   * As of now: what is judged of an instant is known when the next observation or sample comes,
   * and the counters have gone on until then.
   */
  mark(): Mark {
    const counters = this.counters();
    const { nowUs: timeUs, liveResourceUs, liveManagerUs } = this.availability;
    if (counters === null) return { ...this.noCounts(), timeUs, liveResourceUs, liveManagerUs };
    const { sent, duplicated, delivered, bytes } = counters;
    const dropped = sent.map((_, type) =>
      dropCauses.reduce((sum, cause) => sum + counters.dropped[cause][type], 0),
    );
    return {
      sent: sent.slice(),
      duplicated: duplicated.slice(),
      delivered: delivered.slice(),
      dropped,
      bytes: bytes.slice(),
      timeUs,
      liveResourceUs,
      liveManagerUs,
    };
  }

  begin(): void {
    this.start = this.mark();
    for (const cause of dropCauses) this.droppedBefore.set(cause, this.droppedSoFar(cause));
  }

  finish(): void {
    this.end = this.mark();
    this.start ??= this.end;
  }

  episode(from: Mark, to: Mark): EpisodeCost {
    const spent = difference(from, to);
    for (const name of counts) add(this.inEpisodes[name], spent[name]);
    this.episodesUs += to.timeUs - from.timeUs;
    const resourceUs = to.liveResourceUs - from.liveResourceUs;
    const managerUs = to.liveManagerUs - from.liveManagerUs;
    // The coordinator is attached to itself: it sends no heartbeat.
    const reportingUs = Math.max(0, managerUs - (to.timeUs - from.timeUs));
    const { rates } = this;
    const due: Readonly<Record<Rhythm, number>> = {
      resource: resourceUs / rates.resourceUs,
      report: reportingUs / rates.managerUs,
      copy: rates.copies * managerUs / rates.managerUs,
      beat: managerUs / rates.beatUs,
      probe: managerUs / rates.probeUs,
    };
    const expected = Float64Array.from(this.wire.types, (type) => {
      const rhythm = this.wire.rhythmOf(type);
      return rhythm === null ? 0 : due[rhythm];
    });
    return { sent: spent.sent, bytes: spent.bytes, expected };
  }

  /**
   * Non-periodic messages, and periodic ones beyond the expected; bytes by the mean size that
   * each periodic type has in steady state. Call once the run is over.
   */
  extra(cost: EpisodeCost): { messages: number; bytes: number } {
    const sizes = this.steadySizes();
    let messages = 0;
    let bytes = 0;
    for (const [index, expected] of cost.expected.entries()) {
      messages += Math.max(0, cost.sent[index] - expected);
      bytes += Math.max(0, cost.bytes[index] - expected * sizes[index]);
    }
    return { messages: Math.round(messages), bytes: Math.round(bytes) };
  }

  rows(): MessageRow[] {
    const all = this.whole();
    const steady = this.steady();
    return this.wire.types.map((type, index) => ({
      type,
      periodic: this.wire.rhythmOf(type) !== null,
      sent: all.sent[index],
      duplicated: all.duplicated[index],
      delivered: all.delivered[index],
      dropped: all.dropped[index],
      bytes: all.bytes[index],
      per_second: steady.seconds > 0 ? steady.sent[index] / steady.seconds : null,
      bytes_per_second: steady.seconds > 0 ? steady.bytes[index] / steady.seconds : null,
    }));
  }

  summary(): ValuesOf<typeof fields> {
    const all = this.whole();
    const sum = (name: keyof Counts): number => all[name].reduce((total, n) => total + n, 0);
    const used = this.wire.types.flatMap((type, index) => {
      const sent = all.sent[index];
      return sent > 0 ? [[type, { sent, bytes: all.bytes[index] }] as const] : [];
    });
    const byType = Object.fromEntries(used);
    const droppedBy = Object.fromEntries(dropCauses.map((cause) => {
      return [cause, this.droppedSoFar(cause) - (this.droppedBefore.get(cause) ?? 0)];
    })) as Record<DropCause, number>;
    const [sent, duplicated] = [sum('sent'), sum('duplicated')];
    const [delivered, dropped] = [sum('delivered'), sum('dropped')];
    const inFlight = sent + duplicated - delivered - dropped;
    const messages = {
      sent, duplicated, delivered, dropped, droppedBy, inFlight, bytes: sum('bytes'), byType,
    };
    return { messages, overlay: { name: this.overlay, ...this.maintenance() } };
  }

  private droppedSoFar(cause: DropCause): number {
    return this.counters()?.dropped[cause].reduce((sum, count) => sum + count, 0) ?? 0;
  }

  private maintenance(): Omit<ValuesOf<typeof fields>['overlay'], 'name'> {
    const all = this.whole();
    let messages = 0;
    let bytes = 0;
    for (const [index, type] of this.wire.types.entries()) {
      if (!this.wire.isMaintenance(type)) continue;
      messages += all.sent[index];
      bytes += all.bytes[index];
    }
    const managerUs = (this.end?.liveManagerUs ?? 0) - (this.start?.liveManagerUs ?? 0);
    return {
      maintenanceMessages: messages,
      maintenanceBytes: bytes,
      perManagerSecond: managerUs > 0 ? (messages * microseconds) / managerUs : null,
    };
  }

  private whole(): Counts {
    const { start, end } = this;
    return start === null || end === null ? this.noCounts() : difference(start, end);
  }

  private steady(): Counts & { seconds: number } {
    const rest = this.whole();
    for (const name of counts) add(rest[name], this.inEpisodes[name], -1);
    const wholeUs = (this.end?.timeUs ?? 0) - (this.start?.timeUs ?? 0);
    return { ...rest, seconds: (wholeUs - this.episodesUs) / microseconds };
  }

  private noCounts(): Counts {
    const none = (): Float64Array => new Float64Array(this.wire.types.length);
    return { sent: none(), duplicated: none(), delivered: none(), dropped: none(), bytes: none() };
  }

  /** Of the whole run where a type was never sent in steady state. */
  private steadySizes(): Float64Array {
    const steady = this.steady();
    const all = this.whole();
    return steady.sent.map((sent, index) => {
      if (sent > 0) return steady.bytes[index] / sent;
      return all.sent[index] > 0 ? all.bytes[index] / all.sent[index] : 0;
    });
  }
}

export const messages = measure(fields, ({ scenario, counters, of }) =>
  new MessageCost(scenario, of(availability), counters));

interface Rates {
  readonly resourceUs: number;
  readonly managerUs: number;
  readonly probeUs: number;
  /** So many of what changes a manager tells at most with each heartbeat. */
  readonly copies: number;
  /** Between heartbeats on the ring; Infinity: there are none. */
  readonly beatUs: number;
}

function ratesOf({ coordination }: ResolvedScenario): Rates {
  return {
    resourceUs: coordination.resources.heartbeatPeriodUs,
    managerUs: coordination.managers.heartbeatPeriodUs,
    probeUs: coordination.overlay.probePeriodUs,
    copies: coordination.standbys,
    beatUs: overlayTerms(coordination).beats
      ? coordination.overlay.heartbeatPeriodUs : Infinity,
  };
}

function difference(from: Counts, to: Counts): Counts {
  const changes = counts.map((name) => {
    const change = to[name].slice();
    add(change, from[name], -1);
    return [name, change] as const;
  });
  return Object.fromEntries(changes) as Counts;
}

function add(sums: Float64Array, values: Float64Array, sign = 1): void {
  for (let index = 0; index < sums.length; index += 1) sums[index] += sign * values[index];
}
