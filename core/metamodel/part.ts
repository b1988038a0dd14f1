/**
 * A manager's part of the meta-model: the resources that it lists, in columns by row, with a
 * version for every change, so that the coordinator can be told just what it has not seen.
 */
import type { Token } from '../identity.js';
import type { PartDelta, PartEntry } from '../messages.js';
import type { Address } from '../process.js';
import type { Descriptor, ResourceState } from './entity.js';

const nothing = -1;

/** A resource that is no longer listed; told until the coordinator has acknowledged it. */
interface Tombstone {
  readonly version: number;
  readonly entry: PartEntry;
}

export class Part {
  /** Which life of the manager the versions belong to. */
  readonly incarnation: number;
  /** Resource per row; -1 where the row is free. */
  readonly resources: number[] = [];
  readonly agents: Address[] = [];
  readonly tokens: Token[] = [];
  readonly descriptors: Descriptor[] = [];
  readonly states: ResourceState[] = [];
  readonly incarnations: number[] = [];
  readonly metrics: (readonly number[] | null)[] = [];
  /** Values that the coordinator was last told, to compare with the resolution. */
  readonly #told: (readonly number[] | null)[] = [];
  readonly #changedAt: number[] = [];
  /** The session in which the coordinator learnt the row's descriptor; see {@link since}. */
  readonly #describedIn: number[] = [];
  /** Rows in order of their last change, as a linked list from the oldest to the newest. */
  readonly #older: number[] = [];
  readonly #newer: number[] = [];
  #newest = nothing;
  readonly #rowOf = new Map<number, number>();
  readonly #free: number[] = [];
  #tombstones: Tombstone[] = [];
  #version = 0;
  /** The version that the coordinator holds, as far as is known. */
  #heldVersion = 0;
  /** Counts how often the coordinator turned out to hold less than before. */
  #session = 1;

  constructor(incarnation: number) {
    this.incarnation = incarnation;
  }

  get version(): number {
    return this.#version;
  }

  /** How many resources are listed. */
  get size(): number {
    return this.#rowOf.size;
  }

  /** One more than the greatest row ever used. */
  get rows(): number {
    return this.resources.length;
  }

  /** The row of a resource, or -1. */
  rowOf(resource: number): number {
    return this.#rowOf.get(resource) ?? nothing;
  }

  /** Lists a resource; it must not be listed yet. */
  add(entry: Omit<PartEntry, 'removed' | 'descriptor'> & { descriptor: Descriptor }): number {
    const row = this.#free.pop() ?? this.resources.length;
    this.resources[row] = entry.resource;
    this.agents[row] = entry.agent;
    this.tokens[row] = entry.token;
    this.descriptors[row] = entry.descriptor;
    this.states[row] = entry.state;
    this.incarnations[row] = entry.incarnation;
    this.metrics[row] = entry.metrics;
    this.#told[row] = entry.metrics;
    this.#older[row] = this.#newer[row] = nothing;
    this.#rowOf.set(entry.resource, row);
    this.#describedIn[row] = 0;
    this.#append(row);
    return row;
  }

  remove(row: number): void {
    this.#unlink(row);
    this.#version += 1;
    const entry = { ...this.#entry(row), removed: true, descriptor: null };
    this.#tombstones.push({ version: this.#version, entry });
    this.#rowOf.delete(this.resources[row]);
    this.resources[row] = nothing;
    this.#free.push(row);
  }

  /** The listing goes on under another token. */
  retoken(row: number, token: Token): void {
    this.tokens[row] = token;
    this.#touch(row);
  }

  sense(row: number, state: ResourceState, incarnation: number): void {
    this.states[row] = state;
    this.incarnations[row] = incarnation;
    this.#touch(row);
  }

  /** Keeps the newest values; they go up only when one moved by its resolution. */
  measure(row: number, metrics: readonly number[], resolutions: readonly number[]): void {
    this.metrics[row] = metrics;
    const told = this.#told[row];
    const moved = told === null || told === undefined ||
      metrics.some((value, index) => Math.abs(value - told[index]) >= resolutions[index]);
    if (moved) {
      this.#told[row] = metrics;
      this.#touch(row);
    }
  }

  /**
   * Everything that changed after version `from`, oldest first, cut into deltas of at most `limit`
   * entries that continue each other; at least one, maybe empty. The coordinator holds `from`: a
   * row that had not changed since by then is described to it, all others have to be.
   */
  since(from: number, limit: number): PartDelta[] {
    if (from < this.#heldVersion) this.#session += 1;
    this.#heldVersion = from;
    const changes: { version: number; entry: PartEntry }[] = [];
    for (let row = this.#newest; row !== nothing; row = this.#older[row]!) {
      if (this.#changedAt[row] <= from) break;
      changes.push({ version: this.#changedAt[row], entry: this.#entry(row) });
    }
    changes.reverse();
    // To one who knows nothing there is nothing to take back.
    const gone = from === 0 ? [] : this.#tombstones.filter(({ version }) => version > from);
    if (gone.length > 0) {
      changes.push(...gone);
      changes.sort((a, b) => a.version - b.version);
    }
    const deltas: PartDelta[] = [];
    let start = from;
    for (let index = 0; index < changes.length || deltas.length === 0; index += limit) {
      const cut = changes.slice(index, index + limit);
      const last = index + limit >= changes.length;
      const to = last ? this.#version : cut.at(-1)!.version;
      const entries = cut.map(({ entry }) => entry);
      deltas.push({ incarnation: this.incarnation, from: start, to, entries });
      start = to;
    }
    return deltas;
  }

  /** The coordinator holds everything up to `version`: older tombstones are done with. */
  acknowledged(version: number): void {
    if (version > this.#heldVersion) this.#heldVersion = version;
    if (this.#tombstones.length === 0) return;
    this.#tombstones = this.#tombstones.filter((tombstone) => tombstone.version > version);
  }

  #entry(row: number): PartEntry {
    return {
      resource: this.resources[row],
      token: this.tokens[row],
      removed: false,
      agent: this.agents[row],
      descriptor: this.#describedIn[row] === this.#session ? null : this.descriptors[row],
      state: this.states[row],
      incarnation: this.incarnations[row],
      metrics: this.metrics[row]!,
    };
  }

  #touch(row: number): void {
    if (this.#changedAt[row] <= this.#heldVersion) this.#describedIn[row] = this.#session;
    this.#unlink(row);
    this.#append(row);
  }

  #append(row: number): void {
    this.#version += 1;
    this.#changedAt[row] = this.#version;
    this.#older[row] = this.#newest;
    this.#newer[row] = nothing;
    if (this.#newest !== nothing) this.#newer[this.#newest] = row;
    this.#newest = row;
  }

  #unlink(row: number): void {
    const older = this.#older[row];
    const newer = this.#newer[row];
    if (older !== nothing) this.#newer[older] = newer;
    if (newer !== nothing) this.#older[newer] = older;
    else if (this.#newest === row) this.#newest = older;
  }
}
