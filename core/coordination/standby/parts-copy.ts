/**
 * What one that is next in line for the coordinator's role keeps of the managers' parts of the
 * model: of each just what that manager said it lists at some version. Descriptors are in the
 * inventory.
 */
import { BallotNumbers } from '../../ballot-numbers.js';
import { states, type Descriptor } from '../../metamodel/entity.js';
import type { PartDelta, PartEntry } from '../../metamodel/delta.js';
import type { Address } from '../../process.js';
import type { PartCopied, PartCopy } from '../standby-messages.js';

// Rows lie in pages by resource number, so that one number far beyond the others takes one page.
const pageRows = 1_024;
const INTS = 5;
/** -1 where the row is free. */
const MANAGER = 0;
const AGENT = 1;
/** The ballot of the token, by number, and the state. */
const BALLOT_AND_STATE = 2;
const SEQUENCE = 3;
const INCARNATION = 4;
const mostInRow = 0x7fff_ffff;

/** Bytes of a row. Metrics, of those who measure something, come beside. */
export const partRowBytes = 4 * INTS;

interface Page {
  readonly ints: Int32Array;
  /** Null: none measures anything. */
  metrics: (readonly number[] | null)[] | null;
}

/** How far the copy of a manager's part goes. */
interface Source {
  readonly incarnation: number;
  readonly stream: number;
  version: number;
  /** Rows in pages. */
  rows: number;
  /** What finds no place there: another manager lists it too, or a number is too great. */
  others: Map<number, PartEntry> | null;
}

/** What is registered, and who speaks for it; null: it is not. */
export interface Registry {
  entry(resource: number): {
    readonly descriptor: Descriptor; readonly agent: Address;
  } | null;
}

export class PartsCopy {
  readonly #pages: (Page | undefined)[] = [];
  readonly #ballots = new BallotNumbers();
  readonly #sources = new Map<Address, Source>();

  /** What to answer; null: it is of an earlier life, or stream. */
  onCopy(from: Address, { stream, part }: PartCopy): PartCopied | null {
    const { incarnation } = part;
    const known = this.#sources.get(from);
    const order = known === undefined ? 1
      : incarnation - known.incarnation || stream - known.stream;
    if (order < 0) return null;
    if (order > 0) this.#begin(from, incarnation, stream);
    const source = this.#sources.get(from)!;
    if (part.from <= source.version && part.to > source.version) {
      for (const entry of part.entries) this.#take(from, source, entry);
      source.version = part.to;
    }
    return { type: 'part-copied', stream, incarnation, version: source.version };
  }

  /** The resources in pages, by manager. */
  rows(): Map<Address, number[]> {
    const rows = new Map<Address, number[]>();
    for (const [index, page] of this.#pages.entries()) {
      for (let row = 0; page !== undefined && row < pageRows; row += 1) {
        const manager = page.ints[row * INTS + MANAGER];
        if (manager < 0) continue;
        const own = rows.get(manager);
        if (own === undefined) rows.set(manager, [index * pageRows + row]);
        else own.push(index * pageRows + row);
      }
    }
    return rows;
  }

  /**
   * What the manager listed at some version; null: that is not known of all.
   *
   * @param rows - those of the manager in pages
   */
  partOf(manager: Address, rows: readonly number[], registry: Registry): PartDelta | null {
    const source = this.#sources.get(manager);
    if (source === undefined) return null;
    const entries: PartEntry[] = [];
    const kept = [...rows.map((one) => this.#entry(one)), ...source.others?.values() ?? []];
    for (const entry of kept) {
      const registered = registry.entry(entry.resource);
      if (registered?.agent !== entry.agent) return null;
      entries.push({ ...entry, descriptor: registered.descriptor });
    }
    return { incarnation: source.incarnation, from: 0, to: source.version, entries };
  }

  clear(): void {
    if (this.#sources.size === 0) return;
    this.#sources.clear();
    this.#pages.length = 0;
  }

  #begin(from: Address, incarnation: number, stream: number): void {
    const former = this.#sources.get(from);
    if (former !== undefined && former.rows > 0) this.#vacate(from);
    this.#sources.set(from, { incarnation, stream, version: 0, rows: 0, others: null });
  }

  #take(manager: Address, source: Source, entry: PartEntry): void {
    const { resource, token, metrics } = entry;
    const page = this.#page(resource);
    const at = resource % pageRows * INTS;
    const isHere = page.ints[at + MANAGER] === manager;
    source.others?.delete(resource);
    if (entry.removed) {
      if (isHere) this.#free(source, page, resource);
      return;
    }
    const packed = this.#ballots.of(token.ballot) * states.length + states.indexOf(entry.state);
    const fits = token.sequence <= mostInRow && packed <= mostInRow;
    if (!fits || !(isHere || page.ints[at + MANAGER] < 0)) {
      if (isHere) this.#free(source, page, resource);
      (source.others ??= new Map()).set(resource, entry);
      return;
    }
    if (!isHere) source.rows += 1;
    page.ints[at + MANAGER] = manager;
    page.ints[at + AGENT] = entry.agent;
    page.ints[at + BALLOT_AND_STATE] = packed;
    page.ints[at + SEQUENCE] = token.sequence;
    page.ints[at + INCARNATION] = entry.incarnation;
    if (metrics !== null) page.metrics ??= Array.from({ length: pageRows }, () => null);
    if (page.metrics !== null) page.metrics[resource % pageRows] = metrics;
  }

  #free(source: Source, page: Page, resource: number): void {
    page.ints[resource % pageRows * INTS + MANAGER] = -1;
    if (page.metrics !== null) page.metrics[resource % pageRows] = null;
    source.rows -= 1;
  }

  #vacate(manager: Address): void {
    for (const page of this.#pages) {
      for (let row = 0; page !== undefined && row < pageRows; row += 1) {
        if (page.ints[row * INTS + MANAGER] === manager) page.ints[row * INTS + MANAGER] = -1;
      }
    }
  }

  #entry(resource: number): PartEntry {
    const { ints, metrics } = this.#page(resource);
    const at = resource % pageRows * INTS;
    const packed = ints[at + BALLOT_AND_STATE];
    const ballot = this.#ballots.ballot(Math.floor(packed / states.length));
    return {
      resource, token: { ballot, sequence: ints[at + SEQUENCE] }, removed: false,
      agent: ints[at + AGENT], descriptor: null, state: states[packed % states.length],
      incarnation: ints[at + INCARNATION], metrics: metrics?.[resource % pageRows] ?? null,
    };
  }

  #page(resource: number): Page {
    const index = Math.floor(resource / pageRows);
    return this.#pages[index] ??= {
      ints: new Int32Array(pageRows * INTS).fill(-1), metrics: null,
    };
  }
}

/** What a coordinator knew of the managers' parts when it took the role. */
export class FormerParts {
  readonly #copy: PartsCopy;
  readonly #registry: Registry;
  readonly #rows: Map<Address, number[]>;
  readonly #taken = new Set<Address>();

  constructor(copy: PartsCopy, registry: Registry) {
    this.#copy = copy;
    this.#registry = registry;
    this.#rows = copy.rows();
  }

  /** All that the manager listed at some version, if it is asked for the first time; or null. */
  take(manager: Address): PartDelta | null {
    if (this.#taken.has(manager)) return null;
    this.#taken.add(manager);
    const part = this.#copy.partOf(manager, this.#rows.get(manager) ?? [], this.#registry);
    this.#rows.delete(manager);
    return part;
  }
}
