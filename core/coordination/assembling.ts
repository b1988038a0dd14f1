/**
 * How a coordinator assembles the whole model of the managers' parts: each part delta by delta in
 * its order, and from the start where the manager began anew, or told another coordinator since.
 */
import { compareBallots, type Ballot } from '../identity.js';
import { mark } from '../marks.js';
import type { CoreConfig } from './config.js';
import type { CoordinationMessage } from './messages.js';
import type { PartDelta } from '../metamodel/delta.js';
import type { Environment } from '../process.js';
import type { Authority } from './authority.js';
import type { Member } from './membership.js';
import type { Placement } from './placement.js';
import type { Registry } from './registry.js';
import type { FormerParts } from './standby/parts-copy.js';
import type { WholeModel } from './whole-model.js';

export interface AssemblingOptions {
  readonly environment: Environment<CoordinationMessage>;
  readonly config: CoreConfig;
  readonly authority: Authority;
  readonly whole: WholeModel;
  readonly placement: Placement;
  /** Null without an inventory. */
  readonly registry: Registry | null;
  /** What this node knew as a standby of what managers list. */
  readonly parts?: FormerParts | null;
}

export class Assembling {
  readonly #options: AssemblingOptions;
  /** Null once all who could have gone on from there have reported. */
  #former: FormerParts | null;

  constructor(options: AssemblingOptions) {
    this.#options = options;
    this.#former = options.parts ?? null;
  }

  /** Who is heard no sooner will tell everything. */
  forgetFormer(): void {
    this.#former = null;
  }

  /** @param ballot - under which the member tells it */
  take(member: Member, delta: PartDelta, ballot: Ballot): void {
    if (delta.incarnation < member.incarnation || !member.mayTell(delta)) return;
    if (member.incarnation < 0 && delta.from > 0) this.#recall(member, delta, ballot);
    const { environment, config, authority, whole, registry, placement } = this.#options;
    const newLife = delta.incarnation > member.incarnation;
    // Between two ballots it may have told another coordinator what it let go of, and no one since.
    const isNew = member.address !== environment.address &&
      authority.isOf(ballot) && compareBallots(ballot, member.ballot) !== 0;
    const isWhole = delta.from === 0 && member.version > 0 && delta.to >= member.version;
    if (isNew) member.ballot = ballot;
    if (newLife || isWhole || (isNew && member.version > 0)) {
      this.#beginAnew(member, delta.incarnation);
    }
    if (delta.from > member.version) {
      mark(environment, 'gap in the deltas of a manager');
      // All of the system may have come to one manager, and its part comes in any order.
      member.keepAhead(delta, whole.model.extent / config.entriesPerMessage);
      return;
    }
    for (let next: PartDelta | undefined = delta; next !== undefined; next = member.takeNext()) {
      if (next.to <= member.version) continue;
      if (!this.#isReadable(next)) {
        mark(environment, 'delta meant for a former coordinator');
        // It was meant for one who knew more: a former coordinator on this node. From the start.
        member.restart(delta.incarnation);
        return;
      }
      const nowUs = environment.now();
      for (const entry of next.entries) {
        if (registry?.disowns(member.address, entry, nowUs) === true) continue;
        placement.apply(member, entry);
      }
      member.version = next.to;
    }
  }

  /** What this node knows as a standby the manager need not tell. */
  #recall(member: Member, { incarnation, from }: PartDelta, ballot: Ballot): void {
    const known = this.#former?.take(member.address) ?? null;
    if (known === null || known.incarnation !== incarnation || known.to < from) return;
    this.take(member, known, ballot);
  }

  /** Its part comes from the start, in a new life or in the one that is known. */
  #beginAnew(member: Member, incarnation: number): void {
    const { environment, registry, placement } = this.#options;
    const newLife = incarnation > member.incarnation;
    if (newLife) mark(environment, 'manager back in a new life');
    if (newLife && member.incarnation >= 0) {
      placement.livesAnew(member);
      registry?.livesAnew(member.address);
    }
    // What it has just been told to list may be on its way to it, if this is the same life.
    member.unconfirmed = new Map(placement.tellsAnew(member)
      .filter(([, isListed]) => newLife || isListed));
    const left = member.isLeaving;
    member.restart(incarnation);
    if (left) placement.include(member);
  }

  /** Whether everything in it is described, there or before. */
  #isReadable(delta: PartDelta): boolean {
    return delta.entries.every(({ resource, removed, descriptor }) =>
      removed || descriptor !== null || this.#options.whole.model.has(resource));
  }

  /** The member's whole part is known: what it has not named it does not list. */
  confirmed(member: Member): void {
    const { unconfirmed } = member;
    member.unconfirmed = null;
    const { placement } = this.#options;
    for (const [resource, wasListed] of unconfirmed ?? []) {
      const manager = placement.ledger.manager(resource);
      if (manager === member.address) placement.missed(resource, wasListed);
    }
  }
}
