/**
 * Whether this node's coordinator still answers it, for those that ask: the node itself, or others
 * that have to decide on an election. It is asked at once, since its silence may not have lasted
 * long enough to be noticed here. Who asks because a greater ballot's holder is missed is told at
 * the end, for that one may still answer this node.
 */
import { compareBallots, type Ballot } from '../identity.js';
import type { ElectionSettings } from './settings.js';
import type { ElectionMessage } from './messages.js';
import type { Address, Environment, TimerId } from '../process.js';
import { Timer } from './timers.js';

export class Lookout {
  readonly #environment: Environment<ElectionMessage>;
  readonly #config: ElectionSettings;
  /** And whom they miss. */
  readonly #askers = new Map<Address, Ballot>();
  #coordinator: Ballot | null = null;
  #left = 0;
  #timer: TimerId | null = null;
  #sighted = false;

  constructor(environment: Environment<ElectionMessage>, config: ElectionSettings) {
    this.#environment = environment;
    this.#config = config;
  }

  get isActive(): boolean {
    return this.#timer !== null;
  }

  /** Whether the coordinator has answered in the meantime. */
  get sighted(): boolean {
    return this.#sighted;
  }

  /** @param tries - how often the coordinator is asked before it counts as missed */
  begin(asker: Address, missed: Ballot, coordinator: Ballot, tries: number): void {
    // Who asks again has as long to wait as before.
    if (!this.#askers.has(asker)) this.#left = Math.max(this.#left, tries);
    this.#askers.set(asker, missed);
    if (this.#timer !== null) return;
    this.#coordinator = coordinator;
    this.#sighted = false;
    this.#try();
  }

  /** A try is over; true if it was the last. */
  onTimer(): boolean {
    if (this.#timer === null || this.#left === 0) return this.#timer !== null;
    this.#try();
    return false;
  }

  /** The coordinator of that ballot answers; those that can be told so now. */
  answered(ballot: Ballot): readonly Address[] {
    this.#sighted = true;
    const told: Address[] = [];
    for (const [asker, missed] of this.#askers) {
      if (compareBallots(missed, ballot) > 0) continue;
      told.push(asker);
      this.#askers.delete(asker);
    }
    if (this.#askers.size === 0) this.end();
    return told;
  }

  /** No more is to be found out; those that are still to be told. */
  end(): readonly Address[] {
    if (this.#timer !== null) this.#environment.cancelTimer(this.#timer);
    this.#timer = null;
    this.#left = 0;
    const told = [...this.#askers.keys()];
    this.#askers.clear();
    return told;
  }

  #try(): void {
    this.#left -= 1;
    this.#timer = this.#environment.setTimer(
      this.#config.tryTimeoutUs, Timer.look, 0,
    );
    const ballot = this.#coordinator!;
    this.#environment.send(ballot.address, { type: 'coordinator-probe', ballot });
  }
}
