/** Which manager holds which resource, by the coordinator's last word or the managers' own. */
import type { Token } from '../identity.js';
import type { Address } from '../process.js';

const nothing = -1;

/**
 * Columns by resource number, with holes where nothing is known, and with the resources of each
 * manager as a linked list.
 */
export class Ledger {
  readonly #managers: Address[] = [];
  readonly #tokens: Token[] = [];
  /** Whether the holder has reported that it lists the resource. */
  readonly #listed: boolean[] = [];
  readonly #next: number[] = [];
  readonly #previous: number[] = [];
  readonly #first = new Map<Address, number>();
  readonly #counts = new Map<Address, number>();

  /** -1 where nobody holds the resource. */
  manager(resource: number): Address {
    return this.#managers[resource] ?? nothing;
  }

  token(resource: number): Token | null {
    return this.#tokens[resource] ?? null;
  }

  isListed(resource: number): boolean {
    return this.#listed[resource] ?? false;
  }

  /** The holder of a resource tells that it lists it, or does not any more. */
  setListed(resource: number, listed: boolean): void {
    this.#listed[resource] = listed;
  }

  count(manager: Address): number {
    return this.#counts.get(manager) ?? 0;
  }

  set(resource: number, manager: Address, token: Token): void {
    this.#tokens[resource] = token;
    const before = this.manager(resource);
    if (before === manager) return;
    if (before !== nothing) this.#unlink(resource, before);
    this.#managers[resource] = manager;
    this.#listed[resource] = false;
    const first = this.#first.get(manager) ?? nothing;
    this.#next[resource] = first;
    this.#previous[resource] = nothing;
    if (first !== nothing) this.#previous[first] = resource;
    this.#first.set(manager, resource);
    this.#counts.set(manager, this.count(manager) + 1);
  }

  /** From now on nobody holds it; whoever lists it under a lesser token lists it in vain. */
  drop(resource: number, token: Token): void {
    const before = this.manager(resource);
    this.#tokens[resource] = token;
    if (before === nothing) return;
    this.#unlink(resource, before);
    this.#managers[resource] = nothing;
    this.#listed[resource] = false;
  }

  /** A copy: the caller may move resources while it goes through them. */
  resourcesOf(manager: Address): number[] {
    const resources: number[] = [];
    for (
      let resource = this.#first.get(manager) ?? nothing;
      resource !== nothing;
      resource = this.#next[resource]!
    ) {
      resources.push(resource);
    }
    return resources;
  }

  #unlink(resource: number, manager: Address): void {
    const next = this.#next[resource];
    const previous = this.#previous[resource];
    if (next !== nothing) this.#previous[next] = previous;
    if (previous !== nothing) this.#next[previous] = next;
    else this.#first.set(manager, next);
    this.#counts.set(manager, this.count(manager) - 1);
  }
}
