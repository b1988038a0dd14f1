/**
 * Orders under a ballot that is not acknowledged yet, since its holder has still to answer this
 * node: kept until then, so that what follows an election does not wait for being repeated.
 */
import { compareBallots, type Ballot } from '../identity.js';
import type { ResourceAssign, ResourceHandOver, ResourceRelease } from './messages.js';

export type EarlyOrder = ResourceAssign | ResourceHandOver | ResourceRelease;

export class EarlyOrders {
  readonly #most: number;
  #kept: EarlyOrder[] = [];
  #entries = 0;

  /** @param most - entries kept; what comes beyond will be repeated */
  constructor(most: number) {
    this.#most = most;
  }

  /** Copies it: its storage is the world's. */
  keep(order: EarlyOrder): void {
    if (this.#entries + order.entries.length > this.#most) return;
    this.#entries += order.entries.length;
    const { ballot } = order;
    switch (order.type) {
      case 'resource-assign':
        this.#kept.push({ type: order.type, ballot, entries: order.entries.map(copy) });
        return;
      case 'resource-hand-over':
        this.#kept.push({ type: order.type, ballot, entries: order.entries.map(copy) });
        return;
      default:
        this.#kept.push({ type: order.type, ballot, entries: order.entries.map(copy) });
    }
  }

  /** What was ordered under that ballot; under lesser ones nothing is in force any more. */
  take(ballot: Ballot): readonly EarlyOrder[] {
    if (this.#kept.length === 0) return this.#kept;
    const taken = this.#kept.filter((order) => compareBallots(order.ballot, ballot) === 0);
    this.#kept = this.#kept.filter((order) => compareBallots(order.ballot, ballot) > 0);
    this.#entries = this.#kept.reduce((sum, { entries }) => sum + entries.length, 0);
    return taken;
  }
}

function copy<T extends object>(entry: T): T {
  return { ...entry };
}
