/**
 * A coordinator's side of what its next in line know of its global rules: each change is told at
 * once, before an action that was counted goes out, and again until it is acknowledged.
 */
import type { Ballot } from '../../identity.js';
import type { Address } from '../../process.js';
import type { GlobalRules } from '../../rules/index.js';
import { Progress } from '../progress.js';
import type { RulesCopied, RulesCopy } from '../standby-messages.js';

export interface RulesCopiesOptions {
  readonly rules: Pick<GlobalRules, 'version' | 'stateSince'>;
  /** Groups in one message, at most. */
  readonly perMessage: number;
  /** What is not acknowledged for so long is told again. */
  readonly patienceUs: number;
  ballot(): Ballot;
  now(): number;
  send(to: Address, message: RulesCopy): void;
}

interface Heir {
  /** False: it is to forget all, and is told so until it has heard. */
  readonly isHeir: boolean;
  readonly progress: Progress;
}

/** Of who has heard nothing under this ballot yet. */
const unheard = -1;

export class RulesCopies {
  readonly #options: RulesCopiesOptions;
  readonly #heirs = new Map<Address, Heir>();
  /** Managers that live, as was last told. */
  #living: readonly Address[] = [];

  constructor(options: RulesCopiesOptions) {
    this.#options = options;
  }

  /** These are next in line, of those that live. */
  keepAt(line: readonly Address[], living: readonly Address[] = line): void {
    this.#living = living;
    for (const [address, heir] of this.#heirs) {
      if (heir.isHeir && !line.includes(address)) this.#set(address, false);
    }
    for (const address of line) {
      if (this.#heirs.get(address)?.isHeir !== true) this.#set(address, true);
    }
    this.tell();
  }

  /** Up to that version all know it that may take what they were told for all there is. */
  get knownTo(): number {
    let version = Infinity;
    for (const [address, { progress }] of this.#heirs) {
      if (this.#living.includes(address)) version = Math.min(version, progress.held);
    }
    return version;
  }

  /** It coordinates under a greater ballot: all is told anew under that. */
  renewed(): void {
    for (const [address, { isHeir }] of this.#heirs) this.#set(address, isHeir);
    this.tell();
  }

  /** Whoever has not been told of the latest change is. */
  tell(): void {
    for (const [address, heir] of this.#heirs) {
      if (heir.progress.told < this.#versionFor(heir)) this.#tell(address, heir);
    }
  }

  /** The periodic look: what may be lost is told again. */
  check(): void {
    const { patienceUs } = this.#options;
    const nowUs = this.#options.now();
    for (const heir of this.#heirs.values()) {
      heir.progress.rewind(this.#versionFor(heir), nowUs, patienceUs);
    }
    this.tell();
  }

  onCopied(from: Address, { version }: RulesCopied): void {
    const heir = this.#heirs.get(from);
    if (heir === undefined || version > this.#versionFor(heir)) return;
    const isNew = heir.progress.acknowledged(version, this.#options.now());
    if (isNew && !heir.isHeir && version === 0) this.#heirs.delete(from);
  }

  #set(address: Address, isHeir: boolean): void {
    this.#heirs.set(address, { isHeir, progress: new Progress(unheard) });
  }

  #versionFor({ isHeir }: Heir): number {
    return isHeir ? this.#options.rules.version : 0;
  }

  #tell(address: Address, { isHeir, progress }: Heir): void {
    const options = this.#options;
    const { rules, perMessage } = options;
    progress.toldUs = options.now();
    const common = { type: 'rules-copy', ballot: options.ballot(), isHeir } as const;
    const { version } = rules;
    if (!isHeir) {
      progress.told = 0;
      options.send(address, { ...common, from: 0, to: 0, version: 0, groups: [], places: null });
      return;
    }
    do {
      const from = Math.max(0, progress.told);
      const { to, groups, places } = rules.stateSince(from, perMessage);
      progress.told = to;
      options.send(address, { ...common, from, to, version, groups, places });
    } while (progress.told < version);
  }
}
