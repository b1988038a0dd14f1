/**
 * Decommissions on behalf of whoever runs the system: a manager that was told so tells the
 * coordinator once a period, until that one answers that nobody keeps them any more, or until they
 * are commissioned again.
 */
import type { CoreConfig } from './config.js';
import type { Election } from '../election/index.js';
import { pieces } from '../pieces.js';
import type { Address, Environment } from '../process.js';
import type { ResourceDecommission, ResourceDecommissioned } from './inventory-messages.js';
import type { CoordinationMessage } from './messages.js';

export interface DismissalsOptions {
  readonly environment: Environment<CoordinationMessage>;
  readonly config: CoreConfig;
  readonly election: Election;
  /** Also to this node itself. */
  send(to: Address, message: CoordinationMessage): void;
}

export class Dismissals {
  readonly #options: DismissalsOptions;
  readonly #wanted = new Set<number>();

  constructor(options: DismissalsOptions) {
    this.#options = options;
  }

  want(resources: readonly number[]): void {
    for (const resource of resources) this.#wanted.add(resource);
    this.tell();
  }

  onDone({ resources }: ResourceDecommissioned): void {
    this.drop(resources);
  }

  /** It has come about, or nobody wants it any more. */
  drop(resources: readonly number[]): void {
    for (const resource of resources) this.#wanted.delete(resource);
  }

  /** All of it: what is told later might hit what has been commissioned again. */
  tell(): void {
    if (this.#wanted.size === 0) return;
    const { environment, config: { entriesPerMessage }, election: { ballot } } = this.#options;
    const asker = environment.address;
    if (ballot === null) return;
    for (const resources of pieces([...this.#wanted], entriesPerMessage)) {
      this.#options.send(ballot.address, {
        type: 'resource-decommission', asker, hops: 0, resources,
      });
    }
  }
}

/** The coordinator's side: who is to be answered once all copies are without them. */
export class Answers {
  readonly #due: { readonly version: number; readonly message: ResourceDecommission }[] = [];

  add(version: number, message: ResourceDecommission): void {
    this.#due.push({ version, message: { ...message, resources: [...message.resources] } });
  }

  /** Those whose version all copies hold. */
  *take(heldByAll: number): Generator<ResourceDecommission> {
    while (this.#due.length > 0 && this.#due[0].version <= heldByAll) {
      yield this.#due.shift()!.message;
    }
  }
}
