/** The books of a running sweep: what is to be run, what has ended and how. */
import {
  measureIn,
  scalarsOf,
  type SweepDirectory,
  type SweepRow,
} from '../../analysis/sweep/index.js';
import type { FinishedRun } from '../../analysis/index.js';
import { deriveBounds } from '../../checker/bounds/index.js';
import { toYaml } from '../../experiment/scenario/index.js';
import {
  measuresOf, replicationSeed, scenarioOf, type Sweep,
} from '../../experiment/sweep/index.js';
import { runIds } from '../run-id.js';
import { isBroken } from '../../analysis/verdict.js';
import { Schedule, type Shard, type Slot } from './schedule.js';
import type { SweepTask, TaskPlugins } from './task.js';

/** One run; the same one may stand in several slots, if a variation changes nothing. */
interface Entry {
  readonly runId: string;
  readonly slots: Slot[];
  /** Messages expected. */
  readonly weight: number;
  share: number;
  outcome: Pick<SweepRow, 'status' | 'scalars'> | null;
}

/** What all runs have in common. */
export interface LedgerOptions {
  readonly sweep: Sweep;
  /** Of the built code and of plugins. */
  readonly code: string;
  readonly directory: SweepDirectory;
  readonly shard: Shard | null;
  readonly plugins: TaskPlugins;
  /** That makes a run again, in its directory. */
  readonly command: string;
}

export class Ledger {
  private readonly sweep: Sweep;
  private readonly directory: SweepDirectory;
  private readonly common: Pick<SweepTask, 'code' | 'plugins' | 'command'>;
  private readonly schedule: Schedule;
  private readonly entries = new Map<string, Entry>();
  private readonly weights: readonly number[];
  /** Not yet given to anyone, the heaviest last. */
  private readonly waiting: Entry[] = [];
  /** Of all runs and of what is done of them; ended runs, and those of them that crashed. */
  private weight = 0;
  private doneWeight = 0;
  private ended = 0;
  private crashes = 0;
  /** Given to a worker that has not told how it ended. */
  private readonly given = new Set<Entry>();
  /** The cells that were named and printed last: their replications follow each other. */
  private named: { readonly cell: number; readonly idOf: (seed: number) => string } | null = null;
  private printed: { readonly cell: number; readonly yaml: string } | null = null;

  constructor({ sweep, code, directory, shard, plugins, command }: LedgerOptions) {
    this.sweep = sweep;
    this.directory = directory;
    this.common = { code, plugins, command };
    this.weights = sweep.cells.map(({ scenario }) => {
      return 1 + deriveBounds(scenario).expected.total * scenario.durationUs;
    });
    this.schedule = new Schedule(sweep.cells.length, sweep.replications, shard);
    this.want(this.schedule.first);
  }

  /** Takes finished runs of another sweep that this one wants too, and those that are here. */
  extend(other: SweepDirectory): void {
    for (let wanted = 0; wanted < this.entries.size; ) {
      wanted = this.entries.size;
      for (const { runId } of this.waiting) {
        if (this.directory.finished(runId) || !other.finished(runId)) continue;
        this.directory.adopt(other, runId);
      }
      // By what they measured, more may be wanted now.
      this.resume();
    }
  }

  /** Counts what an earlier sweep finished in the directory. */
  resume(): void {
    for (let found = true; found; ) {
      found = false;
      for (const entry of this.waiting.splice(0)) {
        const finished = this.directory.finished(entry.runId);
        if (finished === undefined) this.waiting.push(entry);
        else {
          found = true;
          this.close(entry, finished, null);
        }
      }
    }
    this.sort();
  }

  /** The heaviest first, so that no worker is left with a long run at the end. */
  next(): SweepTask | null {
    const entry = this.waiting.pop();
    if (!entry) return null;
    this.given.add(entry);
    const [{ cell, replication }] = entry.slots;
    return {
      runId: entry.runId,
      scenario: this.yamlOf(cell, replication),
      directory: this.directory.run(entry.runId),
      ...this.common,
    };
  }

  /** Printing takes milliseconds, and replications differ by their seed only. */
  private yamlOf(cell: number, replication: number): string {
    if (this.printed?.cell !== cell) {
      this.printed = { cell, yaml: toYaml(scenarioOf(this.sweep, cell, 1)) };
    }
    const seed = replicationSeed(this.sweep.seed, replication);
    return this.printed.yaml.replace(/^seed: .*$/m, `seed: ${seed}`);
  }

  get left(): number {
    return this.waiting.length;
  }

  progress(runId: string, share: number): void {
    this.move(this.entries.get(runId)!, share);
  }

  private move(entry: Entry, share: number): void {
    this.doneWeight += entry.weight * (share - entry.share);
    entry.share = share;
  }

  /** @param crashed - why, if it did */
  end(runId: string, crashed: string | null): void {
    // A worker may die between its run's completion and the news of it.
    this.close(this.entries.get(runId)!, this.directory.finished(runId), crashed);
  }

  private close(entry: Entry, finished: FinishedRun | undefined, crashed: string | null): void {
    const { runId } = entry;
    if (finished) this.directory.recovered(runId);
    else this.directory.crashed(runId, crashed ?? 'the run left no results');
    this.given.delete(entry);
    this.move(entry, 1);
    entry.outcome = outcomeOf(finished);
    this.ended += 1;
    if (entry.outcome.status === 'crashed') this.crashes += 1;
    // Slots that come along meanwhile close themselves.
    const slots = entry.slots.slice();
    for (const slot of slots) this.fill(slot, entry);
  }

  /** Counts what workers finished without our hearing of it: we were interrupted meanwhile. */
  collect(): void {
    for (const { runId } of this.given) {
      if (this.directory.finished(runId)) this.end(runId, null);
    }
  }

  done(): { runs: number; of: number; crashed: number; share: number } {
    return {
      runs: this.ended,
      of: this.entries.size,
      crashed: this.crashes,
      share: this.doneWeight / this.weight,
    };
  }

  /** Of all runs that have ended, in design order. */
  rows(): SweepRow[] {
    const placed = [...this.entries.values()].flatMap(({ runId, slots, outcome }) =>
      outcome === null ? [] : slots.map((slot) => ({ slot, runId, outcome })),
    );
    placed.sort((a, b) => a.slot.cell - b.slot.cell || a.slot.replication - b.slot.replication);
    return placed.map(({ slot: { cell, replication }, runId, outcome }) => ({
      runId,
      status: outcome.status,
      seed: scenarioOf(this.sweep, cell, replication).seed,
      replication,
      values: this.sweep.cells[cell].values,
      cell: cell + 1,
      scalars: outcome.scalars,
    }));
  }

  /** To name a run takes a printed scenario, and replications differ by their seed only. */
  private nameOf({ cell, replication }: Slot): string {
    if (this.named?.cell !== cell) {
      const { scenario } = this.sweep.cells[cell];
      const { code } = this.common;
      this.named = { cell, idOf: runIds({ world: 'sim', scenario, code, started: '' }) };
    }
    return this.named.idOf(replicationSeed(this.sweep.seed, replication));
  }

  private want(slots: readonly Slot[]): void {
    for (const slot of slots) {
      const runId = this.nameOf(slot);
      const known = this.entries.get(runId);
      if (known) {
        known.slots.push(slot);
        if (known.outcome) this.fill(slot, known);
        continue;
      }
      const weight = this.weights[slot.cell];
      const entry: Entry = { runId, slots: [slot], weight, share: 0, outcome: null };
      this.entries.set(runId, entry);
      this.waiting.push(entry);
      this.weight += weight;
    }
    if (slots.length > 0) this.sort();
  }

  /** Of equals, the first of the design comes first. */
  private sort(): void {
    this.waiting.sort((a, b) => a.weight - b.weight || order(b.slots[0], a.slots[0]));
  }

  private fill(slot: Slot, { outcome }: Entry): void {
    const values = measuresOf(this.sweep.replications).map((measure) =>
      outcome === null ? null : measureIn(outcome.scalars, measure));
    this.want(this.schedule.end(slot, values));
  }
}

function order(a: Slot, b: Slot): number {
  return a.cell - b.cell || a.replication - b.replication;
}

export function outcomeOf(finished: FinishedRun | undefined): Pick<SweepRow, 'status' | 'scalars'> {
  if (!finished) return { status: 'crashed', scalars: {} };
  const status = isBroken(finished) ? 'broken' : 'ok';
  return { status, scalars: scalarsOf(finished.summary) };
}
