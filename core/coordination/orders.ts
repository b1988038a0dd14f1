/**
 * Orders to list a resource that the coordinator has given lately, in the order of their times:
 * each is looked at once, when its manager has had time to report that it obeyed. A ring of
 * numbers, since a starting system has one for every resource.
 */
import type { CoreConfig } from './config.js';
import type { Token } from '../identity.js';

/** How long a manager has to report that it obeyed: until its next heartbeat. */
export function orderPatienceUs({ managers, overlay }: CoreConfig): number {
  return managers.heartbeatPeriodUs + overlay.hopTimeoutUs;
}

/**
 * An order is given so often; then the resource goes to another manager, unless its agent has just
 * asked for it: that is waited for once.
 */
export function orderTries({ managers: { timeoutUs, heartbeatPeriodUs } }: CoreConfig): number {
  return Math.min(254, Math.ceil(timeoutUs / heartbeatPeriodUs));
}

/** How many heartbeats may be on their way unanswered; who has more is deaf. */
export function unansweredTolerated({ managers }: CoreConfig): number {
  return Math.floor(managers.answerTimeoutUs / managers.heartbeatPeriodUs);
}

export interface Order {
  readonly resource: number;
  /** Under another one the resource has been given away since. */
  readonly token: Token;
  /** How often it has been given before. */
  readonly repeated: number;
}

export class Orders {
  readonly #patienceUs: number;
  #resources = new Int32Array(16);
  #tokens: Token[] = [];
  #givenUs = new Float64Array(16);
  #repeated = new Uint8Array(16);
  #first = 0;
  #length = 0;

  /** @param patienceUs - after which each is looked at */
  constructor(patienceUs: number) {
    this.#patienceUs = patienceUs;
  }

  /** Notes an order that is given now. */
  given({ resource, token, repeated }: Order, nowUs: number): void {
    if (this.#length === this.#resources.length) this.#grow();
    // Lengths are powers of two.
    const slot = (this.#first + this.#length) & (this.#resources.length - 1);
    this.#resources[slot] = resource;
    this.#tokens[slot] = token;
    this.#givenUs[slot] = nowUs;
    this.#repeated[slot] = repeated;
    this.#length += 1;
  }

  /** Takes the next order whose time is over; null: none is. */
  takeDue(nowUs: number): Order | null {
    const slot = this.#first;
    if (this.#length === 0) return null;
    const waitedUs = nowUs - this.#givenUs[slot];
    // A clock that went back delays nothing.
    if (waitedUs >= 0 && waitedUs < this.#patienceUs) return null;
    this.#first = (slot + 1) & (this.#resources.length - 1);
    this.#length -= 1;
    return {
      resource: this.#resources[slot], token: this.#tokens[slot], repeated: this.#repeated[slot],
    };
  }

  #grow(): void {
    const room = this.#resources.length * 2;
    const grown = {
      resources: new Int32Array(room), givenUs: new Float64Array(room),
      repeated: new Uint8Array(room),
    };
    const tokens: Token[] = [];
    for (let index = 0; index < this.#length; index += 1) {
      const slot = (this.#first + index) & (this.#resources.length - 1);
      grown.resources[index] = this.#resources[slot]!;
      tokens.push(this.#tokens[slot]);
      grown.givenUs[index] = this.#givenUs[slot];
      grown.repeated[index] = this.#repeated[slot]!;
    }
    this.#resources = grown.resources;
    this.#tokens = tokens;
    this.#givenUs = grown.givenUs;
    this.#repeated = grown.repeated;
    this.#first = 0;
  }
}
