/**
 * The root's side of an election: it asks the coordinator that is missed, and others whether they
 * miss it too. If all that answer do, the root takes the role; if not, it tells who asked.
 */
import { compareBallots, type Ballot } from '../identity.js';
import { mark } from '../marks.js';
import type { Overlay } from '../overlay/index.js';
import type { Address, Environment } from '../process.js';
import type { Election, Succession } from './election.js';
import { Inquiry, inquiryTries } from './inquiry.js';
import type { Lookout } from './lookout.js';
import type { CoordinatorSighted, ElectionMessage } from './messages.js';
import type { ElectionSettings } from './settings.js';
import { Timer } from './timers.js';

export interface RootOptions {
  readonly environment: Environment<ElectionMessage>;
  readonly overlay: Pick<Overlay, 'neighbours'>;
  readonly config: ElectionSettings;
  readonly seeds: readonly Address[];
  readonly election: Pick<Election, 'ballot' | 'coordinating' | 'calm' | 'hear'>;
  readonly lookout: Lookout;
  /** The greatest ballot whose holder is being asked. */
  pending(): Ballot | null;
  /** Becomes coordinator. */
  take(succession?: Succession): void;
  /** Tells the node who coordinates, as far as is known here. */
  tell(to: Address): void;
}

export class Root {
  readonly #options: RootOptions;
  #inquiry: Inquiry | null = null;

  constructor(options: RootOptions) {
    this.#options = options;
  }

  /** Whether it is looking into the loss of that very coordinator. */
  suspects(ballot: Ballot): boolean {
    return this.#inquiry !== null && compareBallots(this.#inquiry.suspected, ballot) === 0;
  }

  /** Somebody asks for an election, and this node does not coordinate under such a ballot. */
  onRequest(requester: Address, suspected: Ballot | null): void {
    const { environment, election, config, lookout } = this.#options;
    if (this.#inquiry !== null) {
      mark(environment, 'several request one election');
      this.#inquiry.request(requester, suspected);
      return;
    }
    environment.observe({ type: 'election-started', suspected: election.ballot });
    const inquiry = new Inquiry(election.ballot);
    this.#inquiry = inquiry;
    inquiry.request(requester, suspected);
    inquiry.suspects(this.#options.pending());
    const { suspected: missed } = inquiry;
    if (missed !== null && election.ballot !== null && !election.coordinating) {
      lookout.look(environment.address, missed, config.tries);
    }
    this.inquire();
  }

  /** Once more; when all tries are over, or all that answer miss the coordinator, it is gone. */
  inquire(): void {
    const inquiry = this.#inquiry;
    if (inquiry === null) return;
    const { environment, config: { tries, tryTimeoutUs } } = this.#options;
    const { suspected, round } = inquiry;
    if (suspected === null || suspected.address === environment.address) {
      this.#options.take();
    } else if (round >= inquiryTries(tries) || (round >= tries && this.#isAnswered(inquiry))) {
      this.#conclude(inquiry, suspected);
    } else {
      inquiry.round += 1;
      inquiry.timer = environment.setTimer(tryTimeoutUs, Timer.inquire, 0);
      // Mostly the coordinator answers by then: no need to bother all the others.
      if (inquiry.round > 1) this.#poll(inquiry, suspected);
    }
  }

  #poll(inquiry: Inquiry, ballot: Ballot): void {
    const { environment, overlay, seeds } = this.#options;
    const others = [...overlay.neighbours(), ...inquiry.requesters, ...seeds];
    inquiry.poll(others.filter((other) => other !== environment.address));
    for (const other of inquiry.silent()) {
      environment.send(other, { type: 'coordinator-missed', ballot });
    }
  }

  #isAnswered(inquiry: Inquiry): boolean {
    return inquiry.isComplete && !this.#options.lookout.isActive;
  }

  #conclude({ lesser, requesters }: Inquiry, suspected: Ballot): void {
    const { environment, election } = this.#options;
    if (lesser === null || election.coordinating) {
      mark(environment, 'coordinator stayed silent');
      this.#options.take({ yielder: null, gone: [suspected.address] });
      return;
    }
    // Others follow one that may not know that a greater ballot than its own was taken.
    mark(environment, 'coordinator of a lesser ballot than is missed');
    for (const requester of requesters) {
      environment.send(lesser.address, { type: 'election-request', requester, suspected });
    }
    this.#drop();
  }

  /** Another node, or this one itself, has found out whether its coordinator answers it. */
  onSighted(from: Address, { ballot, sighted }: CoordinatorSighted): void {
    const { environment, election, config } = this.#options;
    if (ballot !== null) election.hear(ballot);
    const inquiry = this.#inquiry;
    if (!sighted || ballot === null) {
      if (inquiry === null) return;
      inquiry.missedBy(from);
    } else if (inquiry === null) {
      // Why there is no election: the coordinator lives, though this node may miss it.
      if (compareBallots(ballot, election.ballot) >= 0) election.calm();
      return;
    } else if (compareBallots(ballot, inquiry.suspected) >= 0) {
      if (from !== environment.address) mark(environment, 'coordinator missed by some only');
      this.#refrain(inquiry, ballot);
      return;
    } else {
      inquiry.missedBy(from);
      if (compareBallots(ballot, inquiry.lesser) > 0) inquiry.lesser = ballot;
    }
    if (inquiry.round >= config.tries && this.#isAnswered(inquiry)) this.inquire();
  }

  /** Somebody follows the coordinator still: there is no election. */
  #refrain({ requesters }: Inquiry, ballot: Ballot): void {
    const { environment, election } = this.#options;
    this.#drop();
    for (const requester of requesters) {
      if (requester === environment.address) continue;
      environment.send(requester, { type: 'coordinator-sighted', ballot, sighted: true });
    }
    election.calm();
  }

  /** Somebody coordinates under a ballot that this node acknowledges. */
  end(): void {
    const inquiry = this.#inquiry;
    if (inquiry === null) return;
    this.#drop();
    const { address } = this.#options.environment;
    for (const requester of inquiry.requesters) {
      if (requester !== address) this.#options.tell(requester);
    }
  }

  #drop(): void {
    const timer = this.#inquiry?.timer ?? null;
    if (timer !== null) this.#options.environment.cancelTimer(timer);
    this.#inquiry = null;
  }
}
