/**
 * Whether this node's coordinator still answers it, for those that ask: the node itself, or others
 * that have to decide on an election. It is asked at once, since its silence may not have lasted
 * long enough to be noticed here. Who asks because a greater ballot's holder is missed is told at
 * the end, for that one may still answer this node.
 */
import { compareBallots, type Ballot } from '../identity.js';
import type { Election } from './election.js';
import type { ElectionSettings } from './settings.js';
import type { CoordinatorSighted, ElectionMessage } from './messages.js';
import type { Address, Environment, TimerId } from '../process.js';
import { Timer } from './timers.js';

export interface LookoutOptions {
  readonly environment: Environment<ElectionMessage>;
  readonly config: ElectionSettings;
  readonly election: Pick<Election, 'ballot' | 'coordinating'>;
  /** What the node itself has asked is found out. */
  found(word: CoordinatorSighted): void;
}

export class Lookout {
  readonly #options: LookoutOptions;
  /** And whom they miss. */
  readonly #askers = new Map<Address, Ballot>();
  #coordinator: Ballot | null = null;
  #left = 0;
  #timer: TimerId | null = null;
  #sighted = false;

  constructor(options: LookoutOptions) {
    this.#options = options;
  }

  get isActive(): boolean {
    return this.#timer !== null;
  }

  /**
   * Has somebody told whether this node's coordinator answers it.
   *
   * @param tries - how often that one is asked before it counts as missed
   */
  look(asker: Address, missed: Ballot, tries: number): void {
    const { environment, election: { ballot: coordinator, coordinating } } = this.#options;
    if (coordinator === null) return this.#report(asker, false);
    if (coordinator.address === environment.address) return this.#report(asker, coordinating);
    // Who asks again has as long to wait as before.
    if (!this.#askers.has(asker)) this.#left = Math.max(this.#left, tries);
    this.#askers.set(asker, missed);
    if (this.#timer !== null) return;
    this.#coordinator = coordinator;
    this.#sighted = false;
    this.#try();
  }

  /** A try is over. */
  onTimer(): void {
    if (this.#timer === null) return;
    if (this.#left === 0) this.end(this.#sighted);
    else this.#try();
  }

  /** The coordinator of that ballot, which is acknowledged, answers. */
  sighted(ballot: Ballot): void {
    if (!this.isActive) return;
    this.#sighted = true;
    const told: Address[] = [];
    for (const [asker, missed] of this.#askers) {
      if (compareBallots(missed, ballot) > 0) continue;
      told.push(asker);
      this.#askers.delete(asker);
    }
    if (this.#askers.size === 0) this.#stop();
    for (const asker of told) this.#report(asker, true);
  }

  /** No more is to be found out: all are told that. */
  end(sighted: boolean): void {
    const told = [...this.#askers.keys()];
    this.#stop();
    for (const asker of told) this.#report(asker, sighted);
  }

  #stop(): void {
    if (this.#timer !== null) this.#options.environment.cancelTimer(this.#timer);
    this.#timer = null;
    this.#left = 0;
    this.#askers.clear();
  }

  #report(to: Address, sighted: boolean): void {
    const { environment, election: { ballot } } = this.#options;
    const word: CoordinatorSighted = { type: 'coordinator-sighted', ballot, sighted };
    if (to === environment.address) this.#options.found(word);
    else environment.send(to, word);
  }

  #try(): void {
    const { environment, config } = this.#options;
    this.#left -= 1;
    this.#timer = environment.setTimer(config.tryTimeoutUs, Timer.look, 0);
    const ballot = this.#coordinator!;
    environment.send(ballot.address, { type: 'coordinator-probe', ballot });
  }
}
