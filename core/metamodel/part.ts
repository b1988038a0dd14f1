/**
 * A manager's part of the meta-model: the resources that it lists, in columns by row, with a
 * version for every change, so that the coordinator can be told just what it has not seen.
 */
import type { Token } from '../identity.js';
import type { PartDelta, PartEntry } from '../messages.js';
import type { Address } from '../process.js';
import type { Descriptor, ResourceState } from './entity.js';

const nothing = -1;
const states: readonly ResourceState[] = ['up', 'starting', 'stopped', 'down'];

// The numbers of a row are 8 of 8 bytes, so that a heartbeat touches one cache line of them.
const WIDTH = 8;
/** -1 where the row is free. */
const RESOURCE = 0;
const AGENT = 1;
/** As an index of `states`. */
const STATE = 2;
const INCARNATION = 3;
/** The version of the last change. */
const CHANGED_AT = 4;
/** The session in which the coordinator learnt the row's descriptor; see {@link Part.since}. */
const DESCRIBED_IN = 5;
/** Rows in order of their last change, as a linked list from the oldest to the newest. */
const OLDER = 6;
const NEWER = 7;

/** A resource that is no longer listed; told until the coordinator has acknowledged it. */
interface Tombstone {
  readonly version: number;
  readonly entry: PartEntry;
}

export class Part {
  // What a heartbeat needs comes first, so that it lies together.
  #numbers = new Float64Array(16 * WIDTH).fill(nothing);
  readonly #tokens: Token[] = [];
  /** Which life of the manager the versions belong to. */
  readonly incarnation: number;
  readonly #descriptors: Descriptor[] = [];
  readonly #metrics: (readonly number[] | null)[] = [];
  /** Values that the coordinator was last told, to compare with the resolution. */
  readonly #told: (readonly number[] | null)[] = [];
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
    return this.#tokens.length;
  }

  /** The row of a resource, or -1. */
  rowOf(resource: number): number {
    return this.#rowOf.get(resource) ?? nothing;
  }

  /** Whether the row, which may be any number, lists the resource under this very token object. */
  lists(row: number, resource: number, token: Token): boolean {
    return this.#tokens[row] === token && this.#numbers[row * WIDTH + RESOURCE] === resource;
  }

  /** Whether it is just this that the row is known to be. */
  isKnown(row: number, state: ResourceState, incarnation: number): boolean {
    const at = row * WIDTH;
    const numbers = this.#numbers;
    return numbers[at + INCARNATION] === incarnation && states[numbers[at + STATE]] === state;
  }

  /** -1 where the row is free. */
  resourceOf(row: number): number {
    return this.#numbers[row * WIDTH + RESOURCE];
  }

  agentOf(row: number): Address {
    return this.#numbers[row * WIDTH + AGENT];
  }

  stateOf(row: number): ResourceState {
    return states[this.#numbers[row * WIDTH + STATE]];
  }

  incarnationOf(row: number): number {
    return this.#numbers[row * WIDTH + INCARNATION];
  }

  tokenOf(row: number): Token {
    return this.#tokens[row];
  }

  descriptorOf(row: number): Descriptor {
    return this.#descriptors[row];
  }

  metricsOf(row: number): readonly number[] | null {
    return this.#metrics[row];
  }

  /** Lists a resource; it must not be listed yet. */
  add(entry: Omit<PartEntry, 'removed' | 'descriptor'> & { descriptor: Descriptor }): number {
    const row = this.#free.pop() ?? this.rows;
    const at = row * WIDTH;
    if (at === this.#numbers.length) this.#grow();
    this.#tokens[row] = entry.token;
    this.#descriptors[row] = entry.descriptor;
    this.#metrics[row] = entry.metrics;
    this.#told[row] = entry.metrics;
    this.#numbers[at + RESOURCE] = entry.resource;
    this.#numbers[at + AGENT] = entry.agent;
    this.#numbers[at + DESCRIBED_IN] = 0;
    this.#put(row, entry.state, entry.incarnation);
    this.#rowOf.set(entry.resource, row);
    this.#append(row);
    return row;
  }

  remove(row: number): void {
    this.#unlink(row);
    this.#version += 1;
    const entry = { ...this.#entry(row), removed: true, descriptor: null };
    this.#tombstones.push({ version: this.#version, entry });
    this.#rowOf.delete(this.resourceOf(row));
    this.#numbers[row * WIDTH + RESOURCE] = nothing;
    this.#free.push(row);
  }

  /** The listing goes on under another token, by which it may have come to another agent. */
  retoken(row: number, token: Token, agent: Address): void {
    this.#tokens[row] = token;
    this.#numbers[row * WIDTH + AGENT] = agent;
    this.#touch(row);
  }

  sense(row: number, state: ResourceState, incarnation: number): void {
    this.#put(row, state, incarnation);
    this.#touch(row);
  }

  /** Keeps the newest values; they go up only when one moved by its resolution. */
  measure(row: number, metrics: readonly number[], resolutions: readonly number[]): void {
    this.#metrics[row] = metrics;
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
    for (let row = this.#newest; row !== nothing; row = this.#link(row, OLDER)) {
      const version = this.#numbers[row * WIDTH + CHANGED_AT];
      if (version <= from) break;
      changes.push({ version, entry: this.#entry(row) });
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
    const isDescribed = this.#numbers[row * WIDTH + DESCRIBED_IN] === this.#session;
    return {
      resource: this.resourceOf(row),
      token: this.#tokens[row],
      removed: false,
      agent: this.agentOf(row),
      descriptor: isDescribed ? null : this.#descriptors[row],
      state: this.stateOf(row),
      incarnation: this.incarnationOf(row),
      metrics: this.#metrics[row],
    };
  }

  #put(row: number, state: ResourceState, incarnation: number): void {
    this.#numbers[row * WIDTH + STATE] = states.indexOf(state);
    this.#numbers[row * WIDTH + INCARNATION] = incarnation;
  }

  #touch(row: number): void {
    const at = row * WIDTH;
    if (this.#numbers[at + CHANGED_AT] <= this.#heldVersion) {
      this.#numbers[at + DESCRIBED_IN] = this.#session;
    }
    this.#unlink(row);
    this.#append(row);
  }

  #append(row: number): void {
    this.#version += 1;
    this.#numbers[row * WIDTH + CHANGED_AT] = this.#version;
    this.#setLink(row, OLDER, this.#newest);
    this.#setLink(row, NEWER, nothing);
    if (this.#newest !== nothing) this.#setLink(this.#newest, NEWER, row);
    this.#newest = row;
  }

  #unlink(row: number): void {
    const older = this.#link(row, OLDER);
    const newer = this.#link(row, NEWER);
    if (older !== nothing) this.#setLink(older, NEWER, newer);
    if (newer !== nothing) this.#setLink(newer, OLDER, older);
    else if (this.#newest === row) this.#newest = older;
  }

  #link(row: number, which: typeof OLDER | typeof NEWER): number {
    return this.#numbers[row * WIDTH + which];
  }

  #setLink(row: number, which: typeof OLDER | typeof NEWER, to: number): void {
    this.#numbers[row * WIDTH + which] = to;
  }

  #grow(): void {
    const numbers = new Float64Array(2 * this.#numbers.length).fill(nothing);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
  }
}
