/** Messages that want an answer: repeated when none comes, given up after some tries. */
import type { PastryMessage } from './messages.js';
import type { Address, Environment, TimerId } from '../../process.js';
import { Asked, nextWaitUs } from '../tries.js';
import type { Contact } from './contact.js';
import { Timer } from './timers.js';

export interface Request {
  readonly to: Contact;
  /** Sent so often at most. */
  readonly tries: number;
  /** The message, made anew for each try: the world owns what was sent. */
  message(sequence: number): PastryMessage;
  /** No answer came to the first try. */
  late?(): void;
  /** The answer came. */
  answered?(): void;
  /** No answer came to any. */
  silent(): void;
  /** To be given up as soon as its node is known to be dead. */
  readonly passes?: boolean;
}

/** What answers what. */
const answers: { readonly [type in PastryMessage['type']]?: PastryMessage['type'] } = {
  'overlay-find': 'overlay-found',
  'overlay-leaves': 'overlay-leaves-answer',
  'overlay-probe': 'overlay-probe-answer',
  'overlay-route': 'overlay-ack',
  'overlay-spread': 'overlay-ack',
};

class Pending extends Asked {
  readonly request: Request;
  /** The type of the answer. */
  wanted: PastryMessage['type'] | undefined = undefined;
  timer: TimerId = 0;

  constructor(request: Request) {
    super(request.tries);
    this.request = request;
  }
}

export class Requests {
  readonly #environment: Environment<PastryMessage>;
  readonly #timeoutUs: number;
  readonly #heardUs: (to: Contact) => number;
  readonly #pending = new Map<number, Pending>();
  #counter = 0;

  /** @param heardUs - when a node that is known was last heard; else -Infinity */
  constructor(
    environment: Environment<PastryMessage>, timeoutUs: number, heardUs: (to: Contact) => number,
  ) {
    this.#environment = environment;
    this.#timeoutUs = timeoutUs;
    this.#heardUs = heardUs;
  }

  ask(request: Request): void {
    const sequence = (this.#counter += 1);
    const pending = new Pending(request);
    this.#pending.set(sequence, pending);
    this.#send(sequence, pending, this.#timeoutUs);
  }

  /**
   * The request that this answers, if it is still open; measures the way there and back. Numbers
   * begin anew with each life: an answer to a former one bears that of some other question.
   */
  answered(type: PastryMessage['type'], sequence: number, from: Address): Request | null {
    const pending = this.#pending.get(sequence);
    if (pending === undefined || pending.request.to.address !== from) return null;
    if (pending.wanted !== type) return null;
    this.#pending.delete(sequence);
    this.#environment.cancelTimer(pending.timer);
    const { request, attempt, sentUs } = pending;
    // Whether the answer is to the first or to a later try is not known.
    if (attempt === 1) request.to.rttUs = Math.min(request.to.rttUs, this.#sinceUs(sentUs));
    request.answered?.();
    return request;
  }

  onTimeout(sequence: number): void {
    const pending = this.#pending.get(sequence);
    if (pending === undefined) return;
    const { request } = pending;
    const { to } = request;
    const waitUs = nextWaitUs(
      pending, this.#heardUs(to), this.#environment.now(), this.#timeoutUs,
    );
    if (waitUs !== null) {
      this.#send(sequence, pending, waitUs);
      if (pending.attempt === 2) request.late?.();
    } else {
      this.#pending.delete(sequence);
      request.silent();
    }
  }

  /** Nobody waits for this node any longer: what was to pass through it looks for another way. */
  abandon(address: Address): void {
    const abandoned: Pending[] = [];
    for (const [sequence, pending] of this.#pending) {
      const { request, timer } = pending;
      if (request.passes !== true || request.to.address !== address) continue;
      this.#pending.delete(sequence);
      this.#environment.cancelTimer(timer);
      abandoned.push(pending);
    }
    // All at once: each of them buries the node again, and there may be thousands in a storm.
    for (const { request } of abandoned.reverse()) request.silent();
  }

  #send(sequence: number, pending: Pending, waitUs: number): void {
    pending.attempt += 1;
    pending.sentUs = this.#environment.now();
    pending.timer = this.#environment.setTimer(waitUs, Timer.request, sequence);
    const message = pending.request.message(sequence);
    pending.wanted = answers[message.type];
    this.#environment.send(pending.request.to.address, message);
  }

  #sinceUs(thenUs: number): number {
    return this.#environment.now() - thenUs;
  }
}
