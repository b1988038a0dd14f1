import { compareTokens } from '../identity.js';
import type { PartEntry } from '../metamodel/delta.js';
import { isUnheard } from '../metamodel/entity.js';
import type { Model } from '../metamodel/model.js';
import type { Authority } from './authority.js';
import type { Ledger } from './ledger.js';

/**
 * Resources that two managers were given, as on the sides of a split: the one that has the greater
 * token does not hear it, while the other does.
 */
export class Disputes {
  readonly #ledger: Ledger;
  readonly #model: Model;
  readonly #authority: Authority;

  constructor(ledger: Ledger, model: Model, authority: Authority) {
    this.#ledger = ledger;
    this.#model = model;
    this.#authority = authority;
  }

  /** Of who lists it, as the ledger has it, and another that tells that it does. */
  isOne({ resource, token, state }: Pick<PartEntry, 'resource' | 'token' | 'state'>): boolean {
    const held = this.#ledger.token(resource);
    const entity = this.#model.entity(resource);
    if (held === null || entity === null || !this.#ledger.isListed(resource)) return false;
    if (this.#authority.isCurrent(token)) return false;
    const isGreater = compareTokens(token, held) > 0;
    return isUnheard(state) === isGreater && isUnheard(entity.state) === !isGreater;
  }
}
