/** What a manager that is next in line was told of what the coordinator's rules keep in mind. */
import { compareBallots, type Ballot } from '../../identity.js';
import type { GlobalState } from '../../rules/index.js';
import {
  agedGroup, agedPlace, type GroupMemory, type PlaceMemory,
} from '../../rules/memory.js';
import type { RulesCopied, RulesCopy as Told } from '../standby-messages.js';

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

  /** What to answer; null: nothing. */
  onCopy(message: Told, nowUs: number): RulesCopied | null {
    const { ballot, from, to, isHeir } = message;
    const order = compareBallots(ballot, this.#ballot);
    if (order < 0) return null;
    if (!isHeir) this.clear();
    else if (order > 0 && from === 0) this.#begin(message);
    const isNext = isHeir && this.#version >= from && to > this.#version;
    if (isNext && compareBallots(ballot, this.#ballot) === 0) this.#take(message, nowUs);
    const version = isHeir && compareBallots(ballot, this.#ballot) !== 0 ? -1 : this.#version;
    return { type: 'rules-copied', ballot, version: isHeir ? version : 0 };
  }

  /** All that the coordinator under that ballot kept in mind; null: it is not known. */
  of(ballot: Ballot | null, nowUs: number): GlobalState | null {
    const isKnown = ballot !== null && compareBallots(ballot, this.#ballot) === 0;
    if (!isKnown || this.#version < this.#whole) return null;
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
  }

  #begin({ ballot, version }: Told): void {
    this.clear();
    this.#ballot = ballot;
    this.#version = 0;
    this.#whole = version;
  }

  #take({ to, version, groups, places }: Told, nowUs: number): void {
    this.#version = to;
    this.#whole = version;
    for (const memory of groups) {
      this.#groups.set(`${memory.rule}\n${memory.group}`, { memory, atUs: nowUs });
    }
    if (places !== null) this.#places = { memory: places, atUs: nowUs };
  }
}
