/** A run held to its own trace: what differs, in words; nothing where all is as it should be. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRecorder, type RunRecord } from '../../analysis/index.js';
import { TraceFile } from '../../analysis/trace-file.js';
import { buildInventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import type { HealthWindows } from '../../checker/health/index.js';
import type { RunResult } from '../../experiment/world.js';
import { runSimulation } from '../../sim/index.js';
import { recorded } from '../live/recorded.js';
import { Counts, linesOf, type Line } from './counts.js';
import { episodesOf } from './plane.js';

interface Finished {
  readonly record: RunRecord;
  readonly result: RunResult;
  readonly bounds: HealthWindows;
}

/** @param laterUs - added to J, where it is to be seen that a wrong window is noticed */
export function differences(scenario: ResolvedScenario, laterUs = 0): Promise<string[]> {
  return held(scenario, laterUs, async (trace) => {
    const inventory = buildInventory(scenario);
    const recorder = createRecorder(scenario, inventory);
    const result = await runSimulation(scenario, inventory, {
      sinks: [...recorder.sinks, trace],
      messages: trace,
      samplePeriodUs: recorder.samplePeriodUs,
      sample: (timeUs, counters) => recorder.sample(timeUs, counters),
      instants: recorder.instants,
      progress: () => true,
    });
    return { record: recorder.finish(result), result, bounds: recorder.bounds };
  });
}

/** Of a live run, whose trace has no messages. */
export function liveDifferences(scenario: ResolvedScenario): Promise<string[]> {
  return held(scenario, 0, (trace) => recorded(scenario, { sinks: [trace] }));
}

async function held(
  scenario: ResolvedScenario, laterUs: number, run: (trace: TraceFile) => Promise<Finished>,
): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'howdah-again-'));
  try {
    const path = join(directory, 'trace.jsonl');
    const trace = new TraceFile(path);
    const { record, result, bounds: windows } = await run(trace);
    trace.close();
    const counts = new Counts(scenario.warmUpUs);
    const observed: Line[] = [];
    for await (const line of linesOf(path)) {
      counts.add(line);
      if (!line.type.startsWith('message-') && line.type !== 'hosts') observed.push(line);
    }
    const inventory = buildInventory(scenario);
    const episodes = episodesOf({
      inventory, lines: observed, endUs: result.endUs,
      windows: { ...windows, registrationUs: windows.registrationUs + laterUs },
      warmUpUs: scenario.warmUpUs, holdUs: scenario.measure.holdUs,
    });
    const messages = result.live === undefined ? messagesApart(record, counts) : [];
    return [...messages, ...countsApart(record, counts), ...episodesApart(record, episodes)];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Each with its name, where the two are not the same. */
class Apart {
  readonly words: string[] = [];

  hold(what: string, told: unknown, again: unknown): void {
    const [a, b] = [told, again].map((value) => JSON.stringify(value));
    if (a !== b) this.words.push(`${what}: ${a} told, ${b} by the trace`);
  }
}

function messagesApart({ summary, messages }: RunRecord, again: Counts): string[] {
  const apart = new Apart();
  for (const row of messages) {
    const own = again.byType.get(row.type);
    for (const what of ['sent', 'duplicated', 'delivered', 'dropped', 'bytes'] as const) {
      apart.hold(`${row.type} ${what}`, row[what], own?.[what] ?? 0);
      if (what === 'sent' || what === 'bytes') {
        const told = summary.messages.byType[row.type]?.[what] ?? 0;
        apart.hold(`summary's ${row.type} ${what}`, told, own?.[what] ?? 0);
      }
    }
  }
  const { sent, duplicated, delivered, dropped, droppedBy, inFlight } = summary.messages;
  apart.hold('sent', sent, again.sum('sent'));
  apart.hold('in flight', inFlight, sent + duplicated - delivered - dropped);
  for (const [cause, count] of Object.entries(droppedBy)) {
    apart.hold(`dropped by ${cause}`, count, again.droppedBy.get(cause) ?? 0);
  }
  return apart.words;
}

function countsApart({ summary, faults }: RunRecord, again: Counts): string[] {
  const apart = new Apart();
  const { byKind } = summary.faults;
  apart.hold('faults', sorted(byKind), sorted(Object.fromEntries(again.faultsByKind)));
  const rows = [...faults];
  apart.hold('rows of faults', rows.length, again.faults.size);
  for (const row of rows) {
    const own = again.faults.get(row.fault);
    apart.hold(`fault ${row.fault} began`, microseconds(row.time_s), own?.beganUs);
    apart.hold(`fault ${row.fault} over`, microseconds(row.cleared_s), own?.clearedUs);
  }
  apart.hold('rules', sorted(summary.rules.byRule), sorted(Object.fromEntries(again.rules)));
  const { started, duplicated: _twice, ...ends } = summary.rules.actions;
  apart.hold('actions started', started, again.started);
  const ended = Object.values(ends).reduce((sum, count) => sum + count);
  apart.hold('actions started and ended', started, ended);
  for (const end of Object.keys(ends) as (keyof typeof ends)[]) {
    apart.hold(`actions ${end}`, ends[end], again.actions.get(end) ?? 0);
  }
  apart.hold('moves', summary.moves, again.moves);
  apart.hold('changes of the role', summary.elections.roleChanges, again.roleChanges);
  apart.hold('routes', summary.overlay.hops.count, again.hops.length);
  return apart.words;
}

function microseconds(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds * 1e6);
}

function sorted(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
}

function episodesApart(
  { episodes, summary }: RunRecord, again: ReturnType<typeof episodesOf>,
): string[] {
  const apart = new Apart();
  apart.hold('episodes', episodes.length, again.length);
  apart.hold('summary\'s episodes', summary.recovery.episodes, again.length);
  for (const [index, row] of episodes.entries()) {
    const own = again[index];
    if (own === undefined) break;
    const us = microseconds;
    const name = `episode ${index + 1}`;
    apart.hold(`${name} start`, us(row.start_s), own.startUs);
    apart.hold(`${name} end`, us(row.end_s), own.endUs);
    apart.hold(`${name} last fault`, us(row.last_fault_s), own.lastFaultUs(us(row.bound_s)));
    apart.hold(`${name} faults`, row.faults, own.faults);
    apart.hold(`${name} elected`, us(row.elected_s), own.electedUs);
    apart.hold(`${name} re-registered`, us(row.reregistered_s), own.reregisteredUs);
    apart.hold(`${name} synced`, us(row.synced_s), own.syncedUs);
  }
  return apart.words;
}
