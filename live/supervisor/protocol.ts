/** What the supervisor and the OS processes that host the nodes tell each other. */
import type { ResourceState } from '../../core/metamodel/entity.js';
import type { Observation } from '../../core/observations.js';
import type { Address, Verb } from '../../core/process.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';

/** A resource as the supervisor, whose behaviour code drives it, has it. */
export interface ResourceStatus {
  readonly resource: number;
  readonly state: ResourceState;
  readonly incarnation: number;
}

/** From the supervisor. */
export type Order =
  /** The first one: who you are. Answered by `ready`. */
  | {
      readonly kind: 'setup';
      readonly scenario: ResolvedScenario;
      readonly process: number;
      /** Which life of this OS process it is, from 1. */
      readonly life: number;
      /** Where its hosts keep their stores. */
      readonly directory: string;
      /** Shared by all OS processes of the run. */
      readonly secret: string;
    }
  /** Where each OS process listens; 0: nowhere. */
  | { readonly kind: 'ports'; readonly ports: readonly number[] }
  /** Bring the nodes up. */
  | {
      readonly kind: 'start';
      readonly originNs: bigint;
      readonly resources: readonly ResourceStatus[];
    }
  | ({ readonly kind: 'resource' } & ResourceStatus)
  | {
      readonly kind: 'actuated';
      readonly resource: number;
      readonly actuation: number;
      readonly succeeded: boolean;
    }
  /** The managers are to hand over and go; each tells by `left`. */
  | { readonly kind: 'leave' }
  /** Stop the nodes, take in what is on its way, send the last report, exit. */
  | { readonly kind: 'finish' };

/** Changes of message counts: per counter, the types (by number) and by how much. */
export type CounterChanges = readonly (readonly [counter: string, type: number, by: number])[];

/** From an OS process. */
export type Report =
  | { readonly kind: 'ready'; readonly port: number }
  | {
      readonly kind: 'observed';
      /** All that happened here before this time has been reported. */
      readonly untilUs: number;
      readonly observations: readonly (readonly [
        timeUs: number,
        process: Address,
        observation: Observation,
      ])[];
      readonly counters: CounterChanges;
      /** Messages delivered and timers fired since the last report. */
      readonly events: number;
    }
  /** The node has nothing left to do. */
  | { readonly kind: 'left'; readonly process: Address }
  /** The agent tells its actuator to act on the resource, which it saw in this incarnation. */
  | {
      readonly kind: 'actuate';
      readonly resource: number;
      readonly verb: Verb;
      readonly actuation: number;
      readonly incarnation: number;
    }
  /** A node threw: the run is over. */
  | {
      readonly kind: 'failed';
      readonly process: string;
      readonly during: string;
      readonly timeUs: number;
      readonly stack: string;
    };
