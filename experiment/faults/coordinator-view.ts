import { compareBallots, type Ballot } from '../../core/identity.js';
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';

/** Who coordinates, by the truth: of those alive that took the role, the one of most authority. */
export class CoordinatorView {
  private readonly claims = new Map<Address, Ballot>();

  observe(process: Address, observation: Observation): void {
    if (observation.type === 'coordinator-elected') this.claims.set(process, observation.ballot);
    else if (observation.type === 'coordinator-resigned') this.claims.delete(process);
    else if (observation.type === 'process-down') this.claims.delete(process);
  }

  /** -1: nobody. */
  current(): Address {
    let best: Address = -1;
    let greatest: Ballot | null = null;
    for (const [address, ballot] of this.claims) {
      if (compareBallots(ballot, greatest) <= 0) continue;
      best = address;
      greatest = ballot;
    }
    return best;
  }
}
