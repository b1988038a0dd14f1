/**
 * Which resources there are: what was registered and not decommissioned, whoever holds it and
 * whether it lives. Copies of it (the coordinator's, its standbys', one on the disk of a host that
 * returns) merge into one, in whatever order, without a record of what was decommissioned: the
 * optimised observed-remove set (Bieniusa et al., "An optimized conflict-free replicated set",
 * 2012). Each registration has a *number*, the ballot that it was entered under and its place
 * there. A copy knows per ballot how far it has counted; a number that it has passed and does not
 * hold was decommissioned.
 */
import { BallotNumbers } from '../ballot-numbers.js';
import { compareTokens, type Address, type Ballot, type Token } from '../identity.js';
import type { Descriptor } from './entity.js';

export interface Registered {
  readonly resource: number;
  readonly number: Token;
  readonly agent: Address;
  /** Which life of the resource was registered. */
  readonly incarnation: number;
  readonly descriptor: Descriptor;
}

/** One entry of a copy; without a descriptor: decommissioned. */
export interface InventoryChange {
  readonly resource: number;
  readonly number: Token;
  readonly agent: Address;
  readonly incarnation: number;
  readonly descriptor: Descriptor | null;
}

/** What a copy has counted: all numbers up to these, one for each ballot; and single ones. */
export interface Passed {
  readonly upTo: readonly Token[];
  readonly single: readonly Token[];
}

/** A part of the changes after a version. */
export interface InventoryPiece {
  readonly from: number;
  readonly to: number;
  readonly entries: readonly InventoryChange[];
  /** With it, all changes are told. */
  readonly isLast: boolean;
}

// Rows lie in pages by resource number, so that one number far beyond the others takes one page.
const pageRows = 1_024;
const INTS = 5;
const AGENT = 0;
/** -1 where nothing is registered. */
const BALLOT = 1;
/** Resources in the order of their last change, from the oldest to the newest; -1: none. */
const OLDER = 2;
const NEWER = 3;
const INCARNATION = 4;
const DOUBLES = 2;
const SEQUENCE = 0;
const CHANGED_AT = 1;
const nothing = -1;

/** Bytes of a row, with the reference to its descriptor. */
export const inventoryRowBytes = 4 * INTS + 8 * DOUBLES + 8;

interface Page {
  readonly ints: Int32Array;
  readonly doubles: Float64Array;
  readonly descriptors: (Descriptor | null)[];
}

export class Inventory {
  readonly #ballots = new BallotNumbers();
  readonly #pages: (Page | undefined)[] = [];
  /** By ballot number: how far it has been counted under it. */
  readonly #upTo: number[] = [];
  /** Numbers of what was removed that is not among those: only where history was lost. */
  readonly #single = new Map<string, Token>();
  /** The same in order; null: to be put in order. */
  #inOrder: readonly Token[] | null = [];
  #oldest = nothing;
  #newest = nothing;
  #size = 0;
  #version = 0;
  #checksum = 0;
  /** Decommissioned since the oldest version that some copy may still have to be told. */
  #removals: { readonly version: number; readonly change: InventoryChange }[] = [];

  get size(): number {
    return this.#size;
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  /** Equal for copies that hold the same numbers. */
  get checksum(): number {
    return this.#checksum;
  }

  /** Nothing was ever registered, as far as is known here. */
  get isBlank(): boolean {
    return this.#size === 0 && this.#upTo.length === 0 && this.#single.size === 0;
  }

  has(resource: number): boolean {
    return (this.#page(resource)?.ints[at(resource) * INTS + BALLOT] ?? nothing) !== nothing;
  }

  /** Null: it is not registered. */
  number(resource: number): Token | null {
    if (!this.has(resource)) return null;
    const sequence = this.#page(resource)!.doubles[at(resource) * DOUBLES + SEQUENCE];
    return { ballot: this.#ballots.ballot(this.#int(resource, BALLOT)), sequence };
  }

  /** Null: it is not registered. */
  entry(resource: number): Registered | null {
    const number = this.number(resource);
    if (number === null) return null;
    const descriptor = this.#page(resource)!.descriptors[at(resource)]!;
    return {
      resource, number, agent: this.#int(resource, AGENT),
      incarnation: this.#int(resource, INCARNATION), descriptor,
    };
  }

  /** All that is registered, the longest unchanged first. Not to be changed meanwhile. */
  *resources(): Generator<number> {
    let resource = this.#oldest;
    for (; resource !== nothing; resource = this.#int(resource, NEWER)) yield resource;
  }

  /** Whether the number has been passed: not held, it was decommissioned. */
  passes(number: Token): boolean {
    const ballot = this.#ballots.find(number.ballot);
    if (ballot < 0) return false;
    return number.sequence <= (this.#upTo[ballot] ?? 0) ||
      this.#single.has(keyOf(ballot, number.sequence));
  }

  get passed(): Passed {
    const upTo: Token[] = [];
    for (const [index, sequence] of this.#upTo.entries()) {
      if (sequence > 0) upTo.push({ ballot: this.#ballots.ballot(index), sequence });
    }
    this.#inOrder ??= [...this.#single.values()].sort(compareTokens);
    return { upTo: upTo.sort(compareTokens), single: this.#inOrder };
  }

  /** Whether both have counted the same; with an equal checksum they hold the same. */
  hasPassed({ upTo, single }: Passed): boolean {
    const own = this.passed;
    const same = (some: readonly Token[], others: readonly Token[]): boolean =>
      some.length === others.length &&
      some.every((one, index) => compareTokens(one, others[index]) === 0);
    return same(own.upTo, upTo) && same(own.single, single);
  }

  // -- changes

  /** A resource that is not registered gets the next number under the ballot. */
  register(entry: Omit<Registered, 'number'>, ballot: Ballot): void {
    const index = this.#ballots.of(ballot);
    const sequence = (this.#upTo[index] ?? 0) + 1;
    this.#count(index, sequence);
    this.#put({ ...entry, number: { ballot, sequence } });
  }

  /** From elsewhere. False: it is known, or was decommissioned. The greater number stays. */
  enter(entry: Registered): boolean {
    const held = this.number(entry.resource);
    const order = compareTokens(entry.number, held);
    if (order === 0 || this.passes(entry.number)) return false;
    if (order < 0) {
      this.#pass(entry.number);
      return false;
    }
    this.#put(entry);
    if (held !== null) this.#pass(held);
    return true;
  }

  /** Decommissions what is registered. */
  remove(resource: number): Registered {
    const entry = this.entry(resource)!;
    const { number } = entry;
    this.#unlink(resource);
    this.#setInt(resource, BALLOT, nothing);
    this.#page(resource)!.descriptors[at(resource)] = null;
    this.#size -= 1;
    this.#checksum = (this.#checksum - mixed(resource, number)) >>> 0;
    this.#pass(number);
    this.#version += 1;
    const change = { ...entry, descriptor: null };
    this.#removals.push({ version: this.#version, change });
    return entry;
  }

  /** Of another copy: what is decommissioned by that of what is held here. */
  removeNumbered(resource: number, number: Token): Registered | null {
    if (compareTokens(this.number(resource), number) === 0) return this.remove(resource);
    this.#pass(number);
    return null;
  }

  /**
   * A whole copy has been told. What is held here, was not named and has been passed there was
   * decommissioned there; all that it counted counts here too.
   *
   * @param named - what it named; null: it told changes only
   * @returns what is removed
   */
  close({ upTo, single }: Passed, named: ReadonlySet<number> | null): Registered[] {
    const removed: number[] = [];
    if (named !== null) {
      const theirs = new Inventory();
      theirs.#absorb(upTo, single);
      for (const resource of this.resources()) {
        if (!named.has(resource) && theirs.passes(this.number(resource)!)) removed.push(resource);
      }
    }
    const entries = removed.map((resource) => this.remove(resource));
    // Who copies from here is to hear of it, though no entry changed.
    if (this.#absorb(upTo, single)) this.#version += 1;
    return entries;
  }

  /**
   * The changes after a version in at most so many pieces of at most so many entries; version 0
   * stands for knowing nothing: it is told what there is.
   */
  since(from: number, limit: number, most: number): InventoryPiece[] {
    let resource = this.#firstAfter(from);
    const removals = from === 0 ? [] : this.#removals.filter(({ version }) => version > from);
    const pieces: InventoryPiece[] = [];
    let gone = 0;
    let start = from;
    do {
      const entries: InventoryChange[] = [];
      let to = start;
      while (entries.length < limit) {
        const changed = resource === nothing ? Infinity : this.#double(resource, CHANGED_AT);
        const removed = removals[gone]?.version ?? Infinity;
        if (Math.min(changed, removed) === Infinity) break;
        to = Math.min(changed, removed);
        if (removed < changed) {
          entries.push(removals[gone].change);
          gone += 1;
        } else {
          entries.push(this.entry(resource)!);
          resource = this.#int(resource, NEWER);
        }
      }
      const isLast = resource === nothing && gone === removals.length;
      pieces.push({ from: start, to: isLast ? this.#version : to, entries, isLast });
      start = to;
      if (isLast) break;
    } while (pieces.length < most);
    return pieces;
  }

  /** Every copy that is kept holds that version: what was removed by then need not be told. */
  forgetRemovals(version: number): void {
    if (this.#removals.length === 0) return;
    this.#removals = this.#removals.filter((removal) => removal.version > version);
  }

  #put({ resource, number, agent, incarnation, descriptor }: Registered): void {
    const held = this.number(resource);
    if (held === null) this.#size += 1;
    else {
      this.#unlink(resource);
      this.#checksum = (this.#checksum - mixed(resource, held)) >>> 0;
    }
    const { doubles, descriptors } = this.#page(resource) ?? this.#addPage(resource);
    this.#setInt(resource, AGENT, agent);
    this.#setInt(resource, INCARNATION, incarnation);
    this.#setInt(resource, BALLOT, this.#ballots.of(number.ballot));
    doubles[at(resource) * DOUBLES + SEQUENCE] = number.sequence;
    descriptors[at(resource)] = descriptor;
    this.#checksum = (this.#checksum + mixed(resource, number)) >>> 0;
    this.#version += 1;
    doubles[at(resource) * DOUBLES + CHANGED_AT] = this.#version;
    this.#setInt(resource, OLDER, this.#newest);
    this.#setInt(resource, NEWER, nothing);
    if (this.#newest === nothing) this.#oldest = resource;
    else this.#setInt(this.#newest, NEWER, resource);
    this.#newest = resource;
  }

  #unlink(resource: number): void {
    const older = this.#int(resource, OLDER);
    const newer = this.#int(resource, NEWER);
    if (older === nothing) this.#oldest = newer;
    else this.#setInt(older, NEWER, newer);
    if (newer === nothing) this.#newest = older;
    else this.#setInt(newer, OLDER, older);
  }

  #firstAfter(version: number): number {
    if (version === 0) return this.#oldest;
    let first = nothing;
    let resource = this.#newest;
    while (resource !== nothing && this.#double(resource, CHANGED_AT) > version) {
      first = resource;
      resource = this.#int(resource, OLDER);
    }
    return first;
  }

  // -- what has been counted

  #pass(number: Token): void {
    if (this.passes(number)) return;
    // A copy: it may come from a message, which is gone after this call.
    this.#single.set(keyOf(this.#ballots.of(number.ballot), number.sequence), { ...number });
    this.#inOrder = null;
  }

  #count(ballot: number, sequence: number): void {
    while (this.#upTo.length <= ballot) this.#upTo.push(0);
    this.#upTo[ballot] = sequence;
  }

  /** True if that is more than was counted here. */
  #absorb(upTo: readonly Token[], single: readonly Token[]): boolean {
    let isMore = false;
    for (const { ballot, sequence } of upTo) {
      const index = this.#ballots.of(ballot);
      if (sequence <= (this.#upTo[index] ?? 0)) continue;
      this.#count(index, sequence);
      isMore = true;
    }
    for (const number of single) {
      if (this.passes(number)) continue;
      this.#pass(number);
      isMore = true;
    }
    if (isMore) this.#dropCounted();
    return isMore;
  }

  /** Single numbers that lie among those counted up to say nothing more. */
  #dropCounted(): void {
    for (const [key, { ballot, sequence }] of this.#single) {
      if (sequence > (this.#upTo[this.#ballots.of(ballot)] ?? 0)) continue;
      this.#single.delete(key);
      this.#inOrder = null;
    }
  }

  // -- rows

  #page(resource: number): Page | undefined {
    return this.#pages[Math.floor(resource / pageRows)];
  }

  #addPage(resource: number): Page {
    const page: Page = {
      ints: new Int32Array(pageRows * INTS).fill(nothing),
      doubles: new Float64Array(pageRows * DOUBLES),
      descriptors: Array.from({ length: pageRows }, () => null),
    };
    this.#pages[Math.floor(resource / pageRows)] = page;
    return page;
  }

  #int(resource: number, column: number): number {
    return this.#page(resource)!.ints[at(resource) * INTS + column];
  }

  #setInt(resource: number, column: number, value: number): void {
    this.#page(resource)!.ints[at(resource) * INTS + column] = value;
  }

  #double(resource: number, column: number): number {
    return this.#page(resource)!.doubles[at(resource) * DOUBLES + column];
  }
}

function keyOf(ballot: number, sequence: number): string {
  return `${ballot}/${sequence}`;
}

function at(resource: number): number {
  return resource % pageRows;
}

/** 32 bits of a registration: those of several add up in any order. */
function mixed(resource: number, { ballot: { counter }, sequence }: Token): number {
  let bits = Math.imul(resource + 1, 0x9e3779b1) ^ Math.imul(sequence, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 15) ^ counter, 0xc2b2ae35);
  return (bits ^ (bits >>> 13)) >>> 0;
}
