/** What a run tells of itself, beside what its trace tells: each by name, where they differ. */
import { maintenanceTypes, type MessageType } from '../../core/messages.js';
import type { RunRecord } from '../../analysis/index.js';
import type { Replay } from './replay.js';
import { statistics, type Statistics } from './statistics.js';

/** Of sums of fractions, whose last digits depend on how finely time is cut. */
const ROUNDING = 1e-9;
/** Quantiles over time are told to the thousandth, by the upper end. */
const BIN = 1.001e-3;
const MICROSECOND = 1.001e-6;

export class Told {
  readonly apart: string[] = [];
  readonly #record: RunRecord;
  readonly #again: Replay;

  constructor(record: RunRecord, again: Replay) {
    this.#record = record;
    this.#again = again;
  }

  /** @param messages - the trace has them */
  holdAll(messages: boolean): void {
    if (messages) this.#messages();
    this.#faults();
    this.#detection();
    this.#episodes(messages);
    this.#recovery(messages);
    this.#rules();
    this.#means(messages);
    this.#doings();
    this.#succession(messages);
    this.#final();
  }

  #hold(what: string, told: unknown, again: unknown): void {
    const [a, b] = [told, again].map((value) => JSON.stringify(value));
    if (a !== b) this.apart.push(`${what}: ${a} told, ${b} by the trace`);
  }

  #nearly(what: string, told: number | null, again: number | null, by = 0): void {
    if (told === null || again === null) return this.#hold(what, told, again);
    const apart = Math.abs(told - again);
    const rounding = ROUNDING * Math.max(Math.abs(told), Math.abs(again));
    if (!(apart <= rounding + by)) this.#hold(what, told, again);
  }

  #statistics(what: string, told: Statistics, again: Statistics): void {
    this.#nearly(`${what}, mean`, told.mean, again.mean);
    for (const name of ['p50', 'p95', 'p99', 'max'] as const) {
      this.#hold(`${what}, ${name}`, told[name], again[name]);
    }
  }

  #messages(): void {
    const { summary, messages } = this.#record;
    const { counts, episodes } = this.#again;
    for (const row of messages) {
      const own = counts.byType.get(row.type);
      for (const what of ['sent', 'duplicated', 'delivered', 'dropped', 'bytes'] as const) {
        this.#hold(`${row.type} ${what}`, row[what], own?.[what] ?? 0);
        if (what === 'sent' || what === 'bytes') {
          const told = summary.messages.byType[row.type]?.[what] ?? 0;
          this.#hold(`summary's ${row.type} ${what}`, told, own?.[what] ?? 0);
        }
      }
      const steady = episodes.perSecond(row.type);
      this.#nearly(`${row.type} per second`, row.per_second, steady?.sent ?? null);
      this.#nearly(`${row.type} bytes a second`, row.bytes_per_second, steady?.bytes ?? null);
    }
    const { droppedBy, byType: _types, inFlight, ...sums } = summary.messages;
    for (const [what, sum] of Object.entries(sums)) {
      this.#hold(`messages ${what}`, sum, counts.sum(what as 'sent'));
    }
    const { sent, duplicated, delivered, dropped } = sums;
    this.#hold('in flight', inFlight, sent + duplicated - delivered - dropped);
    for (const [cause, count] of Object.entries(droppedBy)) {
      this.#hold(`dropped by ${cause}`, count, counts.droppedBy.get(cause) ?? 0);
    }
    const kept = [...counts.byType].filter(([type]) => maintenanceTypes.has(type as MessageType));
    const { overlay } = summary;
    const of = (what: 'sent' | 'bytes'): number =>
      kept.reduce((sum, [, own]) => sum + own[what], 0);
    this.#hold('maintenance', [overlay.maintenanceMessages, overlay.maintenanceBytes],
      [of('sent'), of('bytes')]);
    const { managerUs } = this.#again.means;
    this.#nearly('maintenance per manager and second', overlay.perManagerSecond,
      managerUs === 0 ? null : of('sent') * 1e6 / managerUs);
  }

  #faults(): void {
    const { summary, faults } = this.#record;
    const { counts, faults: again } = this.#again;
    this.#hold('faults', sorted(summary.faults.byKind),
      sorted(Object.fromEntries(counts.faultsByKind)));
    const injected = [...again.all.values()].filter(({ beganUs }) =>
      beganUs >= this.#again.warmUpUs).length;
    this.#hold('faults injected', summary.faults.injected, injected);
    const rows = [...faults];
    this.#hold('rows of faults', rows.length, again.all.size);
    for (const row of rows) {
      const own = again.all.get(row.fault);
      const name = `fault ${row.fault} (${row.kind} of ${row.target})`;
      this.#hold(`${name} kind`, [row.kind, row.scope], [own?.kind, own?.scope]);
      this.#hold(`${name} began`, microseconds(row.time_s), own?.beganUs);
      this.#hold(`${name} over`, microseconds(row.cleared_s), own?.clearedUs);
      this.#hold(`${name} detected`, microseconds(row.detected_s), own?.detectedUs);
      this.#hold(`${name} recovered`, microseconds(row.recovered_s), own?.recoveredUs);
      this.#hold(`${name} censored`, row.censored, own?.censored);
    }
    const { count, censored, ...times } = summary.recovery.perFault;
    this.#hold('recoveries of faults', [count, censored],
      [again.tookUs.length, injected - again.over]);
    this.#statistics('recovery of a fault', times, statistics(again.tookUs));
  }

  #detection(): void {
    const { detection } = this.#record.summary;
    const { alarms } = this.#again;
    const all = { tookUs: [] as number[], missed: 0, falsePositives: 0 };
    for (const target of ['resource', 'manager', 'coordinator'] as const) {
      const own = alarms.byTarget[target];
      this.#detected(`detection of a ${target}`, detection.byTarget[target], own);
      all.tookUs.push(...own.tookUs);
      all.missed += own.missed;
      all.falsePositives += own.falsePositives;
    }
    this.#detected('detection', detection, all);
    this.#hold('crashes unnoticed at the end', detection.pending, alarms.pending);
    for (const [cause, count] of Object.entries(detection.falsePositivesBy)) {
      this.#hold(`false alarms by ${cause}`, count, alarms.falseBy.get(cause) ?? 0);
    }
  }

  #detected(
    what: string, told: RunRecord['summary']['detection']['byTarget']['manager'],
    { tookUs, missed, falsePositives }: Replay['alarms']['byTarget']['manager'],
  ): void {
    this.#hold(`${what}: count, missed, false`, [told.count, told.missed, told.falsePositives],
      [tookUs.length, missed, falsePositives]);
    this.#statistics(what, told.seconds, statistics(tookUs));
  }

  #episodes(messages: boolean): void {
    const { episodes, summary } = this.#record;
    const again = this.#again.episodes.all;
    this.#hold('episodes', episodes.length, again.length);
    this.#hold('summary\'s episodes', summary.recovery.episodes, again.length);
    for (const [index, row] of episodes.entries()) {
      const own = again[index];
      if (own === undefined) break;
      const us = microseconds;
      const name = `episode ${index + 1}`;
      const lastFaultUs = own.lastFaultUs(us(row.bound_s));
      const { startUs, endUs } = own;
      const settledIn = endUs === null ? null : endUs - (lastFaultUs ?? startUs);
      for (const [what, told, mine] of [
        ['start', us(row.start_s), startUs], ['end', us(row.end_s), endUs],
        ['duration', us(row.duration_s), endUs === null ? null : endUs - startUs],
        ['settle', us(row.settle_s), settledIn], ['censored', row.censored, endUs === null],
        ['last fault', us(row.last_fault_s), lastFaultUs], ['faults', row.faults, own.faults],
        ['first detected', us(row.first_detected_s), own.firstDetectedUs],
        ['detected', us(row.detected_s), own.detectedUs],
        ['elected', us(row.elected_s), own.electedUs],
        ['re-registered', us(row.reregistered_s), own.reregisteredUs],
        ['synced', us(row.synced_s), own.syncedUs],
      ] as const) this.#hold(`${name} ${what}`, told, mine);
      // It takes another run: test/campaign/twin.
      this.#hold(`${name} beyond its twin`, row.beyond_twin, null);
      if (!messages) continue;
      this.#hold(`${name} messages`, row.sent, own.sent);
      this.#hold(`${name} extra messages`, row.extra_messages, own.extraMessages);
      this.#hold(`${name} extra bytes`, row.extra_bytes, own.extraBytes);
    }
  }

  #recovery(messages: boolean): void {
    const { summary: { recovery, elections }, episodes } = this.#record;
    const again = this.#again.episodes.all;
    const over = again.flatMap((own, index) => {
      const { startUs, endUs } = own;
      if (endUs === null) return [];
      const boundUs = microseconds(episodes[index]?.bound_s ?? null);
      return { whole: endUs - startUs, settle: endUs - (own.lastFaultUs(boundUs) ?? startUs) };
    });
    this.#hold('censored', recovery.censored, again.length - over.length);
    this.#statistics('recovery', recovery.seconds, statistics(over.map(({ whole }) => whole)));
    this.#statistics('settle', recovery.settle, statistics(over.map(({ settle }) => settle)));
    // Which setting each of its stretches is named after is not recomputed.
    const waitedUs = recovery.criticalPath
      .reduce((sum, { seconds }) => sum + Math.round(seconds * 1e6), 0);
    this.#hold('waited for', waitedUs, over.reduce((sum, { whole }) => sum + whole, 0));
    this.#hold('beyond the twin', recovery.beyondTwin, null);
    if (messages) {
      const extra = again.reduce((sum, own) =>
        [sum[0] + own.extraMessages, sum[1] + own.extraBytes], [0, 0]);
      this.#hold('extra', [recovery.extraMessages, recovery.extraBytes], extra);
    }
    const { tookUs, roleChanges } = this.#again.elections;
    this.#hold('elections', elections.count, tookUs.length);
    this.#statistics('elections', elections.seconds, statistics(tookUs));
    this.#hold('changes of the role', elections.roleChanges, roleChanges);
  }

  #rules(): void {
    const { rules, moves } = this.#record.summary;
    const { counts, doings } = this.#again;
    this.#hold('rules', sorted(rules.byRule), sorted(Object.fromEntries(counts.rules)));
    this.#hold('fired', rules.fired, [...counts.rules.values()].reduce((a, b) => a + b, 0));
    const { started, duplicated, ...ends } = rules.actions;
    this.#hold('actions started', started, counts.started);
    const ended = Object.values(ends).reduce((sum, count) => sum + count);
    this.#hold('actions started and ended', started, ended);
    for (const end of Object.keys(ends) as (keyof typeof ends)[]) {
      this.#hold(`actions ${end}`, ends[end], counts.actions.get(end) ?? 0);
    }
    this.#hold('acts done twice', duplicated, doings.duplicated);
    this.#hold('moves', moves, counts.moves);
    const { held = {}, gaveUp = 0, resumed = 0, fights = 0 } = rules.brakes ?? {};
    this.#hold('held back', sorted(held), sorted(Object.fromEntries(counts.held)));
    this.#hold('rules that gave up, resumed and fought', [gaveUp, resumed, fights],
      Object.values(counts.brakes));
  }

  #means(messages: boolean): void {
    const { availability, staleness, overlay } = this.#record.summary;
    const { means, counts } = this.#again;
    this.#nearly('share managed', availability.managedShare, means.managedShare);
    this.#nearly('share up', availability.resourcesUpShare, means.upShare);
    for (const name of ['seconds', 'whileHealthy'] as const) {
      const [told, again] = [staleness[name], means.staleness[name]];
      this.#nearly(`staleness, ${name}, mean`, told.mean, again.mean);
      this.#hold(`staleness, ${name}, max`, told.max, again.max);
      for (const quantile of ['p50', 'p95', 'p99'] as const) {
        const by = BIN * (again[quantile] ?? 0) + MICROSECOND;
        this.#nearly(`staleness, ${name}, ${quantile}`, told[quantile], again[quantile], by);
      }
    }
    const { count, mean, max } = overlay.hops;
    this.#hold('routes', count, counts.hops.length);
    if (!messages || count === 0) return;
    this.#nearly('hops', mean, counts.hops.reduce((a, b) => a + b, 0) / count);
    this.#hold('most hops', max, counts.hops.reduce((a, b) => Math.max(a, b)));
  }

  #doings(): void {
    const { repair, leaves, needless } = this.#record.summary;
    const { doings } = this.#again;
    this.#hold('repairs', [repair.count, repair.unrepaired],
      [doings.repairsUs.length, doings.unrepaired]);
    this.#statistics('repair', repair.seconds, statistics(doings.repairsUs));
    this.#hold('leaves', leaves.count, doings.leavesUs.length);
    this.#statistics('leave', leaves.seconds, statistics(doings.leavesUs));
    this.#hold('without need', needless, doings.needless);
  }

  #succession(messages: boolean): void {
    const { succession: { withoutRules, orphans, reportBytes } } = this.#record.summary;
    const { succession } = this.#again;
    this.#statistics('without global rules', withoutRules, statistics(succession.withoutUs));
    this.#statistics('orphans', orphans, statistics(succession.orphansUs));
    if (messages) this.#nearly('bytes of reports', reportBytes, succession.reportBytes);
  }

  #final(): void {
    const { final } = this.#record.summary;
    const { plane, means, healthy, coordinators } = this.#again;
    this.#hold('at the end', final, {
      healthy, coordinators, managers: means.liveManagers, resources: plane.live,
      unmanaged: plane.live - plane.held,
    });
  }
}

function microseconds(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds * 1e6);
}

function sorted(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
}
