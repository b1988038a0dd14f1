/** What a manager that is next in line was told of what the coordinator's rules keep in mind. */
import { compareBallots, type Ballot } from '../../identity.js';
import type { GlobalState } from '../../rules/index.js';
import {
  agedGroup, agedPlace, type GroupMemory, type PlaceMemory,
} from '../../rules/memory.js';
import { Ahead } from '../progress.js';
import type { RulesCopied, RulesCopy as Told } from '../standby-messages.js';

/** Pieces that overtook others, at most so many. */
const mostAhead = 64;

type Piece = Pick<Told, 'from' | 'to' | 'version' | 'groups' | 'places'>;

interface At<Memory> {
  readonly memory: Memory;
  readonly atUs: number;
}

export class RulesCopy {
  #ballot: Ballot | null = null;
  #version = -1;
  /** There is as much as that. */
  #whole = 0;
  /** By rule and group. */
  readonly #groups = new Map<string, At<GroupMemory>>();
  #places: At<readonly PlaceMemory[]> = { memory: [], atUs: 0 };
  readonly #ahead = new Ahead<Piece>();

  /** What to answer; null: nothing. */
  onCopy(message: Told, nowUs: number): RulesCopied | null {
    const { ballot, from, to, version, groups, places, isHeir } = message;
    const order = compareBallots(ballot, this.#ballot);
    if (order < 0) return null;
    if (!isHeir) {
      this.clear();
      return { type: 'rules-copied', ballot, version: 0 };
    }
    if (order > 0) this.#begin(ballot, version);
    const piece = { from, to, version, groups: [...groups], places };
    if (from > this.#version) this.#ahead.keep(piece, mostAhead);
    else if (to > this.#version) this.#follow(piece, nowUs);
    return { type: 'rules-copied', ballot, version: this.#version };
  }

  /** All that the coordinator under that ballot kept in mind; null: of that some is not known. */
  of(ballot: Ballot | null, nowUs: number): GlobalState | null {
    const isKnown = ballot !== null && compareBallots(ballot, this.#ballot) === 0;
    if (!isKnown || this.#version < this.#whole || !this.#ahead.isEmpty) return null;
    const sinceUs = (atUs: number): number => Math.max(0, nowUs - atUs);
    const groups = Array.from(this.#groups.values(), ({ memory, atUs }) =>
      agedGroup(memory, sinceUs(atUs)));
    const { memory, atUs } = this.#places;
    return { groups, places: memory.map((place) => agedPlace(place, sinceUs(atUs))) };
  }

  clear(): void {
    this.#ballot = null;
    this.#version = -1;
    this.#groups.clear();
    this.#places = { memory: [], atUs: 0 };
    this.#ahead.clear();
  }

  #begin(ballot: Ballot, version: number): void {
    this.clear();
    this.#ballot = ballot;
    this.#version = 0;
    this.#whole = version;
  }

  #follow(first: Piece, nowUs: number): void {
    for (const { to, version, groups, places } of this.#ahead.following(first)) {
      this.#version = to;
      this.#whole = Math.max(this.#whole, version);
      for (const memory of groups) {
        this.#groups.set(`${memory.rule}\n${memory.group}`, { memory, atUs: nowUs });
      }
      if (places !== null) this.#places = { memory: places, atUs: nowUs };
    }
  }
}
