/**
 * A coordinator's side of what its next in line know of its global rules: each change is told at
 * once, before an action that was counted goes out, and again until it is acknowledged.
 */
import type { Ballot } from '../../identity.js';
import type { Address } from '../../process.js';
import type { GlobalRules } from '../../rules/index.js';
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
  isHeir: boolean;
  /** The version that it acknowledged, and that it was told; -1: none. */
  held: number;
  told: number;
  toldUs: number;
}

export class RulesCopies {
  readonly #options: RulesCopiesOptions;
  readonly #heirs = new Map<Address, Heir>();

  constructor(options: RulesCopiesOptions) {
    this.#options = options;
  }

  /** These are next in line. */
  keepAt(line: readonly Address[]): void {
    for (const [address, heir] of this.#heirs) {
      if (heir.isHeir && !line.includes(address)) this.#set(address, false);
    }
    for (const address of line) {
      if (this.#heirs.get(address)?.isHeir !== true) this.#set(address, true);
    }
    this.tell();
  }

  /** It coordinates under a greater ballot: all is told anew under that. */
  renewed(): void {
    for (const [address, { isHeir }] of this.#heirs) this.#set(address, isHeir);
    this.tell();
  }

  /** Whoever has not been told of the latest change is. */
  tell(): void {
    for (const [address, heir] of this.#heirs) {
      if (heir.told < this.#versionFor(heir)) this.#tell(address, heir);
    }
  }

  /** The periodic look: what may be lost is told again. */
  check(): void {
    const { patienceUs } = this.#options;
    const nowUs = this.#options.now();
    for (const heir of this.#heirs.values()) {
      const isLate = heir.held < heir.told && nowUs - heir.toldUs >= patienceUs;
      if (isLate) heir.told = heir.held;
    }
    this.tell();
  }

  onCopied(from: Address, { version }: RulesCopied): void {
    const heir = this.#heirs.get(from);
    if (heir === undefined || version > this.#versionFor(heir)) return;
    // Less than it held: it lives anew.
    if (version < heir.held) heir.told = version;
    heir.held = version;
    if (!heir.isHeir && version === 0) this.#heirs.delete(from);
    else if (heir.told < heir.held) heir.told = heir.held;
  }

  #set(address: Address, isHeir: boolean): void {
    this.#heirs.set(address, { isHeir, held: -1, told: -1, toldUs: -Infinity });
  }

  #versionFor({ isHeir }: Heir): number {
    return isHeir ? this.#options.rules.version : 0;
  }

  #tell(address: Address, heir: Heir): void {
    const options = this.#options;
    const { rules, perMessage } = options;
    heir.toldUs = options.now();
    const common = {
      type: 'rules-copy', ballot: options.ballot(), isHeir: heir.isHeir,
    } as const;
    const { version } = rules;
    if (!heir.isHeir) {
      heir.told = 0;
      options.send(address, { ...common, from: 0, to: 0, version: 0, groups: [], places: null });
      return;
    }
    do {
      const from = Math.max(0, heir.told);
      const { to, groups, places } = rules.stateSince(from, perMessage);
      heir.told = to;
      options.send(address, { ...common, from, to, version, groups, places });
    } while (heir.told < version);
  }
}
