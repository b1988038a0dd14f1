/** What a host has asked before it acts, and waits to be told. */
import type { Address, Environment } from '../process.js';
import type { ActionConfirmed, ActionRequest } from '../rules/messages.js';
import type { CoordinationMessage } from './messages.js';

/** So many there are. */
const questions = 0x1_0000_0000_0000;

interface Asked {
  readonly issuer: Address;
  readonly request: ActionRequest;
  readonly question: number;
  readonly askedUs: number;
}

export class Questions {
  readonly #environment: Environment<CoordinationMessage>;
  readonly #withinUs: number;
  /** By resource: the latest. Who asked before that sends its request again. */
  readonly #asked = new Map<number, Asked>();

  /** @param withinUs - an answer counts for so long */
  constructor(environment: Environment<CoordinationMessage>, withinUs: number) {
    this.#environment = environment;
    this.#withinUs = withinUs;
  }

  ask(issuer: Address, request: ActionRequest): void {
    const { action, resource } = request;
    // No answer to a question of an earlier life fits.
    const question = Math.floor(this.#environment.random.next() * questions);
    const askedUs = this.#environment.now();
    // The message is the world's: what is kept is a copy.
    this.#asked.set(resource, { issuer, request: { ...request }, question, askedUs });
    this.#environment.send(issuer, { type: 'action-check', action, resource, question });
  }

  /** The request that is confirmed; null: it was not asked for, or is too late. */
  answered(from: Address, { action, resource, question }: ActionConfirmed): ActionRequest | null {
    const asked = this.#asked.get(resource);
    if (asked === undefined || asked.issuer !== from || asked.question !== question) return null;
    if (asked.request.action !== action) return null;
    this.#asked.delete(resource);
    const waitedUs = this.#environment.now() - asked.askedUs;
    return waitedUs >= 0 && waitedUs <= this.#withinUs ? asked.request : null;
  }
}
