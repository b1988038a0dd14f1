import type { Heard } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { ballotKey } from '../truth/index.js';
import { Watch } from './watch.js';

/**
 * Safety of the managers: who acknowledges a coordinator takes on nothing that another one before
 * it has given out. Its agent may have heard of the change, and would obey nothing of the kind.
 */
export class NoOrdersOfTheDeposed extends Watch {
  static readonly title = 'no-orders-of-the-deposed';
  static readonly meaning =
    'No manager lists a resource under a lesser ballot than it acknowledges.';
  readonly hears = ['listing-added'] as const;

  observe(
    timeUs: number, process: Address, observation: Heard<NoOrdersOfTheDeposed['hears']>,
  ): void {
    if (observation.type !== 'listing-added') return;
    const { truth } = this.context.health;
    const { ballots } = truth;
    const { resource, token } = observation;
    const ballot = ballots.numberOf(token.ballot);
    const acknowledged = truth.acknowledged(process);
    if (ballots.compare(ballot, acknowledged) >= 0) return;
    this.break(timeUs, `${this.process(process)} lists ${this.resource(resource)} under ballot ` +
      `${ballotKey(token.ballot)} although it acknowledges ` +
      ballotKey(ballots.ballot(acknowledged)!));
  }
}
