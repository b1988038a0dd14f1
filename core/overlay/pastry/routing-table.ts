/**
 * One node for each way in which an id can continue a prefix of this node's own (Rowstron and
 * Druschel 2001, 2.2): row r holds nodes that share r digits, one per next digit.
 */
import type { NodeId } from '../../identity.js';
import type { Address } from '../../process.js';
import type { Peer } from '../overlay.js';
import { digitAt, sharedDigits, type Contact } from './contact.js';

/** 2^b with b = 4: a digit is a hexadecimal one. */
export const base = 16;

export class RoutingTable {
  readonly #self: NodeId;
  readonly #rows: ((Contact | undefined)[] | undefined)[] = [];
  readonly #byAddress = new Map<Address, Contact>();
  #entries: readonly Contact[] | null = null;

  constructor(self: NodeId) {
    this.#self = self;
  }

  get entries(): readonly Contact[] {
    this.#entries ??= this.#rows.flatMap((_, number) => this.row(number));
    return this.#entries;
  }

  get depth(): number {
    return this.#rows.length;
  }

  /** The node in the cell in which `node` belongs. */
  at(node: NodeId): Contact | undefined {
    const shared = sharedDigits(this.#self, node);
    return shared >= node.length ? undefined : this.#rows[shared]?.[digitAt(node, shared)];
  }

  get(address: Address): Contact | undefined {
    return this.#byAddress.get(address);
  }

  row(number: number): readonly Contact[] {
    return this.#rows[number]?.filter((entry) => entry !== undefined) ?? [];
  }

  /**
   * Takes it into an empty cell, or instead of a node that is farther away in the network; unless
   * somebody else is known at its address.
   *
   * @returns whether it did
   */
  offer(contact: Contact): boolean {
    const shared = sharedDigits(this.#self, contact.node);
    if (shared >= contact.node.length) return false;
    const row = (this.#rows[shared] ??= Array<Contact | undefined>(base));
    const digit = digitAt(contact.node, shared);
    const entry = row[digit];
    if (entry !== undefined && entry.rttUs <= contact.rttUs) return false;
    const known = this.#byAddress.get(contact.address);
    if (known !== undefined && known.node !== contact.node) return false;
    if (entry !== undefined) this.#byAddress.delete(entry.address);
    row[digit] = contact;
    this.#byAddress.set(contact.address, contact);
    this.#entries = null;
    return true;
  }

  /** True if it was in the table. */
  remove(contact: Peer): boolean {
    if (this.get(contact.address)?.node !== contact.node) return false;
    this.#byAddress.delete(contact.address);
    const shared = sharedDigits(this.#self, contact.node);
    this.#rows[shared]![digitAt(contact.node, shared)] = undefined;
    this.#entries = null;
    return true;
  }
}
