import { compareBallots, type Ballot } from '../../core/identity.js';
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Truth } from '../truth/index.js';
import type { Disturbance, Suspicion } from './listener.js';

/** What moves t0: null for all that does not. To be asked before the truth shows it. */
export function disturbanceOf(
  truth: Truth,
  timeUs: number,
  process: Address,
  observation: Observation,
): Disturbance | null {
  switch (observation.type) {
    case 'process-up':
    case 'process-down':
    case 'process-leaving':
    case 'process-paused':
    case 'process-resumed': {
      if (!truth.isManager(process)) return null;
      const kind = `manager-${observation.type.slice('process-'.length)}` as Disturbance['kind'];
      const coordinator = truth.actingManagers.includes(process);
      return { timeUs, kind, process, coordinator, loss: null, harm: null };
    }
    case 'reachability':
      return quietly('reachability', timeUs);
    case 'links-changed': {
      const { loss = null, harm = null } = observation;
      return { ...quietly('links-changed', timeUs), loss, harm };
    }
    // Those of an agent concern its own resources: they count anew from when it is even again.
    case 'clock-set':
      if (!truth.isManager(process)) return null;
      return { ...quietly('clock-set', timeUs), process, odd: observation.drift !== 0 };
    case 'host-slowed': {
      if (!truth.isManager(process)) return null;
      const odd = observation.factor !== 1;
      return { ...quietly('host-slowed', timeUs), process, odd };
    }
    default:
      return null;
  }
}

function quietly(kind: Disturbance['kind'], timeUs: number): Disturbance {
  return { timeUs, kind, process: -1, coordinator: false, loss: null, harm: null };
}

/** Who takes which manager for gone, if the observation says so. */
export function suspicionOf(
  truth: Truth,
  timeUs: number,
  by: Address,
  observation: Observation,
): Suspicion | null {
  switch (observation.type) {
    case 'coordinator-suspected': {
      const { ballot } = observation;
      const of = ballot.address;
      const justified = isOut(truth, by, of) || !actsUnder(truth, of, ballot);
      return { timeUs, by, of, justified };
    }
    case 'manager-suspected': {
      const of = observation.manager;
      return { timeUs, by, of, justified: isOut(truth, by, of) };
    }
    case 'pointer-lost': {
      const of = truth.pointers.manager(observation.resource);
      if (of === -1 || observation.why !== 'silent') return null;
      return { timeUs, by, of, justified: isOut(truth, by, of) };
    }
    default:
      return null;
  }
}

function isOut(truth: Truth, by: Address, of: Address): boolean {
  return !truth.processes.isLive(of) || !truth.reachability.reach(by, of);
}

function actsUnder(truth: Truth, manager: Address, ballot: Ballot): boolean {
  const acting = truth.ballots.ballot(truth.acting(manager));
  return acting !== null && compareBallots(acting, ballot) === 0;
}
