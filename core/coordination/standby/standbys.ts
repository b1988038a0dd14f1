/**
 * A coordinator's side of its standbys: its next in line are told what it is told, each newcomer
 * all of it, so that the one that succeeds it knows what dead managers' rules kept in mind.
 */
import type { Ballot } from '../../identity.js';
import type { Address } from '../../process.js';
import { pieces } from '../../pieces.js';
import type { RulesRemember } from '../messages.js';
import type { Remembered } from './remembered.js';

export interface StandbysOptions {
  /** Resources in one message, at most. */
  readonly perMessage: number;
  readonly remembered: Remembered;
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

  /** Once a period: these are next in line. */
  check(line: readonly Address[], ballot: Ballot, nowUs: number): void {
    const { perMessage, remembered } = this.#options;
    const newcomers = line.filter((one) => !this.#line.includes(one));
    this.#line = line;
    if (newcomers.length === 0) return;
    for (const resources of pieces(remembered.resources(), perMessage)) {
      const memories = resources.flatMap((one) => remembered.of(one, nowUs));
      for (const to of newcomers) {
        this.#options.send(to, { type: 'rules-remember', ballot, resources, memories });
      }
    }
  }
}
