import type { Store, StoreValue } from '../../core/process.js';

/** Marks a key that was deleted and not yet synced. */
const DELETED = Symbol('deleted');

/** A host's durable memory: what is put is read back at once, but outlives a crash only synced. */
export class HostStore implements Store {
  private readonly durable = new Map<string, StoreValue>();
  private readonly pending = new Map<string, StoreValue | typeof DELETED>();

  put(key: string, value: StoreValue): void {
    this.pending.set(key, value);
  }

  get(key: string): StoreValue | undefined {
    const value = this.pending.get(key);
    if (value === DELETED) return undefined;
    return value === undefined ? this.durable.get(key) : value;
  }

  delete(key: string): void {
    this.pending.set(key, DELETED);
  }

  sync(): void {
    for (const [key, value] of this.pending) {
      if (value === DELETED) this.durable.delete(key);
      else this.durable.set(key, value);
    }
    this.pending.clear();
  }

  /** The host crashes. */
  loseUnsynced(): void {
    this.pending.clear();
  }
}
