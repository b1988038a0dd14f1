/**
 * A manager's part of the meta-model: the resources that it lists, in columns by row, with a
 * version for every change, so that the coordinator can be told just what it has not seen.
 */
import { BallotNumbers } from '../ballot-numbers.js';
import type { Address, Ballot, Token } from '../identity.js';
import type { PartDelta, PartEntry } from './delta.js';
import { RowArena } from '../row-arena.js';
import { states, type Descriptor, type ResourceState } from './entity.js';

const nothing = -1;

// A row is 64 bytes, and what a heartbeat needs comes first: one or two cache lines.
const DOUBLES = 8;
const TOKEN_SEQUENCE = 0;
const INCARNATION = 1;
/** The version of the last change. */
const CHANGED_AT = 2;
/** The session in which the coordinator learnt the row's descriptor; see {@link Part.since}. */
const DESCRIBED_IN = 3;
const INTS = 2 * DOUBLES;
/** -1 where the row is free. */
const RESOURCE = 8;
const TOKEN_BALLOT = 9;
/** As an index of `states`. */
const STATE = 10;
const AGENT = 11;
/** Rows in order of their last change, as a linked list from the oldest to the newest. */
const OLDER = 12;
const NEWER = 13;
/** What rules saw of its metrics when they last looked, see `core/rules/thresholds.ts`. */
const SIDE = 14;

/**
 * A resource that is no longer listed; told until the coordinator and those who keep a copy of the
 * part have acknowledged it.
 */
interface Tombstone {
  readonly version: number;
  readonly entry: PartEntry;
}

/** Of a part that lists nothing. */
const mostForCopies = 1_000;

/** The rows of the parts of all managers in one program. */
export class PartTable {
  readonly rows = new RowArena(DOUBLES);
  readonly ballots = new BallotNumbers();
}

export class Part {
  // What a heartbeat needs comes first, so that it lies together.
  readonly #rows: RowArena;
  readonly #ballots: BallotNumbers;
  /** Where the rows of this part begin, and how many fit. */
  #first: number;
  #capacity: number;
  /** Which life of the manager the versions belong to. */
  readonly incarnation: number;
  readonly #owner: number;
  readonly #tokens: Token[] = [];
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
  /** The greatest that any coordinator has acknowledged. */
  #acknowledged = 0;
  /** Of what was removed by then nothing is known any more, or not all. */
  #forgottenTo = 0;
  /** Counts how often the coordinator turned out to hold less than before. */
  #session = 1;

  /** @param owner - tells the parts in `table` apart */
  constructor(incarnation: number, owner = 0, table = new PartTable()) {
    this.incarnation = incarnation;
    this.#owner = owner;
    this.#rows = table.rows;
    this.#ballots = table.ballots;
    const { first, rows } = table.rows.claim(owner);
    this.#first = first;
    this.#capacity = rows;
    this.#vacate(0);
  }

  get version(): number {
    return this.#version;
  }

  /** Who holds less than that can only be told everything. */
  get forgottenTo(): number {
    return this.#forgottenTo;
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

  /**
   * Whether the row, which may be any number, lists the resource under the token of this sequence
   * and this very ballot object.
   */
  lists(row: number, resource: number, ballot: Ballot, sequence: number): boolean {
    if (!(row >= 0 && row < this.#capacity)) return false;
    const { doubles, ints } = this.#rows;
    const at = this.#first + row;
    return ints[at * INTS + RESOURCE] === resource &&
      doubles[at * DOUBLES + TOKEN_SEQUENCE] === sequence &&
      this.#ballots.ballot(ints[at * INTS + TOKEN_BALLOT]) === ballot;
  }

  /** Whether it is just this that the row is known to be. */
  isKnown(row: number, state: ResourceState, incarnation: number): boolean {
    return this.incarnationOf(row) === incarnation && this.stateOf(row) === state;
  }

  /** -1 where the row is free. */
  resourceOf(row: number): number {
    return this.#int(row, RESOURCE);
  }

  agentOf(row: number): Address {
    return this.#int(row, AGENT);
  }

  stateOf(row: number): ResourceState {
    return states[this.#int(row, STATE)];
  }

  incarnationOf(row: number): number {
    return this.#double(row, INCARNATION);
  }

  /** -1: rules have to look, whatever its metrics are. */
  sideOf(row: number): number {
    return this.#int(row, SIDE);
  }

  setSide(row: number, side: number): void {
    this.#setInt(row, SIDE, side);
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
    if (row === this.#capacity) this.#grow();
    this.#setToken(row, entry.token);
    this.#descriptors[row] = entry.descriptor;
    this.#metrics[row] = entry.metrics;
    this.#told[row] = entry.metrics;
    this.#setInt(row, RESOURCE, entry.resource);
    this.#setInt(row, AGENT, entry.agent);
    this.#setInt(row, SIDE, nothing);
    this.#setDouble(row, DESCRIBED_IN, 0);
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
    this.#setInt(row, RESOURCE, nothing);
    this.#free.push(row);
  }

  /** The listing goes on under another token, by which it may have come to another agent. */
  retoken(row: number, token: Token, agent: Address): void {
    this.#setToken(row, token);
    this.#setInt(row, AGENT, agent);
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
    if (told === null || told === undefined || moved(metrics, told, resolutions)) this.#touch(row);
  }

  /**
   * Everything that changed after version `from`, oldest first, cut into deltas of at most `limit`
   * entries that continue each other; at least one, maybe empty. The coordinator holds `from`: a
   * row that had not changed since by then is described to it, all others have to be.
   */
  since(from: number, limit: number): PartDelta[] {
    if (from < this.#heldVersion) this.#session += 1;
    this.#heldVersion = from;
    return this.#changes(from, limit, true);
  }

  /** The same for who knows all descriptors, which says nothing of what the coordinator holds. */
  sinceForCopy(from: number, limit: number): PartDelta[] {
    return this.#changes(from, limit, false);
  }

  #changes(from: number, limit: number, describes: boolean): PartDelta[] {
    const changes: { version: number; entry: PartEntry }[] = [];
    for (let row = this.#newest; row !== nothing; row = this.#int(row, OLDER)) {
      const version = this.#double(row, CHANGED_AT);
      if (version <= from) break;
      changes.push({ version, entry: this.#entry(row, describes) });
    }
    changes.reverse();
    // Also to one who knows nothing: what it ordered itself may have come and gone since.
    const goneFrom = from === 0 ? this.#acknowledged : from;
    const gone = this.#tombstones.filter(({ version }) => version > goneFrom);
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

  /**
   * The coordinator holds everything up to `version`, and all who keep a copy up to `copied`: older
   * tombstones are done with. Not many more are kept for copies than resources are listed.
   */
  acknowledged(version: number, copied = version): void {
    if (version > this.#heldVersion) this.#heldVersion = version;
    this.#acknowledged = Math.max(this.#acknowledged, version);
    if (this.#tombstones.length === 0) return;
    const isMany = this.#tombstones.length > mostForCopies + this.size;
    const upTo = isMany ? version : Math.min(version, copied);
    const kept = this.#tombstones.filter((tombstone) => tombstone.version > upTo);
    if (kept.length === this.#tombstones.length) return;
    this.#tombstones = kept;
    this.#forgottenTo = Math.max(this.#forgottenTo, upTo);
  }

  #entry(row: number, describes = true): PartEntry {
    const isDescribed = !describes || this.#double(row, DESCRIBED_IN) === this.#session;
    return {
      resource: this.resourceOf(row),
      token: this.#tokens[row],
      removed: false,
      agent: this.agentOf(row),
      descriptor: isDescribed ? null : this.#descriptors[row],
      state: this.stateOf(row),
      incarnation: this.incarnationOf(row),
      // The same for all who ask for this version, whichever of the answers arrives.
      metrics: this.#told[row],
    };
  }

  #setToken(row: number, token: Token): void {
    this.#tokens[row] = token;
    this.#setDouble(row, TOKEN_SEQUENCE, token.sequence);
    this.#setInt(row, TOKEN_BALLOT, this.#ballots.of(token.ballot));
  }

  #put(row: number, state: ResourceState, incarnation: number): void {
    this.#setInt(row, STATE, states.indexOf(state));
    this.#setDouble(row, INCARNATION, incarnation);
  }

  #touch(row: number): void {
    if (this.#double(row, CHANGED_AT) <= this.#heldVersion) {
      this.#setDouble(row, DESCRIBED_IN, this.#session);
    }
    this.#told[row] = this.#metrics[row];
    this.#unlink(row);
    this.#append(row);
  }

  #append(row: number): void {
    this.#version += 1;
    this.#setDouble(row, CHANGED_AT, this.#version);
    this.#setInt(row, OLDER, this.#newest);
    this.#setInt(row, NEWER, nothing);
    if (this.#newest !== nothing) this.#setInt(this.#newest, NEWER, row);
    this.#newest = row;
  }

  #unlink(row: number): void {
    const older = this.#int(row, OLDER);
    const newer = this.#int(row, NEWER);
    if (older !== nothing) this.#setInt(older, NEWER, newer);
    if (newer !== nothing) this.#setInt(newer, OLDER, older);
    else if (this.#newest === row) this.#newest = older;
  }

  #int(row: number, column: number): number {
    return this.#rows.ints[(this.#first + row) * INTS + column];
  }

  #setInt(row: number, column: number, value: number): void {
    this.#rows.ints[(this.#first + row) * INTS + column] = value;
  }

  #double(row: number, column: number): number {
    return this.#rows.doubles[(this.#first + row) * DOUBLES + column];
  }

  #setDouble(row: number, column: number, value: number): void {
    this.#rows.doubles[(this.#first + row) * DOUBLES + column] = value;
  }

  /** Rows from `row` on were never used by this part. */
  #vacate(row: number): void {
    for (let one = row; one < this.#capacity; one += 1) this.#setInt(one, RESOURCE, nothing);
  }

  #grow(): void {
    const { first, rows } = this.#rows.enlarge(this.#owner, this.#capacity + 1);
    const former = this.#capacity;
    this.#first = first;
    this.#capacity = rows;
    this.#vacate(former);
  }
}

/** Whether any did by its resolution: asked with each heartbeat. */
function moved(
  metrics: readonly number[], told: readonly number[], resolutions: readonly number[],
): boolean {
  for (let index = 0; index < metrics.length; index += 1) {
    if (Math.abs(metrics[index] - told[index]) >= resolutions[index]) return true;
  }
  return false;
}
