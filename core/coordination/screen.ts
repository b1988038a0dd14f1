/**
 * What comes to a manager and cannot be true goes no farther than here: numbers out of
 * all proportion, and addresses of managers where no manager is. What is plausible and false is
 * not told apart; it does no more harm than a message that is late.
 */
import type { Ballot, Token } from '../identity.js';
import type { ElectionRequest } from '../election/messages.js';
import type { PartDelta, PartEntry } from '../metamodel/delta.js';
import type { Passed } from '../metamodel/inventory.js';
import type { CoordinationMessage, ResourceRegister } from './messages.js';
import type { PastryMessage, Peer } from '../overlay/index.js';
import {
  BallotHorizon, isCount, isIncarnation, isResource, isRow, isUnder,
} from '../plausible.js';
import type { Address } from '../process.js';
import type { GroupMemory, RuleMemory } from '../rules/memory.js';

/** What it knows; of all else only the ballot is looked at. */
type Known = CoordinationMessage | PastryMessage;

type Entry = Pick<PartEntry, 'resource' | 'agent' | 'token' | 'incarnation'>;

export interface ScreenOptions {
  readonly isManager: (address: Address) => boolean;
  /** The greatest ballot known. */
  readonly ballot: () => Ballot | null;
}

export class Screen {
  readonly #options: ScreenOptions;
  readonly #horizon = new BallotHorizon();

  constructor(options: ScreenOptions) {
    this.#options = options;
  }

  /** Whether the ballot may be one, and is a manager's. */
  admitsBallot(ballot: Ballot | null): boolean {
    if (ballot === null) return true;
    const { isManager, ballot: own } = this.#options;
    return isManager(ballot.address) && this.#horizon.admits(ballot, own());
  }

  /**
   * Of what managers get from agents and from each other: all but what comes in every period from
   * every resource, and is looked at where it is handled.
   */
  admits(message: Known): boolean {
    if (message.type === 'resource-register') return this.#admitsRegister(message);
    const { ballot } = message as { readonly ballot?: Ballot | null };
    if (ballot !== undefined && !this.admitsBallot(ballot)) return false;
    switch (message.type) {
      case 'resource-assign':
        return message.entries.every((entry) => this.#admitsEntry(entry, message.ballot));
      case 'resource-entrust':
        return areMemories(message.memories) &&
          message.entries.every((entry) => this.#admitsEntry(entry, message.ballot));
      case 'rules-remember':
        return message.resources.every(isResource) && areMemories(message.memories);
      case 'rules-copy':
        return isCount(message.to) && isCount(message.version) && message.from <= message.to &&
          message.groups.every(isGroupMemory);
      case 'permit-request':
        return message.wishes.every(({ number, resource }) =>
          isCount(number) && isResource(resource));
      case 'permit-answers':
        return message.answers.every(({ waitUs }) => isCount(waitUs));
      case 'resource-hand-over':
        return message.entries.every(({ token, to }) =>
          this.#options.isManager(to) && isUnder(token, message.ballot));
      case 'manager-heartbeat':
      case 'model-snapshot':
        return this.#admitsPart(message.part, message.ballot);
      case 'part-copy':
        return isCount(message.stream) && this.#admitsPart(message.part, message.ballot);
      case 'manager-heartbeat-answer':
        return message.heirs === null || message.heirs.every(this.#options.isManager);
      case 'model-handover':
        return message.entries.every((entry) =>
          this.#options.isManager(entry.manager) && this.#admitsEntry(entry, message.ballot));
      case 'manager-leave':
        return isCount(message.incarnation);
      case 'inventory-copy':
        return [message.stream, message.from, message.to].every(isCount) &&
          this.#admitsPassed(message.passed) &&
          message.entries.every(({ resource, number, agent, incarnation }) =>
            isResource(resource) && isRow(agent) && isIncarnation(incarnation) &&
            this.#admitsNumber(number));
      case 'inventory-offer':
        return isCount(message.stream) && isCount(message.version) &&
          this.#admitsPassed(message.passed);
      case 'inventory-copied':
        return message.level === null ||
          isCount(message.level.stream) && isCount(message.level.version);
      case 'resource-enrol':
        return isRow(message.agent) && message.entries.every(({ resource, number, incarnation }) =>
          isResource(resource) && isIncarnation(incarnation) &&
          (number === null || this.#admitsNumber(number)));
      case 'resource-retired':
        return isRow(message.agent) && message.entries.every(({ resource, number }) =>
          isResource(resource) && (number === null || this.#admitsNumber(number)));
      case 'resource-decommission':
        return this.#options.isManager(message.asker) && message.resources.every(isResource);
      case 'election-request':
        return this.#admitsRequest(message);
      default:
        return this.#admitsOverlay(message);
    }
  }

  /** An agent cannot tell who is a manager: its ballot may be anyone's. */
  #admitsRegister({ agent, ballot, entries }: ResourceRegister): boolean {
    const { ballot: own } = this.#options;
    return isRow(agent) && (ballot === null || this.#horizon.admits(ballot, own())) &&
      entries.every(({ resource, incarnation, lost }) =>
        isResource(resource) && isIncarnation(incarnation) &&
        (lost === null || this.#horizon.admits(lost.ballot, own())));
  }

  #admitsRequest({ requester, suspected }: ElectionRequest): boolean {
    return this.#options.isManager(requester) && this.admitsBallot(suspected);
  }

  #admitsPart({ incarnation, from, to, entries }: PartDelta, ballot: Ballot): boolean {
    return isCount(incarnation) && isCount(to) && from <= to &&
      entries.every((entry) => this.#admitsEntry(entry, ballot));
  }

  #admitsEntry({ resource, agent, token, incarnation }: Entry, ballot: Ballot): boolean {
    return isResource(resource) && isRow(agent) && isIncarnation(incarnation) &&
      isUnder(token, ballot);
  }

  #admitsNumber({ ballot, sequence }: Token): boolean {
    return isCount(sequence) && this.#horizon.admits(ballot, this.#options.ballot());
  }

  #admitsPassed(passed: Passed | null): boolean {
    if (passed === null) return true;
    return [...passed.upTo, ...passed.single].every((number) => this.#admitsNumber(number));
  }

  #admitsOverlay(message: Known): boolean {
    switch (message.type) {
      case 'overlay-route':
      case 'overlay-broadcast':
      case 'overlay-spread':
        return this.admits(message.payload as Known);
      case 'overlay-probe-answer':
        return message.nearest === null || this.#options.isManager(message.nearest.address);
      case 'overlay-leaves':
      case 'overlay-leaves-answer':
      case 'overlay-leave':
        return this.#areManagers(message.leaves);
      case 'overlay-found':
        return this.#areManagers(message.entries);
      default: {
        // What a guest's envelope carries is looked at as what any other does.
        const { payload } = message as { readonly payload?: Known };
        return payload === undefined || this.admits(payload);
      }
    }
  }

  #areManagers(peers: readonly Peer[]): boolean {
    const { isManager } = this.#options;
    for (const { address } of peers) if (!isManager(address)) return false;
    return true;
  }
}

function isGroupMemory({ tries, ripening }: GroupMemory): boolean {
  return isIncarnation(ripening?.occasion ?? 0) && tries.every(({ resource, waiting }) =>
    isResource(resource) && isIncarnation(waiting?.incarnation ?? 0));
}

function areMemories(memories: readonly RuleMemory[]): boolean {
  return memories.every(({ resource, fired, waiting, ripening }) =>
    isResource(resource) && isIncarnation(fired) && isIncarnation(waiting?.incarnation ?? 0) &&
    isIncarnation(ripening?.occasion ?? 0));
}
