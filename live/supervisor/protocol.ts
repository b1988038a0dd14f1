/** What the supervisor and the OS processes that host the nodes tell each other. */
import type { ResourceState } from '../../core/metamodel/entity.js';
import type { Observation } from '../../core/observations.js';
import type { Address, Verb } from '../../core/process.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';
import type { LagReport } from '../node/lag.js';
import type { PeerPlace } from '../node/socket-transport.js';

/** A resource as the supervisor, whose behaviour code drives it, has it. */
export interface ResourceStatus {
  readonly resource: number;
  readonly state: ResourceState;
  readonly incarnation: number;
}

/** What an OS process is told of one of its nodes. */
export type NodeOrder =
  /** Bring it up, in this life of it, counted from 1. */
  | {
      readonly kind: 'start';
      readonly node: Address;
      readonly life: number;
      readonly originNs: bigint;
      /** When this was said: whoever hears it late stood still. */
      readonly atUs: number;
      readonly resources: readonly ResourceStatus[];
    }
  /** End it, and nothing else. Answered by `crashed`. */
  | { readonly kind: 'crash'; readonly node: Address }
  | { readonly kind: 'pause'; readonly node: Address }
  | { readonly kind: 'resume'; readonly node: Address }
  /** It is to hand over and go: it tells by `left`. */
  | { readonly kind: 'leave'; readonly node: Address }
  /** A manager: these are to be managed no longer. */
  | {
      readonly kind: 'decommission';
      readonly node: Address;
      readonly resources: readonly number[];
    }
  /** An agent: these are to be managed, or again, as new ones. A manager: so they are. */
  | { readonly kind: 'commission'; readonly node: Address; readonly resources: readonly number[] };

/** From the supervisor. */
export type Order =
  /** The first one: who you are. Answered by `ready`. */
  | {
      readonly kind: 'setup';
      readonly scenario: ResolvedScenario;
      /** Modules that implement what the scenario names and nobody knows. */
      readonly plugins: readonly string[];
      readonly process: number;
      /** Which life of this OS process it is, from 1. */
      readonly life: number;
      /** Where its hosts keep their stores. */
      readonly directory: string;
      /** Shared by all OS processes of the run. */
      readonly secret: string;
    }
  | { readonly kind: 'peers'; readonly peers: readonly PeerPlace[] }
  | NodeOrder
  | ({ readonly kind: 'resource' } & ResourceStatus)
  | {
      readonly kind: 'actuated';
      readonly resource: number;
      readonly actuation: number;
      readonly succeeded: boolean;
    }
  /** Stop the nodes. Answered by `finished`. */
  | { readonly kind: 'finish' }
  /** All have stopped: take in what is on its way, send the last report, exit. */
  | { readonly kind: 'go' };

/** Changes of message counts: per counter, the types (by number) and by how much. */
export type CounterChanges = readonly (readonly [counter: string, type: number, by: number])[];

/** Changes of what went to and came from one life of a peer. */
export interface LinkChanges {
  readonly peer: number;
  readonly life: number;
  readonly changes: CounterChanges;
}

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
      readonly links: readonly LinkChanges[];
      /** Messages delivered and timers fired since the last report. */
      readonly events: number;
      readonly lag: LagReport;
    }
  | { readonly kind: 'finished' }
  /** The node has nothing left to do. */
  | { readonly kind: 'left'; readonly process: Address }
  /** The node was crashed as ordered. */
  | { readonly kind: 'crashed'; readonly process: Address; readonly timeUs: number }
  /** The node's store failed, and it is down. */
  | {
      readonly kind: 'fell';
      readonly process: Address;
      readonly timeUs: number;
      readonly why: string;
    }
  /** The agent tells its actuator to act on the resource, which it saw in this incarnation. */
  | {
      readonly kind: 'actuate';
      readonly resource: number;
      readonly verb: Verb;
      readonly actuation: number;
      readonly incarnation: number;
    }
  /** The agent has heard that the resource is decommissioned. */
  | { readonly kind: 'retired'; readonly resource: number }
  /** A node threw: the run is over. */
  | {
      readonly kind: 'failed';
      readonly process: string;
      readonly during: string;
      readonly timeUs: number;
      readonly stack: string;
    };
