/**
 * A coordinator's side of its standbys: its next in line are told what it is told, each newcomer
 * all of it, so that the one that succeeds it knows what dead managers' rules kept in mind.
 */
import type { Ballot } from '../../identity.js';
import type { Address } from '../../process.js';
import { nextInLine, type Overlay } from '../../overlay/index.js';
import type { RulesRemember } from '../messages.js';
import type { Remembered } from './remembered.js';

export interface StandbysOptions {
  readonly most: number;
  /** Resources in one message, at most. */
  readonly perMessage: number;
  readonly remembered: Remembered;
  readonly overlay: Pick<Overlay, 'nodeOf'>;
  send(to: Address, message: RulesRemember): void;
}

export class Standbys {
  readonly #options: StandbysOptions;
  #line: readonly Address[] = [];

  constructor(options: StandbysOptions) {
    this.#options = options;
  }

  /** A manager told the coordinator this. */
  tell(message: RulesRemember): void {
    const resources = [...message.resources];
    const memories = [...message.memories];
    for (const to of this.#line) this.#options.send(to, { ...message, resources, memories });
  }

  /** Once a period. `others`: managers that live, without the coordinator. */
  check(others: readonly Address[], ballot: Ballot, nowUs: number): void {
    const { most, overlay, perMessage, remembered } = this.#options;
    const line = nextInLine(others, overlay, most);
    const newcomers = line.filter((one) => !this.#line.includes(one));
    this.#line = line;
    if (newcomers.length === 0) return;
    const all = remembered.resources();
    for (let start = 0; start < all.length; start += perMessage) {
      const resources = all.slice(start, start + perMessage);
      const memories = resources.flatMap((one) => remembered.of(one, nowUs));
      for (const to of newcomers) {
        this.#options.send(to, { type: 'rules-remember', ballot, resources, memories });
      }
    }
  }
}
