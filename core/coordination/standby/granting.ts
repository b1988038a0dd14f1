/**
 * A coordinator's answers to managers that ask whether their local rules may act. What is granted
 * goes out only once all that are next in line know that it counts: so whoever succeeds this
 * coordinator and knows its windows knows of each permit that any manager has.
 */
import type { Address } from '../../process.js';
import type { GlobalRules } from '../../rules/index.js';
import type { PermitAnswer, PermitAnswers, PermitRequest } from '../../rules/permit-messages.js';

export interface GrantingOptions {
  readonly rules: Pick<GlobalRules, 'permit' | 'permitReturned' | 'version'>;
  /** A permit that is later than that is of no use to anybody. */
  readonly patienceUs: number;
  /** Whether the model is rebuilt, so that it can be told what is down. */
  isOpen(): boolean;
  /** Up to which version all know it that are next in line. */
  knownTo(): number;
  /** These are told what is new. */
  tell(): void;
  now(): number;
  send(to: Address, message: PermitAnswers): void;
}

interface Parked {
  readonly to: Address;
  readonly answers: readonly PermitAnswer[];
  readonly version: number;
  readonly sinceUs: number;
}

export class Granting {
  readonly #options: GrantingOptions;
  /** What is granted and not sent yet, the first first. */
  #parked: Parked[] = [];

  constructor(options: GrantingOptions) {
    this.#options = options;
  }

  onRequest(from: Address, { wishes, returned }: PermitRequest): void {
    const options = this.#options;
    const { rules } = options;
    for (const back of returned) rules.permitReturned(from, back);
    if (!options.isOpen()) return;
    const answers = wishes.flatMap((wish) => rules.permit(from, wish) ?? []);
    const granted = answers.filter(({ heldBy }) => heldBy === null);
    this.#send(from, answers.filter(({ heldBy }) => heldBy !== null));
    if (granted.length === 0) return;
    const { version } = rules;
    this.#parked.push({ to: from, answers: granted, version, sinceUs: options.now() });
    options.tell();
    this.flush();
  }

  /** Sends what is known well enough by now. */
  flush(): void {
    if (this.#parked.length === 0) return;
    const { patienceUs } = this.#options;
    const known = this.#options.knownTo();
    const nowUs = this.#options.now();
    const parked = this.#parked;
    this.#parked = parked.filter(({ version, sinceUs }) =>
      version > known && nowUs - sinceUs <= patienceUs);
    for (const { to, answers, version } of parked) if (version <= known) this.#send(to, answers);
  }

  #send(to: Address, answers: readonly PermitAnswer[]): void {
    if (answers.length > 0) this.#options.send(to, { type: 'permit-answers', answers });
  }
}
