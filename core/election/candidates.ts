/**
 * Ballots greater than the acknowledged one that a node has heard of. None is acknowledged before
 * its holder has answered a question of this node's own: whoever holds it may be dead, or reach
 * this node and not be reached by it, and a coordinator stepping down for such a one, or a manager
 * following it, would be without one soon.
 */
import { compareBallots, type Ballot } from '../identity.js';
import type { ElectionSettings } from './settings.js';
import type { ElectionMessage } from './messages.js';
import type { Address, Environment, TimerId } from '../process.js';
import { Timer } from './timers.js';

interface Candidate {
  readonly ballot: Ballot;
  /** Followers of another coordinator told of it. */
  met: boolean;
  /** Heard of once more while its holder was asked. */
  again: boolean;
  attempt: number;
  timer: TimerId;
}

/** So many holders are asked at a time; who is heard of beyond that will be heard of again. */
const askedAtOnce = 8;

export class Candidates {
  readonly #environment: Environment<ElectionMessage>;
  readonly #config: ElectionSettings;
  /** The acknowledged ballot, for those that are asked. */
  readonly #acknowledged: () => Ballot | null;
  /** By holder; each holder's greatest. */
  readonly #asked = new Map<Address, Candidate>();
  #greatest: Ballot | null = null;

  constructor(
    environment: Environment<ElectionMessage>, config: ElectionSettings,
    acknowledged: () => Ballot | null,
  ) {
    this.#environment = environment;
    this.#config = config;
    this.#acknowledged = acknowledged;
  }

  /** Of all that this life has heard of: a ballot that it takes goes beyond. */
  get greatest(): Ballot | null {
    return this.#greatest;
  }

  /** The greatest whose holder is being asked. */
  get pending(): Ballot | null {
    let greatest: Ballot | null = null;
    for (const { ballot } of this.#asked.values()) {
      if (compareBallots(ballot, greatest) > 0) greatest = ballot;
    }
    return greatest;
  }

  /** A ballot greater than the acknowledged one is heard of. */
  hear(ballot: Ballot, met: boolean): void {
    if (compareBallots(ballot, this.#greatest) > 0) this.#greatest = ballot;
    const { address } = ballot;
    // Others know it from a former life of this very node.
    if (address === this.#environment.address) return;
    const known = this.#asked.get(address);
    if (known !== undefined && compareBallots(ballot, known.ballot) <= 0) {
      known.again = true;
      known.met ||= met;
      return;
    }
    if (known === undefined && this.#asked.size >= askedAtOnce) return;
    if (known !== undefined) this.#environment.cancelTimer(known.timer);
    const everMet = met || known?.met === true;
    const candidate = { ballot, met: everMet, again: false, attempt: 0, timer: 0 };
    this.#asked.set(address, candidate);
    this.#ask(address, candidate);
  }

  onTimer(address: Address): void {
    const candidate = this.#asked.get(address);
    if (candidate === undefined) return;
    if (candidate.attempt >= this.#config.tries) {
      if (!candidate.again) {
        this.#asked.delete(address);
        return;
      }
      candidate.again = false;
      candidate.attempt = 0;
    }
    this.#ask(address, candidate);
  }

  /**
   * That node says that it coordinates under no ballot, and knows this one. It is not asked again
   * before the time of the last question is over: answers would beget questions.
   */
  dismiss(address: Address, ballot: Ballot | null): void {
    if (compareBallots(ballot, this.#greatest) > 0) this.#greatest = ballot;
    const candidate = this.#asked.get(address);
    if (candidate === undefined || compareBallots(ballot, candidate.ballot) < 0) return;
    candidate.attempt = this.#config.tries;
    candidate.again = false;
  }

  /** This one is acknowledged; true if followers of another coordinator had told of it. */
  settle(ballot: Ballot): boolean {
    const met = this.#asked.get(ballot.address)?.met === true;
    for (const [address, candidate] of this.#asked) {
      if (compareBallots(candidate.ballot, ballot) <= 0) this.#drop(address, candidate);
    }
    return met;
  }

  #ask(address: Address, candidate: Candidate): void {
    candidate.attempt += 1;
    candidate.timer = this.#environment.setTimer(
      this.#config.tryTimeoutUs, Timer.ask, address,
    );
    const ballot = this.#acknowledged();
    this.#environment.send(address, { type: 'coordinator-probe', ballot });
  }

  #drop(address: Address, { timer }: Candidate): void {
    this.#environment.cancelTimer(timer);
    this.#asked.delete(address);
  }
}
