/**
 * Election by the overlay: whoever misses the coordinator routes a request to the coordinator key.
 * The live node closest to the key, its root, asks the coordinator itself whether it is gone, and
 * if so takes a greater ballot. Should overlays disagree who is root, there are two ballots: the
 * lesser one's node steps down when it hears of the greater.
 */
import type { CoreConfig } from '../config.js';
import { compareBallots, type Ballot, type NodeId } from '../identity.js';
import type {
  CoordinatorAnnounce, CoordinatorStatus, CoordinatorYield, ElectionRequest, Message,
} from '../messages.js';
import { compareCloseness, coordinatorKey, type Overlay } from '../overlay/index.js';
import type { Address, Environment, StoreValue, TimerId } from '../process.js';
import { ManagerTimer } from '../coordination/timers.js';
import { mark } from '../marks.js';
import type { Election, ElectionSite, ElectionUser, Yielder } from './election.js';

/** An election that this node, as root, is looking into. */
interface Inquiry {
  /** The coordinator that may be gone; null: nobody ever heard of one. */
  readonly suspected: Ballot | null;
  readonly requesters: Set<Address>;
  attempt: number;
  /** Null until the coordinator has been asked. */
  timer: TimerId | null;
}

export interface ElectionOptions extends ElectionSite {
  readonly config: CoreConfig['election'];
}

export class OverlayRootElection implements Election {
  readonly #environment: Environment;
  readonly #overlay: Overlay;
  readonly #user: ElectionUser;
  readonly #options: ElectionOptions;
  #ballot: Ballot | null;
  #coordinating = false;
  #bootstrapping = true;
  #inquiry: Inquiry | null = null;
  /** Pending while a request of this node's is without effect. */
  #request: TimerId | null = null;
  #leaving = false;
  /** How often the role has been offered to others. */
  #offers = 0;
  #gone: readonly Address[] = [];
  #yielder: Yielder | null = null;
  #silent: Address | null = null;
  /** Counters up to this are used, though under no ballot that this node could acknowledge. */
  #floor = 0;

  constructor(
    environment: Environment, overlay: Overlay, user: ElectionUser, options: ElectionOptions,
  ) {
    this.#environment = environment;
    this.#overlay = overlay;
    this.#user = user;
    this.#options = options;
    this.#ballot = (environment.store.get('ballot') as Ballot | undefined) ?? null;
  }

  get ballot(): Ballot | null {
    return this.#ballot;
  }

  get coordinating(): boolean {
    return this.#coordinating;
  }

  get yielder(): Yielder | null {
    return this.#yielder;
  }

  get silent(): Address | null {
    return this.#silent;
  }

  /** Nobody elects itself before its seeds had time to tell of a coordinator. */
  start(): void {
    const environment = this.#environment;
    environment.observe({ type: 'ballot-acknowledged', ballot: this.#ballot });
    for (const seed of this.#options.seeds) {
      if (seed !== environment.address) {
        environment.send(seed, { type: 'coordinator-probe', ballot: this.#ballot });
      }
    }
    const { tries, tryTimeoutUs } = this.#options.config;
    environment.setTimer(tries * tryTimeoutUs, ManagerTimer.bootstrap, 0);
  }

  suspect(): void {
    if (this.#request !== null || this.#coordinating) return;
    this.#sendRequest();
  }

  calm(): void {
    if (this.#leaving && this.#coordinating) return;
    this.#cancelRequest();
  }

  #cancelRequest(): void {
    if (this.#request === null) return;
    this.#environment.cancelTimer(this.#request);
    this.#request = null;
  }

  hear(ballot: Ballot): void {
    if (compareBallots(ballot, this.#ballot) > 0) this.#acknowledge(ballot);
  }

  meet(from: Address, ballot: Ballot): void {
    const former = this.#ballot;
    this.hear(ballot);
    if (former === null || former === this.#ballot) return;
    if (former.address === this.#environment.address || former.address === from) return;
    // Its coordinator may not know that it is deposed: it hears it from here.
    this.#tell(former.address);
  }

  leave(gone: readonly Address[]): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#gone = gone;
    if (this.#coordinating) this.#yield();
  }

  deliver(payload: ElectionRequest | CoordinatorAnnounce): void {
    if (payload.type === 'coordinator-announce') {
      this.hear(payload.ballot);
    } else {
      this.#onRequest(payload);
    }
  }

  receive(from: Address, message: Message): boolean {
    if (message.type === 'coordinator-probe') {
      if (message.ballot !== null) this.hear(message.ballot);
      this.#tell(from);
      return true;
    }
    if (message.type === 'coordinator-status') {
      this.#onStatus(from, message);
      return true;
    }
    if (message.type === 'coordinator-yield') {
      this.#onYield(from, message);
      return true;
    }
    return false;
  }

  onTimer(kind: number, _argument: number): void {
    if (kind === ManagerTimer.bootstrap) {
      this.#bootstrapping = false;
      // A node whose own ballot is the greatest known was the coordinator in its former life.
      const { address } = this.#environment;
      if (this.#ballot === null || this.#ballot.address === address) this.suspect();
    } else if (kind === ManagerTimer.electionRequest) {
      if (this.#leaving && this.#coordinating) {
        this.#yield();
      } else {
        mark(this.#environment, 'election request sent again');
        this.#sendRequest();
      }
    } else if (kind === ManagerTimer.electionTry) {
      this.#inquire();
    }
  }

  #sendRequest(): void {
    this.#request = this.#environment.setTimer(
      this.#options.config.requestTimeoutUs, ManagerTimer.electionRequest, 0,
    );
    this.#overlay.route(coordinatorKey, {
      type: 'election-request',
      requester: this.#environment.address,
      suspected: this.#ballot,
    });
  }

  #onRequest({ requester, suspected }: ElectionRequest): void {
    if (suspected !== null) this.hear(suspected);
    if (this.#coordinating) {
      this.#tell(requester);
    } else if (this.#inquiry !== null) {
      mark(this.#environment, 'several request one election');
      this.#inquiry.requesters.add(requester);
    } else if (this.#bootstrapping) {
      // It does not know enough to judge yet: requests come again.
      mark(this.#environment, 'election requested of one that bootstraps');
    } else {
      this.#environment.observe({ type: 'election-started', suspected: this.#ballot });
      this.#inquiry = {
        suspected: this.#ballot, requesters: new Set([requester]), attempt: 0, timer: null,
      };
      this.#inquire();
    }
  }

  /** Asks the coordinator once more; after the last try it counts as gone. */
  #inquire(): void {
    const inquiry = this.#inquiry;
    if (inquiry === null) return;
    const { suspected } = inquiry;
    const { tries, tryTimeoutUs } = this.#options.config;
    const own = suspected !== null && suspected.address === this.#environment.address;
    if (suspected === null || own || inquiry.attempt >= tries) {
      const silent = suspected === null || own ? null : suspected.address;
      if (silent !== null) mark(this.#environment, 'coordinator stayed silent');
      this.#take(null, silent);
      return;
    }
    inquiry.attempt += 1;
    inquiry.timer = this.#environment.setTimer(tryTimeoutUs, ManagerTimer.electionTry, 0);
    const probe: Message = { type: 'coordinator-probe', ballot: this.#ballot };
    this.#environment.send(suspected.address, probe);
  }

  #onStatus(from: Address, status: CoordinatorStatus): void {
    const before = this.#ballot;
    if (status.ballot !== null) this.hear(status.ballot);
    if (this.#ballot === null || this.#ballot !== before || from !== this.#ballot.address) return;
    if (status.coordinating && compareBallots(status.ballot, this.#ballot) === 0) {
      this.calm();
      this.#endInquiry();
    } else if (!status.coordinating) {
      // The node lives, but came back without the role: no need to wait for its silence.
      mark(this.#environment, 'coordinator came back without the role');
      if (this.#inquiry !== null) this.#take();
      else this.suspect();
    }
  }

  /**
   * Offers the role to the next in line, who takes it at once: nobody has to be missed for that.
   * Repeated until a greater ballot is heard of; every other time further down the line, for the
   * next may be gone, or leave as well.
   */
  #yield(): void {
    const { config } = this.#options;
    const nodeOf = (address: Address): NodeId => this.#options.nodeOf(address);
    const line = this.#overlay.neighbours().filter((address) => !this.#gone.includes(address));
    line.sort((a, b) => compareCloseness(coordinatorKey, nodeOf(a), nodeOf(b)));
    if (line.length > 0) {
      const to = line[Math.floor(this.#offers / 2) % line.length];
      this.#environment.send(to, {
        type: 'coordinator-yield', ballot: this.#ballot, gone: this.#gone,
      });
    }
    this.#offers += 1;
    if (!this.#coordinating) return;
    this.#cancelRequest();
    this.#request = this.#environment.setTimer(
      config.tryTimeoutUs, ManagerTimer.electionRequest, 0,
    );
  }

  #onYield(from: Address, { ballot, gone }: CoordinatorYield): void {
    if (ballot !== null) this.hear(ballot);
    // Late: the role has found somebody. Or this node leaves too, and the next is asked.
    const settled = this.#coordinating || compareBallots(ballot, this.#ballot) < 0;
    if (settled) {
      mark(this.#environment, 'late offer of the role');
      this.#tell(from);
    } else if (this.#leaving) {
      mark(this.#environment, 'role offered to one that leaves');
    } else {
      this.#take({ address: from, gone: [...gone] });
    }
  }

  /** Becomes coordinator under a ballot above all it knows; stored before anyone hears of it. */
  #take(yielder: Yielder | null = null, silent: Address | null = null): void {
    if (this.#leaving && !this.#coordinating) {
      this.#endInquiry();
      this.#yield();
      return;
    }
    const { node, incarnation } = this.#options;
    const { address } = this.#environment;
    const counter = Math.max(this.#floor, this.#ballot?.counter ?? 0) + 1;
    const ballot: Ballot = Object.freeze({ counter, node, incarnation, address });
    this.#keep(ballot);
    this.#coordinating = true;
    this.#yielder = yielder;
    this.#silent = silent;
    this.calm();
    this.#endInquiry();
    this.#environment.observe({ type: 'coordinator-elected', ballot });
    this.#environment.observe({ type: 'ballot-acknowledged', ballot });
    this.#overlay.broadcast({ type: 'coordinator-announce', ballot });
    this.#user.elected(ballot);
    if (this.#leaving) this.#yield();
  }

  renew(above?: Ballot): void {
    this.#floor = Math.max(this.#floor, above?.counter ?? 0);
    if (this.#coordinating) this.#take();
  }

  #acknowledge(ballot: Ballot): void {
    const own = this.#ballot;
    const deposed = this.#coordinating && own !== null;
    this.#keep(ballot);
    this.#coordinating = false;
    this.calm();
    this.#endInquiry();
    this.#environment.observe({ type: 'ballot-acknowledged', ballot });
    if (deposed) {
      mark(this.#environment, 'coordinator deposed');
      this.#environment.observe({ type: 'coordinator-resigned', ballot: own, successor: ballot });
      this.#user.deposed(own, ballot);
    }
    this.#user.acknowledged(ballot);
  }

  #endInquiry(): void {
    const inquiry = this.#inquiry;
    if (inquiry === null) return;
    if (inquiry.timer !== null) this.#environment.cancelTimer(inquiry.timer);
    this.#inquiry = null;
    for (const requester of inquiry.requesters) {
      if (requester !== this.#environment.address) this.#tell(requester);
    }
  }

  #tell(to: Address): void {
    this.#environment.send(to, {
      type: 'coordinator-status', ballot: this.#ballot, coordinating: this.#coordinating,
    });
  }

  #keep(ballot: Ballot): void {
    this.#ballot = ballot;
    this.#environment.store.put('ballot', ballot as unknown as StoreValue);
    this.#environment.store.sync();
  }
}
