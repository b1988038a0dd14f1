import { compareBallots, type Ballot, type NodeId } from '../../core/identity.js';
import type { Heard } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { ballotKey } from '../truth/index.js';
import { Watch } from './watch.js';

/**
 * Safety of the ballots, which hosts store before they act on them: so it holds over restarts too.
 * Acknowledging none (null) is no step back; acknowledging a lesser one later is.
 */
export class BallotsOnlyGrow extends Watch {
  static readonly title = 'ballots-only-grow';
  static readonly meaning =
    'No manager acknowledges a lesser ballot than before, or takes one not above all that it ' +
    'knew and that others know of its former lives.';
  readonly hears = [
    'ballot-acknowledged', 'ballot-heard', 'coordinator-elected', 'process-up',
  ] as const;
  readonly #acknowledged = new Map<Address, Ballot>();
  readonly #taken = new Map<Address, Ballot>();
  /** The greatest of each node's ballots that anybody has heard of. */
  readonly #heard = new Map<NodeId, Ballot>();

  observe(timeUs: number, process: Address, observation: Heard<BallotsOnlyGrow['hears']>): void {
    if (observation.type === 'process-up' && observation.generation !== undefined) {
      // Another node at the same address: what the former one stored is gone.
      this.#acknowledged.delete(process);
      this.#taken.delete(process);
    } else if (observation.type === 'ballot-acknowledged' && observation.ballot !== null) {
      this.#onHeard(observation.ballot);
      this.#onAcknowledged(timeUs, process, observation.ballot);
    } else if (observation.type === 'ballot-heard') {
      this.#onHeard(observation.ballot);
    } else if (observation.type === 'coordinator-elected') {
      this.#onTaken(timeUs, process, observation.ballot);
    }
  }

  #onHeard(ballot: Ballot): void {
    const former = this.#heard.get(ballot.node) ?? null;
    if (compareBallots(ballot, former) > 0) this.#heard.set(ballot.node, ballot);
  }

  #onAcknowledged(timeUs: number, process: Address, ballot: Ballot): void {
    const former = this.#acknowledged.get(process) ?? null;
    if (compareBallots(ballot, former) < 0) {
      const both = `${ballotKey(ballot)} after ${ballotKey(former!)}`;
      this.break(timeUs, `${this.process(process)} acknowledges ballot ${both}`);
    } else {
      this.#acknowledged.set(process, ballot);
    }
  }

  #onTaken(timeUs: number, process: Address, ballot: Ballot): void {
    const known = [
      this.#acknowledged.get(process), this.#taken.get(process), this.#heard.get(ballot.node),
    ];
    for (const former of known) {
      if (former === undefined || ballot.counter > former.counter) continue;
      const both = `${ballotKey(ballot)} although there was ${ballotKey(former)}`;
      this.break(timeUs, `${this.process(process)} takes ballot ${both}`);
    }
    this.#taken.set(process, ballot);
  }
}
