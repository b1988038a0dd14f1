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

/** In turn: resource, ballot and sequence of the number, agent, incarnation, descriptor. */
type Flat = readonly (number | Ballot | Descriptor)[];
const width = 6;

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
      const flat = (this.#store.get(keyOf(block)) ?? []) as unknown as Flat;
      for (let at = 0; at < flat.length; at += width) {
        const number: Token = {
          ballot: flat[at + 1] as Ballot, sequence: flat[at + 2] as number,
        };
        inventory.enter({
          resource: flat[at] as number, number, agent: flat[at + 3] as number,
          incarnation: flat[at + 4] as number, descriptor: flat[at + 5] as Descriptor,
        });
      }
    }
    inventory.close(head, null);
    this.#saved = inventory.version;
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
    const flat: StoreValue[] = [];
    for (let resource = block * blockSize; resource < (block + 1) * blockSize; resource += 1) {
      const entry = inventory.entry(resource);
      if (entry === null) continue;
      const { number: { ballot, sequence }, agent, incarnation, descriptor } = entry;
      flat.push(resource, ballot, sequence, agent, incarnation, descriptor);
    }
    this.#store.put(keyOf(block), flat);
  }
}

function keyOf(block: number): string {
  return `inventory/${block}`;
}
