/**
 * A manager's side of the copies of its part that those next in line for the coordinator's role
 * keep: it tells them with each heartbeat what has changed, while there is no coordinator too. So a
 * successor that kept one is to be told only what has changed since.
 */
import type { Ballot } from '../../identity.js';
import type { Part } from '../../metamodel/part.js';
import type { Address } from '../../process.js';
import { Progress } from '../progress.js';
import type { PartCopied, PartCopy } from '../standby-messages.js';

export interface PartCopiesOptions {
  readonly part: Part;
  readonly address: Address;
  /** Entries in one message, at most. */
  readonly perMessage: number;
  /** What is not acknowledged for so long is told again. */
  readonly patienceUs: number;
  now(): number;
  send(to: Address, message: PartCopy): void;
}

interface Heir {
  readonly stream: number;
  readonly progress: Progress;
}

export class PartCopies {
  readonly #options: PartCopiesOptions;
  /** Null: there has never been one. */
  #heirs: Map<Address, Heir> | null = null;
  #streams = 0;

  constructor(options: PartCopiesOptions) {
    this.#options = options;
  }

  /** So says the coordinator. */
  keepAt(heirs: readonly Address[]): void {
    for (const heir of this.#heirs?.keys() ?? []) {
      if (!heirs.includes(heir)) this.#heirs!.delete(heir);
    }
    for (const heir of heirs) {
      if (heir !== this.#options.address && this.#heirs?.has(heir) !== true) this.#begin(heir);
    }
  }

  /** It coordinates now, and holds that version: it is told by heartbeats. */
  succeeded(heir: Address): number {
    const held = this.#heirs?.get(heir)?.progress.held ?? 0;
    this.#heirs?.delete(heir);
    return held < this.#options.part.forgottenTo ? 0 : held;
  }

  /** The version that all of them hold. */
  get heldByAll(): number {
    let held = Infinity;
    for (const { progress } of this.#heirs?.values() ?? []) held = Math.min(held, progress.held);
    return held;
  }

  /** Whoever has not been told of the latest change is, and what may be lost is told again. */
  tell(ballot: Ballot): void {
    const options = this.#options;
    const { part } = options;
    for (const [to, { progress }] of this.#heirs ?? []) {
      progress.rewind(part.version, options.now(), options.patienceUs);
      if (progress.held > 0 && progress.held < part.forgottenTo) this.#begin(to);
      const heir = this.#heirs!.get(to)!;
      if (heir.progress.told < part.version) this.#tell(to, heir, ballot);
    }
  }

  onCopied(from: Address, { stream, incarnation, version }: PartCopied): void {
    const { part } = this.#options;
    const heir = this.#heirs?.get(from);
    if (heir?.stream !== stream || incarnation !== part.incarnation) return;
    if (version <= part.version) heir.progress.acknowledged(version, this.#options.now());
  }

  #begin(to: Address): void {
    this.#streams += 1;
    (this.#heirs ??= new Map()).set(to, { stream: this.#streams, progress: new Progress() });
  }

  #tell(to: Address, { stream, progress }: Heir, ballot: Ballot): void {
    const options = this.#options;
    const { part } = options;
    for (const delta of part.sinceForCopy(progress.told, options.perMessage)) {
      options.send(to, { type: 'part-copy', ballot, stream, part: delta });
    }
    progress.told = part.version;
    progress.toldUs = options.now();
  }
}
