/**
 * The simplest overlay: every node knows all others from its start. Probes go to one peer after
 * another, to those taken for dead too, so that what a partition split grows together again; a hop
 * without acknowledgement goes to the next closest node.
 */
import type { NodeId } from '../identity.js';
import type { Message } from '../wire/record.js';
import type { OverlayMessage, OverlayProbeAnswer, OverlayRoute } from './messages.js';
import type { Address, Environment, TimerId } from '../process.js';
import { mark } from '../marks.js';
import { nodeAmong, type Overlay, type OverlayUser, type Peer } from './overlay.js';
import type { OverlaySettings } from './settings.js';
import { compareCloseness } from './ring.js';
import { Asked, nextWaitUs, tries } from './tries.js';

/** The next is to be probed; nobody answered a probe; nobody took a hop. */
const Timer = { probe: 0, silence: 1, hop: 2 } as const;
/** More hops than any route between honest nodes takes. */
const hopLimit = 32;

class Probe extends Asked {
  readonly to: Address;
  timer: TimerId = 0;

  constructor(to: Address, most: number) {
    super(most);
    this.to = to;
  }
}

class Hop extends Probe {
  readonly message: OverlayRoute;

  constructor(to: Address, message: OverlayRoute) {
    super(to, tries);
    this.message = message;
  }
}

export class FullMesh implements Overlay {
  readonly #environment: Environment<OverlayMessage>;
  readonly #user: OverlayUser;
  readonly #config: OverlaySettings;
  readonly #self: NodeId;
  #peers: readonly Peer[];
  readonly #dead = new Set<Address>();
  readonly #heardUs = new Map<Address, number>();
  readonly #hops = new Map<number, Hop>();
  readonly #probes = new Map<number, Probe>();
  #counter = 0;
  #probed: number;
  #alternate: number;
  #alive: readonly Address[] | null = null;

  constructor(
    environment: Environment<OverlayMessage>,
    user: OverlayUser,
    config: OverlaySettings,
    self: NodeId,
    peers: readonly Peer[],
  ) {
    this.#environment = environment;
    this.#user = user;
    this.#config = config;
    this.#self = self;
    this.#peers = peers.filter(({ address }) => address !== environment.address);
    this.#probed = Math.floor(environment.random.next() * this.#peers.length);
    this.#alternate = this.#probed;
  }

  join(): void {
    if (this.#peers.length === 0) return;
    const phase = Math.floor(this.#environment.random.next() * this.#config.probePeriodUs);
    this.#environment.setTimer(phase, Timer.probe, 0);
  }

  leave(): void {
    // A full mesh is configured: its members find out by probing.
  }

  route(key: NodeId, payload: Message): void {
    this.#forward({
      type: 'overlay-route', key, hop: 0, hops: 0, source: this.#environment.address, payload,
    });
  }

  broadcast(payload: Message): void {
    const source = this.#environment.address;
    // Those taken for dead may only be slow or cut off: one message each is cheap.
    for (const { address } of this.#peers) {
      this.#environment.send(address, { type: 'overlay-broadcast', source, payload });
    }
  }

  neighbours(): readonly Address[] {
    this.#alive ??= this.#peers
      .filter(({ address }) => !this.#dead.has(address))
      .map(({ address }) => address);
    return this.#alive;
  }

  expected(): readonly Address[] {
    return this.neighbours();
  }

  get leafSet(): readonly Address[] {
    return this.neighbours();
  }

  nodeOf(address: Address): NodeId | undefined {
    if (address === this.#environment.address) return this.#self;
    return nodeAmong(this.#peers, address);
  }

  alternate(): Address {
    const alive = this.neighbours();
    if (alive.length === 0) return -1;
    this.#alternate = (this.#alternate + 1) % alive.length;
    return alive[this.#alternate];
  }

  heard(from: Address): void {
    this.#heardUs.set(from, this.#environment.now());
    if (this.#dead.delete(from)) this.#alive = null;
  }

  receive(from: Address, message: OverlayMessage): boolean {
    switch (message.type) {
      case 'overlay-probe':
        this.#learn(from, message.node);
        this.#environment.send(from, {
          type: 'overlay-probe-answer',
          sequence: message.sequence,
          node: this.#self,
          ballot: this.#user.ballot(),
          nearest: null,
        });
        if (message.ballot !== null) this.#user.onBallot(from, message.ballot);
        return true;
      case 'overlay-probe-answer':
        this.#learn(from, message.node);
        this.#onProbeAnswer(from, message);
        return true;
      case 'overlay-route':
        this.#environment.send(from, { type: 'overlay-ack', hop: message.hop, node: this.#self });
        this.#forward(message);
        return true;
      case 'overlay-ack':
        this.#learn(from, message.node);
        this.#onAck(from, message.hop);
        return true;
      case 'overlay-broadcast':
        this.#user.deliver(message.source, message.payload);
        return true;
      default:
        return false;
    }
  }

  onTimer(kind: number, argument: number): void {
    if (kind === Timer.probe) this.#probeNext();
    else if (kind === Timer.silence) this.#onProbeTimeout(argument);
    else if (kind === Timer.hop) this.#onHopTimeout(argument);
  }

  #probeNext(): void {
    this.#environment.setTimer(this.#config.probePeriodUs, Timer.probe, 0);
    this.#probed = (this.#probed + 1) % this.#peers.length;
    const sequence = (this.#counter += 1);
    const to = this.#peers[this.#probed].address;
    const probe = new Probe(to, this.#dead.has(to) ? 1 : tries);
    this.#probes.set(sequence, probe);
    this.#sendProbe(sequence, probe, this.#config.hopTimeoutUs);
  }

  #sendProbe(sequence: number, probe: Probe, waitUs: number): void {
    probe.attempt += 1;
    probe.sentUs = this.#environment.now();
    probe.timer = this.#environment.setTimer(waitUs, Timer.silence, sequence);
    this.#environment.send(probe.to, {
      type: 'overlay-probe', sequence, node: this.#self, ballot: this.#user.ballot(),
    });
  }

  #onProbeAnswer(from: Address, message: OverlayProbeAnswer): void {
    const probe = this.#probes.get(message.sequence);
    if (probe?.to === from) {
      this.#environment.cancelTimer(probe.timer);
      this.#probes.delete(message.sequence);
    }
    if (message.ballot !== null) this.#user.onBallot(from, message.ballot);
  }

  #onProbeTimeout(sequence: number): void {
    const probe = this.#probes.get(sequence);
    if (probe === undefined) return;
    const waitUs = this.#nextWaitUs(probe);
    if (waitUs !== null) return this.#sendProbe(sequence, probe, waitUs);
    this.#probes.delete(sequence);
    this.#bury(probe.to);
  }

  /** One hop nearer to the key, or delivery where no live node is nearer than this one. */
  #forward(message: OverlayRoute): void {
    const { key, source, payload } = message;
    let nearest: Peer | null = null;
    let best = this.#self;
    for (const peer of this.#peers) {
      if (!this.#dead.has(peer.address) && compareCloseness(key, peer.node, best) < 0) {
        best = peer.node;
        nearest = peer;
      }
    }
    if (nearest === null || message.hops >= hopLimit) {
      this.#environment.observe({ type: 'route-ended', hops: message.hops });
      this.#user.deliver(source, payload);
      return;
    }
    const id = (this.#counter += 1);
    // A hop may be sent again long after the message that it passes on is no longer valid.
    const onward: OverlayRoute = {
      type: 'overlay-route', key, hop: id, hops: message.hops + 1, source, payload: { ...payload },
    };
    const hop = new Hop(nearest.address, onward);
    this.#hops.set(id, hop);
    this.#sendHop(hop, this.#config.hopTimeoutUs);
  }

  #sendHop(hop: Hop, waitUs: number): void {
    hop.attempt += 1;
    hop.sentUs = this.#environment.now();
    hop.timer = this.#environment.setTimer(waitUs, Timer.hop, hop.message.hop);
    this.#environment.send(hop.to, { ...hop.message, payload: { ...hop.message.payload } });
  }

  /** Numbers begin anew with each life: another's may answer what a former life sent it. */
  #onAck(from: Address, id: number): void {
    const hop = this.#hops.get(id);
    if (hop?.to !== from) return;
    this.#environment.cancelTimer(hop.timer);
    this.#hops.delete(id);
  }

  #onHopTimeout(id: number): void {
    const hop = this.#hops.get(id);
    if (hop === undefined) return;
    const waitUs = this.#nextWaitUs(hop);
    if (waitUs !== null) return this.#sendHop(hop, waitUs);
    this.#hops.delete(id);
    this.#bury(hop.to);
    mark(this.#environment, 'route around a dead node');
    this.#forward({ ...hop.message, hops: hop.message.hops - 1 });
  }

  /** A host that lost its store has another place on the ring from then on. */
  #learn(from: Address, node: NodeId): void {
    const known = nodeAmong(this.#peers, from);
    if (known === undefined || known === node) return;
    mark(this.#environment, 'node came back under another id');
    this.#peers = this.#peers.map((peer) => peer.address === from ? { ...peer, node } : peer);
  }

  #nextWaitUs(one: Probe | Hop): number | null {
    const { hopTimeoutUs } = this.#config;
    const heardUs = this.#heardUs.get(one.to) ?? -Infinity;
    return nextWaitUs(one, heardUs, this.#environment.now(), hopTimeoutUs);
  }

  #bury(address: Address): void {
    if (!this.#dead.has(address)) {
      this.#dead.add(address);
      this.#alive = null;
    }
  }
}
