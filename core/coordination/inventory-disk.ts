/**
 * An inventory on the disk of its host: a block of neighbouring resources to a key, so that a
 * change rewrites one block, not everything.
 */
import type { Ballot, Token } from '../identity.js';
import type { Descriptor } from '../metamodel/entity.js';
import type { Inventory, Passed } from '../metamodel/inventory.js';
import type { Store, StoreValue } from '../process.js';

const blockSize = 16;
const headKey = 'inventory';

interface Head extends Passed {
  /** One more than the greatest block number ever written. */
  readonly extent: number;
}

/**
 * Whole numbers as one text, which takes a byte a digit: of each resource its own, which of the
 * ballots its number has and the sequence, its agent and incarnation. In the same order, what
 * describes them.
 */
interface Block {
  readonly ballots: readonly Ballot[];
  readonly numbers: string;
  readonly descriptors: readonly Descriptor[];
}
const radix = 36;
const width = 5;

export class InventoryDisk {
  readonly #store: Store;
  /** The version that is on the disk. */
  #saved = 0;
  #extent = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** What was saved goes into an empty inventory. */
  load(inventory: Inventory): void {
    const head = this.#store.get(headKey) as unknown as Head | undefined;
    if (head === undefined) return;
    this.#extent = head.extent;
    for (let block = 0; block < head.extent; block += 1) {
      const kept = this.#store.get(keyOf(block)) as unknown as Block | undefined;
      if (kept !== undefined) this.#read(kept, inventory);
    }
    inventory.close(head, null);
    this.#saved = inventory.version;
  }

  #read({ ballots, numbers, descriptors }: Block, inventory: Inventory): void {
    const read = numbers.split(' ').map((digits) => Number.parseInt(digits, radix));
    for (const [index, descriptor] of descriptors.entries()) {
      const own = read.slice(index * width, (index + 1) * width);
      const [resource, ballot, sequence, agent, incarnation] = own;
      const number: Token = { ballot: ballots[ballot], sequence };
      inventory.enter({ resource, number, agent, incarnation, descriptor });
    }
  }

  /** What has changed since is on the disk when this returns. */
  save(inventory: Inventory): void {
    if (inventory.version === this.#saved) return;
    const blocks = new Set<number>();
    for (const { entries } of inventory.since(this.#saved, Infinity, Infinity)) {
      for (const { resource } of entries) blocks.add(Math.floor(resource / blockSize));
    }
    for (const block of blocks) this.#put(inventory, block);
    const head: Head = { extent: this.#extent, ...inventory.passed };
    this.#store.put(headKey, head as unknown as StoreValue);
    this.#store.sync();
    this.#saved = inventory.version;
  }

  /** Nothing is kept here any more. */
  clear(): void {
    for (let block = 0; block < this.#extent; block += 1) this.#store.delete(keyOf(block));
    this.#store.delete(headKey);
    this.#store.sync();
    this.#extent = 0;
    this.#saved = 0;
  }

  #put(inventory: Inventory, block: number): void {
    this.#extent = Math.max(this.#extent, block + 1);
    const ballots: Ballot[] = [];
    const numbers: string[] = [];
    const descriptors: Descriptor[] = [];
    for (let resource = block * blockSize; resource < (block + 1) * blockSize; resource += 1) {
      const entry = inventory.entry(resource);
      if (entry === null) continue;
      const { number: { ballot, sequence }, agent, incarnation, descriptor } = entry;
      if (!ballots.includes(ballot)) ballots.push(ballot);
      const own = [resource, ballots.indexOf(ballot), sequence, agent, incarnation];
      for (const one of own) numbers.push(one.toString(radix));
      descriptors.push(descriptor);
    }
    // Copies have no room to spare: there are as many of them as blocks.
    const kept: Block = {
      ballots: ballots.slice(), numbers: numbers.join(' '), descriptors: descriptors.slice(),
    };
    this.#store.put(keyOf(block), kept as unknown as StoreValue);
  }
}

function keyOf(block: number): string {
  return `inventory/${block}`;
}
