/**
 * The copy of the inventory that this node keeps, and how copies stay alike. The coordinator tells
 * its standbys every change. Whoever else keeps one offers it to each coordinator that it follows,
 * which takes over what it lacks. So it does not matter which of those that have one takes the
 * role, nor who returns with a disk of long ago.
 */
import type { CoreConfig } from './config.js';
import { compareBallots, type Ballot, type Token } from '../identity.js';
import { mark } from '../marks.js';
import { Inventory, type Passed, type Registered } from '../metamodel/inventory.js';
import type { Address, Environment } from '../process.js';
import { InventoryDisk } from './inventory-disk.js';
import type { InventoryCopied, InventoryCopy, InventoryOffer } from './inventory-messages.js';
import type { CoordinationMessage } from './messages.js';
import { Ahead, Progress } from './progress.js';

/** Pieces of a copy that are on their way to one node at a time. */
export const windowPieces = 16;
/** A node begins another stream less often than that in one life. */
const streamsInLife = 65_536;

export interface CopiesOptions {
  readonly environment: Environment<CoordinationMessage>;
  readonly config: CoreConfig;
  /** Which life of this node. */
  readonly life: number;
  /** The greatest ballot acknowledged. */
  ballot(): Ballot | null;
  send(to: Address, message: CoordinationMessage): void;
}

/** What comes from another copy. */
interface Incoming {
  readonly stream: number;
  version: number;
  /** While a whole copy comes in: what it has named. */
  named: Set<number> | null;
  readonly ahead: Ahead<Told>;
}

type Told = Pick<InventoryCopy, 'from' | 'to' | 'entries' | 'passed'>;

/** What a message changed here. */
export interface CopyChanges {
  readonly entered: readonly number[];
  readonly removed: readonly Registered[];
}

const none: CopyChanges = { entered: [], removed: [] };

export class Copies {
  inventory = new Inventory();
  readonly #options: CopiesOptions;
  readonly #disk: InventoryDisk;
  readonly #incoming = new Map<Address, Incoming>();
  /** To the standbys; of a node that does not coordinate, to the coordinator. */
  readonly #outgoing = new Map<Address, Progress>();
  /** The last offer, and under which ballot the coordinator has taken one over. */
  #offered: { version: number; us: number } | null = null;
  #settled: Ballot | null = null;
  /** Versions count in it: a life of this node begins one, and whatever breaks it. */
  #stream: number;
  /** It is known who the standbys are. */
  #isInLine = false;

  constructor(options: CopiesOptions) {
    this.#options = options;
    this.#stream = options.life * streamsInLife;
    this.#disk = new InventoryDisk(options.environment.store);
    this.#disk.load(this.inventory);
  }

  /** Who has the role under the acknowledged ballot is another: its streams begin anew. */
  acknowledged(): void {
    this.#outgoing.clear();
    this.#offered = null;
  }

  /** This node has come to coordinate: it tells nobody what it told another coordinator. */
  elected(): void {
    this.#outgoing.clear();
    this.#isInLine = false;
  }

  // -- of the coordinator

  /** Those that are to have a copy from now on, beside this node. */
  keepAt(standbys: readonly Address[]): void {
    this.#isInLine = true;
    for (const standby of this.#outgoing.keys()) {
      if (!standbys.includes(standby)) this.#outgoing.delete(standby);
    }
    for (const standby of standbys) {
      if (!this.#outgoing.has(standby)) this.#outgoing.set(standby, new Progress());
    }
  }

  /**
   * A standby is in a new life: its disk may be lost, and with it all that it held. One that still
   * has its copy offers it before it is told everything.
   */
  livesAnew(standby: Address): void {
    this.#outgoing.get(standby)?.acknowledged(0, this.#options.environment.now());
  }

  /** Whether that standby may have lost what it held. */
  isDoubted(standby: Address): boolean {
    return this.#outgoing.get(standby)?.isDoubted === true;
  }

  /** Whether this node has a whole copy from that one, and nothing that came shows a gap. */
  hasAllOf(from: Address): boolean {
    const { version = 0, named = null, ahead } = this.#incoming.get(from) ?? {};
    return version > 0 && named === null && ahead?.isEmpty === true;
  }

  /** The version that all standbys hold; on the disk here is what {@link save} left there. */
  get heldByAll(): number {
    if (!this.#isInLine) return 0;
    let held = this.inventory.version;
    for (const outgoing of this.#outgoing.values()) held = Math.min(held, outgoing.held);
    return held;
  }

  /** Standbys that hold that version. */
  holding(version: number): Address[] {
    return [...this.#outgoing].filter(([, { held }]) => held >= version).map(([to]) => to);
  }

  /** What has changed goes to the disk, and to standbys that wait for nothing else. */
  save(): void {
    this.#disk.save(this.inventory);
    for (const [to, outgoing] of this.#outgoing) {
      if (outgoing.told <= outgoing.held) this.#tell(to, outgoing);
    }
  }

  onOffer(from: Address, offer: InventoryOffer): void {
    const { stream, version } = offer;
    const outgoing = this.#outgoing.get(from);
    const isLevel = this.#isSame(offer);
    const incoming = this.#incoming.get(from);
    const taken = incoming?.stream === stream ? incoming.version : 0;
    if (!isLevel && taken < version) {
      this.#acknowledge(from, stream, taken);
      return;
    }
    if (isLevel) this.#incoming.set(from, { ...afresh(stream), version });
    const own = this.inventory.version;
    // Nobody throws away what others do not have yet.
    const drop = this.#isInLine && outgoing === undefined && this.heldByAll === own;
    if (isLevel) outgoing?.reached(own);
    const level = isLevel ? { stream: this.#stream, version: own } : null;
    this.#acknowledge(from, stream, version, drop, level);
  }

  // -- of both sides

  onCopy(from: Address, { stream, ballot, ...copy }: InventoryCopy): CopyChanges {
    if (compareBallots(ballot, this.#options.ballot()) !== 0) return none;
    // From the coordinator, or to it.
    const { address } = this.#options.environment;
    if (ballot.address !== from && ballot.address !== address) return none;
    let incoming = this.#incoming.get(from);
    if (incoming?.stream !== stream) {
      incoming = afresh(stream);
      this.#incoming.set(from, incoming);
    }
    if (copy.from !== incoming.version) {
      mark(this.#options.environment, 'inventory told twice or with a gap');
      if (copy.from > incoming.version) incoming.ahead.keep(kept(copy), windowPieces);
      this.#acknowledge(from, stream, incoming.version);
      return none;
    }
    const changes = { entered: [] as number[], removed: [] as Registered[] };
    for (const next of incoming.ahead.following(copy)) {
      const { entered, removed } = this.#take(incoming, next);
      changes.entered.push(...entered);
      changes.removed.push(...removed);
      incoming.version = next.to;
    }
    this.save();
    this.#acknowledge(from, stream, incoming.version);
    return changes;
  }

  #take(incoming: Incoming, { from, entries, passed }: Told): CopyChanges {
    const { inventory } = this;
    const entered: number[] = [];
    const removed: Registered[] = [];
    if (from === 0) incoming.named = new Set();
    for (const { descriptor, ...entry } of entries) {
      const { resource, number } = entry;
      incoming.named?.add(resource);
      if (descriptor === null) {
        const gone = inventory.removeNumbered(resource, number);
        if (gone !== null) removed.push(gone);
      } else if (inventory.enter({ ...entry, descriptor })) {
        entered.push(resource);
      }
    }
    if (passed !== null) {
      removed.push(...inventory.close(passed, incoming.named));
      incoming.named = null;
    }
    return { entered, removed };
  }

  onCopied(from: Address, { stream, ballot, version, drop, level }: InventoryCopied): void {
    const { environment } = this.#options;
    if (stream !== this.#stream || compareBallots(ballot, this.#options.ballot()) !== 0) return;
    if (version > this.inventory.version) {
      this.#beginAnew();
      return;
    }
    if (level !== null) this.#incoming.set(from, { ...afresh(level.stream), ...level });
    const isOffer = ballot.address === from && ballot.address !== environment.address;
    if (isOffer) this.#answered(from, version, ballot);
    else this.#confirmed(from, version);
    if (drop && isOffer) this.#drop();
  }

  /** The periodic look: repeats what is not acknowledged, and offers what this node keeps. */
  check(nowUs: number): void {
    const { config, environment } = this.#options;
    const { heartbeatPeriodUs, timeoutUs } = config.managers;
    const ballot = this.#options.ballot();
    if (ballot === null) return;
    for (const [to, outgoing] of this.#outgoing) {
      if (outgoing.rewind(this.inventory.version, nowUs, heartbeatPeriodUs)) {
        this.#tell(to, outgoing);
      }
    }
    if (ballot.address === environment.address) {
      this.inventory.forgetRemovals(this.heldByAll);
      return;
    }
    this.inventory.forgetRemovals(this.inventory.version);
    const periodUs = compareBallots(this.#settled, ballot) === 0 ? timeoutUs : heartbeatPeriodUs;
    const waits = this.#offered !== null && nowUs - this.#offered.us < periodUs;
    if (!waits && !this.inventory.isBlank) this.#offer(ballot, nowUs);
  }

  #offer(ballot: Ballot, nowUs: number): void {
    const { version, checksum, passed } = this.inventory;
    this.#offered = { version, us: nowUs };
    this.#options.send(ballot.address, {
      type: 'inventory-offer', ballot, stream: this.#stream, version, checksum, passed,
    });
  }

  /** The coordinator holds so much of what was offered. */
  #answered(from: Address, version: number, ballot: Ballot): void {
    const offered = this.#offered;
    if (offered === null) return;
    if (version >= offered.version) {
      this.#outgoing.delete(from);
      this.#settled = ballot;
      return;
    }
    const outgoing = this.#outgoing.get(from) ?? new Progress(version);
    this.#outgoing.set(from, outgoing);
    this.#confirmed(from, version);
    if (outgoing.told <= outgoing.held) this.#tell(from, outgoing);
  }

  #confirmed(from: Address, version: number): void {
    const outgoing = this.#outgoing.get(from);
    if (outgoing === undefined) return;
    if (!outgoing.acknowledged(version, this.#options.environment.now())) return;
    if (outgoing.told <= version) this.#tell(from, outgoing);
  }

  #tell(to: Address, outgoing: Progress): void {
    const { config, environment } = this.#options;
    const ballot = this.#options.ballot();
    if (ballot === null || outgoing.told >= this.inventory.version) return;
    const limit = config.entriesPerMessage;
    for (const piece of this.inventory.since(outgoing.told, limit, windowPieces)) {
      const passed = piece.isLast ? this.inventory.passed : null;
      const { from, to: version, entries } = piece;
      this.#options.send(to, {
        type: 'inventory-copy', ballot, stream: this.#stream, from, to: version, entries, passed,
      });
      outgoing.told = version;
    }
    outgoing.toldUs = environment.now();
  }

  #isSame({ checksum, passed }: { checksum: number; passed: Passed }): boolean {
    return checksum === this.inventory.checksum && this.inventory.hasPassed(passed);
  }

  #acknowledge(
    to: Address, stream: number, version: number, drop = false,
    level: InventoryCopied['level'] = null,
  ): void {
    const ballot = this.#options.ballot();
    if (ballot === null) return;
    this.#options.send(to, { type: 'inventory-copied', ballot, stream, version, drop, level });
  }

  /** Somebody believes to hold what never was in this stream: everyone is told all in another. */
  #beginAnew(): void {
    mark(this.#options.environment, 'inventory held beyond what was told');
    this.#stream += 1;
    this.#offered = null;
    for (const outgoing of this.#outgoing.values()) outgoing.restart();
  }

  /** Others keep what this node has. */
  #drop(): void {
    mark(this.#options.environment, 'copy of the inventory dropped');
    this.inventory = new Inventory();
    this.#stream += 1;
    this.#disk.clear();
    this.#incoming.clear();
    this.#outgoing.clear();
    this.#offered = null;
  }
}

function afresh(stream: number): Incoming {
  return { stream, version: 0, named: null, ahead: new Ahead() };
}

/** The message is the world's. */
function kept({ from, to, entries, passed }: Told): Told {
  const copied = (number: Token): Token => ({ ...number, ballot: { ...number.ballot } });
  return {
    from, to, entries: entries.map((one) => ({ ...one, number: copied(one.number) })),
    passed: passed && { upTo: passed.upTo.map(copied), single: passed.single.map(copied) },
  };
}
