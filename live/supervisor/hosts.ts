/** The OS processes that host the nodes, as the supervisor has them. */
import type { Address } from '../../core/process.js';
import type { Span } from '../node/lag.js';
import type { OsProcess } from './os-process.js';

/** `starting`: it has been started, and says nothing yet; `dying`: killed, and not gone yet. */
type HostStatus = 'starting' | 'up' | 'stopped' | 'dying' | 'down';

/** One of the OS processes, through all its lives. */
export class Host {
  readonly index: number;
  readonly nodes: readonly Address[];
  process: OsProcess | null = null;
  status: HostStatus = 'down';
  life = 0;
  port = 0;
  /** What happened in it before this time is known here. */
  untilUs = 0;
  killedUs = 0;
  /** Its nodes have stopped, as the run is over. */
  finished = false;
  /** When the scenario had it stopped; the last may not be over: until Infinity. */
  readonly pauses: Span[] = [];
  /** Lives that ended without a last word. */
  readonly died = new Set<number>();

  constructor(index: number, nodes: readonly Address[]) {
    this.index = index;
    this.nodes = nodes;
  }

  /** Its node has it for its own: what is done to the one is done to the other. */
  get isOfOne(): boolean {
    return this.nodes.length === 1;
  }

  /** It may still tell of what happened before now. */
  get mayTell(): boolean {
    return this.status !== 'down' && this.status !== 'starting';
  }
}

/** `dying`: it has been crashed, and what it did until then is not all known yet. */
type NodeStatus = 'starting' | 'up' | 'paused' | 'dying' | 'down';

/** A node, through all its lives. */
export class Node {
  readonly address: Address;
  readonly host: Host;
  status: NodeStatus = 'down';
  life = 0;
  /** It was told to go. */
  leaving = false;
  /** It is to come up again as soon as it is down. */
  returns = false;

  constructor(address: Address, host: Host) {
    this.address = address;
    this.host = host;
  }

  get isUp(): boolean {
    return this.status === 'up' || this.status === 'paused';
  }
}
