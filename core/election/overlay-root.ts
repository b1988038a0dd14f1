/**
 * Election by the overlay: whoever misses the coordinator routes a request to the coordinator key.
 * The live node closest to the key, its root, asks the coordinator itself whether it is gone, and
 * others whether they miss it too; if so it takes a greater ballot. Should overlays disagree who is
 * root, there are two ballots: the lesser one's node steps down when the greater's answers it.
 */
import { compareBallots, type Ballot } from '../identity.js';
import type {
  CoordinatorStatus, CoordinatorYield, ElectionMessage, ElectionRequest,
} from './messages.js';
import { coordinatorKey, nextInLine, type Overlay } from '../overlay/index.js';
import type { Address, Environment, TimerId } from '../process.js';
import { Timer } from './timers.js';
import { mark } from '../marks.js';
import { Candidates } from './candidates.js';
import type { Election, ElectionSite, ElectionUser, Succession } from './election.js';
import { Lookout } from './lookout.js';
import { Root } from './root.js';
import type { ElectionSettings } from './settings.js';

export interface ElectionOptions extends ElectionSite {
  readonly config: ElectionSettings;
}

export class OverlayRootElection implements Election {
  readonly #environment: Environment<ElectionMessage>;
  readonly #overlay: Overlay<ElectionMessage>;
  readonly #user: ElectionUser;
  readonly #options: ElectionOptions;
  #ballot: Ballot | null;
  #coordinating = false;
  #bootstrapping = true;
  readonly #candidates: Candidates;
  readonly #lookout: Lookout;
  readonly #root: Root;
  /** Pending while a request of this node's is without effect. */
  #request: TimerId | null = null;
  #leaving = false;
  /** How often the role has been offered to others. */
  #offers = 0;
  #gone: readonly Address[] = [];
  /** Counters up to this are used, though under no ballot that this node could acknowledge. */
  #floor = 0;

  constructor(
    environment: Environment<ElectionMessage>, overlay: Overlay<ElectionMessage>,
    user: ElectionUser, options: ElectionOptions,
  ) {
    this.#environment = environment;
    this.#overlay = overlay;
    this.#user = user;
    this.#options = options;
    this.#ballot = (environment.store.get('ballot') as Ballot | undefined) ?? null;
    this.#candidates = new Candidates(environment, options.config, () => this.#ballot);
    this.#lookout = new Lookout({
      environment, config: options.config, election: this,
      found: (word) => this.#root.onSighted(environment.address, word),
    });
    this.#root = new Root({
      environment, overlay, ...options, election: this, lookout: this.#lookout,
      pending: () => this.#candidates.pending,
      take: (succession) => this.#take(succession),
      tell: (to) => this.#tell(to, false),
    });
  }

  get ballot(): Ballot | null {
    return this.#ballot;
  }

  get coordinating(): boolean {
    return this.#coordinating;
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
    environment.setTimer(tries * tryTimeoutUs, Timer.bootstrap, 0);
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

  hear(ballot: Ballot, answerer: Address = -1): void {
    const order = compareBallots(ballot, this.#ballot);
    const isAnswer = answerer === ballot.address;
    if (order > 0 && isAnswer) this.#acknowledge(ballot);
    else if (order > 0) this.#candidates.hear(ballot, false);
    else if (order === 0 && isAnswer) this.#lookout.sighted(ballot);
  }

  meet(_from: Address, ballot: Ballot): void {
    if (compareBallots(ballot, this.#ballot) > 0) this.#candidates.hear(ballot, true);
  }

  question(greater: Ballot): void {
    const requester = this.#environment.address;
    this.#onRequest({ type: 'election-request', requester, suspected: greater });
  }

  leave(gone: readonly Address[]): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#gone = gone;
    if (this.#coordinating) this.#yield();
  }

  deliver(payload: ElectionMessage): void {
    if (payload.type === 'coordinator-announce') this.hear(payload.ballot);
    else if (payload.type === 'election-request') this.#onRequest(payload);
  }

  receive(from: Address, message: ElectionMessage): boolean {
    if (message.type === 'coordinator-probe') {
      if (message.ballot !== null) this.hear(message.ballot);
      this.#tell(from, true);
    } else if (message.type === 'coordinator-status') {
      this.#onStatus(from, message);
    } else if (message.type === 'coordinator-missed') {
      this.#onMissed(from, message.ballot);
    } else if (message.type === 'coordinator-sighted') {
      this.#root.onSighted(from, message);
    } else if (message.type === 'coordinator-yield') {
      this.#onYield(from, message);
    } else if (message.type === 'election-request') {
      this.#onRequest(message);
    } else {
      return false;
    }
    return true;
  }

  onTimer(kind: number, argument: number): void {
    if (kind === Timer.bootstrap) {
      this.#bootstrapping = false;
      // A node whose own ballot is the greatest known was the coordinator in its former life.
      const { address } = this.#environment;
      if (this.#ballot === null || this.#ballot.address === address) this.suspect();
    } else if (kind === Timer.request) {
      if (this.#leaving && this.#coordinating) {
        this.#yield();
      } else {
        mark(this.#environment, 'election request sent again');
        this.#sendRequest();
      }
    } else if (kind === Timer.inquire) {
      this.#root.inquire();
    } else if (kind === Timer.ask) {
      this.#candidates.onTimer(argument);
    } else if (kind === Timer.look) {
      this.#lookout.onTimer();
    }
  }

  #sendRequest(): void {
    this.#request = this.#environment.setTimer(
      this.#options.config.requestTimeoutUs, Timer.request, 0,
    );
    this.#overlay.route(coordinatorKey, {
      type: 'election-request',
      requester: this.#environment.address,
      suspected: this.#ballot,
    });
  }

  #onRequest({ requester, suspected }: ElectionRequest): void {
    if (suspected !== null) this.hear(suspected);
    if (this.#coordinating && compareBallots(suspected, this.#ballot) <= 0) {
      this.#tell(requester, false);
    } else if (this.#bootstrapping) {
      // It does not know enough to judge yet: requests come again.
      mark(this.#environment, 'election requested of one that bootstraps');
    } else {
      this.#root.onRequest(requester, suspected);
    }
  }

  #onMissed(from: Address, missed: Ballot): void {
    this.hear(missed);
    // One try less than the root itself has, which has waited for one before it asked.
    this.#lookout.look(from, missed, Math.max(1, this.#options.config.tries - 1));
  }

  #onStatus(from: Address, { ballot, coordinating, asked }: CoordinatorStatus): void {
    const before = this.#ballot;
    const isAnswer = asked && coordinating;
    // Its own ballot, of which it says that it has it no more, is not to be asked about.
    const isWithout = !coordinating && ballot?.address === from;
    if (ballot !== null && !isWithout) this.hear(ballot, isAnswer ? from : -1);
    if (!coordinating) this.#candidates.dismiss(from, ballot);
    if (before === null || this.#ballot !== before || from !== before.address) return;
    if (coordinating && compareBallots(ballot, before) === 0) {
      this.calm();
    } else if (!coordinating) {
      // The node lives, but came back without the role: no need to wait for its silence.
      mark(this.#environment, 'coordinator came back without the role');
      this.#lookout.end(false);
      if (this.#root.suspects(before)) this.#take();
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
    const others = this.#overlay.neighbours().filter((address) => !this.#gone.includes(address));
    const turn = Math.floor(this.#offers / 2);
    const line = nextInLine(others, this.#overlay, turn + 1);
    if (line.length > 0) {
      const to = line[turn % line.length];
      this.#environment.send(to, {
        type: 'coordinator-yield', ballot: this.#ballot, gone: this.#gone,
      });
    }
    this.#offers += 1;
    if (!this.#coordinating) return;
    this.#cancelRequest();
    this.#request = this.#environment.setTimer(
      config.tryTimeoutUs, Timer.request, 0,
    );
  }

  #onYield(from: Address, { ballot, gone }: CoordinatorYield): void {
    if (ballot !== null) this.hear(ballot);
    // Late: the role has found somebody. Or this node leaves too, and the next is asked.
    const settled = this.#coordinating || compareBallots(ballot, this.#ballot) < 0;
    if (settled) {
      mark(this.#environment, 'late offer of the role');
      this.#tell(from, true);
    } else if (this.#leaving) {
      mark(this.#environment, 'role offered to one that leaves');
    } else {
      this.#take({ yielder: from, gone: [...gone] });
    }
  }

  /** Becomes coordinator under a ballot above all it knows; stored before anyone hears of it. */
  #take(succession?: Succession): void {
    if (this.#leaving && !this.#coordinating) {
      this.#root.end();
      this.#yield();
      return;
    }
    const { node, incarnation } = this.#options;
    const { address } = this.#environment;
    const { greatest } = this.#candidates;
    const known = Math.max(this.#ballot?.counter ?? 0, greatest?.counter ?? 0);
    const counter = Math.max(this.#floor, known) + 1;
    const ballot: Ballot = Object.freeze({ counter, node, incarnation, address });
    this.#keep(ballot);
    this.#coordinating = true;
    this.#candidates.settle(ballot);
    this.calm();
    this.#root.end();
    this.#lookout.end(true);
    this.#environment.observe({ type: 'coordinator-elected', ballot });
    this.#environment.observe({ type: 'ballot-acknowledged', ballot });
    this.#overlay.broadcast({ type: 'coordinator-announce', ballot });
    this.#user.elected(ballot, succession);
    if (this.#leaving) this.#yield();
  }

  renew(above?: Ballot): void {
    this.#floor = Math.max(this.#floor, above?.counter ?? 0);
    if (this.#coordinating) this.#take();
  }

  /** Its holder has answered this node. */
  #acknowledge(ballot: Ballot): void {
    const own = this.#ballot;
    const deposed = this.#coordinating && own !== null;
    const met = this.#candidates.settle(ballot);
    this.#keep(ballot);
    this.#coordinating = false;
    this.calm();
    this.#root.end();
    this.#lookout.sighted(ballot);
    this.#environment.observe({ type: 'ballot-acknowledged', ballot });
    if (deposed) {
      mark(this.#environment, 'coordinator deposed');
      this.#environment.observe({ type: 'coordinator-resigned', ballot: own, successor: ballot });
      this.#user.deposed(own, ballot);
    }
    this.#user.acknowledged(ballot);
    // Its coordinator may not know that it is deposed: it hears it from here.
    const isOther = own !== null && !deposed && own.address !== this.#environment.address;
    if (met && isOther && own.address !== ballot.address) this.#tell(own.address, false);
  }

  /** @param asked whether this answers a message of `to` */
  #tell(to: Address, asked: boolean): void {
    this.#environment.send(to, {
      type: 'coordinator-status', ballot: this.#ballot, coordinating: this.#coordinating, asked,
    });
  }

  #keep(ballot: Ballot): void {
    this.#ballot = ballot;
    this.#environment.store.put('ballot', ballot);
    this.#environment.store.sync();
  }
}
