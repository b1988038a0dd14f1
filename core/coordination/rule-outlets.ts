/** What local rules may ask and do, by the part of the manager that enforces them. */
import type { CoordinationMessage } from './messages.js';
import type { Part } from '../metamodel/part.js';
import type { Environment } from '../process.js';
import type { LocalOutlets } from '../rules/index.js';
import type { Running } from '../running.js';
import type { Probing } from './probing.js';

interface Site {
  readonly environment: Environment<CoordinationMessage> & Pick<Running, 'clock'>;
  readonly part: Part;
  readonly probing: Probing;
  /** When the row was last heard. */
  signUs(row: number): number;
  /** The rules are to look at the row again. */
  look(row: number): void;
  asking(): void;
}

export function outletsOf(site: Site): LocalOutlets {
  const { environment, part, probing } = site;
  return {
    send: (resource, request) => {
      const row = part.rowOf(resource);
      const authority = part.tokenOf(row);
      environment.send(part.agentOf(row), { ...request, authority });
    },
    confirm: (resource, message) => environment.send(part.agentOf(part.rowOf(resource)), message),
    observe: (observation) => environment.observe(observation),
    now: () => environment.now(),
    descriptor: (resource) => {
      const row = part.rowOf(resource);
      return row < 0 ? undefined : part.descriptorOf(row);
    },
    seesUp: (resource) => {
      const row = part.rowOf(resource);
      return row >= 0 && part.stateOf(row) === 'up';
    },
    ageUs: (resource) => environment.now() - site.signUs(part.rowOf(resource)),
    isHostUp: (resource) => probing.isHostUp(part.rowOf(resource)),
    look: (resource) => {
      const row = part.rowOf(resource);
      if (row >= 0) site.look(row);
    },
    clock: () => environment.clock(),
    asking: () => site.asking(),
  };
}
