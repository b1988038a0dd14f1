/** A guest's overlay, with messages and timers of its own: everybody greets everybody. */
import {
  compareCloseness, definePlugin, envelope, id, list, index, ballot, message, nullable,
  type Address, type Environment, type Message, type Of, type Overlay, type OverlaySite,
  type OverlayUser,
} from '../../index.js';

const hello = message('party/hello', { periodic: true, maintenance: true }, {
  ballot: nullable(ballot), knows: list(index), back: index,
});
const parcel = envelope('party/parcel', {}, { key: nullable(id), source: index });
type PartyMessage = Of<typeof hello> | Of<typeof parcel>;

const Timer = { greet: 15 };

/** Who has not been heard for three periods is taken for dead. */
class Party implements Overlay {
  readonly #environment: Environment<PartyMessage>;
  readonly #user: OverlayUser;
  readonly #site: OverlaySite;
  readonly #periodUs: number;
  readonly #heardUs = new Map<Address, number>();
  #turn = 0;

  constructor(
    periodUs: number, environment: Environment<PartyMessage>, user: OverlayUser, site: OverlaySite,
  ) {
    this.#periodUs = periodUs;
    this.#environment = environment;
    this.#user = user;
    this.#site = site;
  }

  join(): void {
    for (const address of this.#others()) this.#heardUs.set(address, this.#environment.now());
    this.onTimer(Timer.greet);
  }

  leave(): void {
    // The others will miss it.
  }

  route(key: string, payload: Message): void {
    this.#pass(key, this.#environment.address, payload);
  }

  broadcast(payload: Message): void {
    const source = this.#environment.address;
    for (const to of this.#others()) {
      this.#environment.send(to, { type: 'party/parcel', key: null, source, payload });
    }
  }

  neighbours(): readonly Address[] {
    const sinceUs = this.#environment.now() - 3 * this.#periodUs;
    return this.#others().filter((one) => (this.#heardUs.get(one) ?? -Infinity) > sinceUs);
  }

  expected(): readonly Address[] {
    return this.neighbours();
  }

  get leafSet(): readonly Address[] {
    return this.neighbours();
  }

  alternate(): Address {
    this.#turn += 1;
    return this.neighbours()[this.#turn % this.neighbours().length] ?? -1;
  }

  heard(from: Address): void {
    this.#heardUs.set(from, this.#environment.now());
  }

  receive(from: Address, message: PartyMessage): boolean {
    if (message.type === 'party/hello') {
      if (message.back >= 0) this.#greet(from, -1);
      if (message.ballot !== null) this.#user.onBallot(from, message.ballot);
    } else if (message.type === 'party/parcel') {
      const { key, source, payload } = message;
      if (key === null) this.#user.deliver(source, payload);
      else this.#pass(key, source, { ...payload });
    } else {
      return false;
    }
    return true;
  }

  onTimer(kind: number): void {
    if (kind !== Timer.greet) throw new RangeError(`not a timer of this overlay's: ${kind}`);
    this.#environment.setTimer(this.#periodUs, Timer.greet, 0);
    for (const to of this.#others()) this.#greet(to, to);
  }

  #greet(to: Address, back: Address): void {
    const knows = this.neighbours();
    this.#environment.send(to, { type: 'party/hello', ballot: this.#user.ballot(), knows, back });
  }

  #pass(key: string, source: Address, payload: Message): void {
    const { node, managers } = this.#site;
    const alive = this.neighbours();
    const near = managers.filter(({ address }) => alive.includes(address));
    const [next] = near.sort((a, b) => compareCloseness(key, a.node, b.node));
    if (next === undefined || compareCloseness(key, node, next.node) < 0) {
      this.#user.deliver(source, payload);
    } else {
      this.#environment.send(next.address, { type: 'party/parcel', key, source, payload });
    }
  }

  #others(): readonly Address[] {
    return this.#site.managers
      .map(({ address }) => address)
      .filter((address) => address !== this.#environment.address);
  }
}

export default definePlugin({
  overlays: {
    party: {
      messages: [hello, parcel],
      create: (_settings, environment, user, site) =>
        new Party(site.times.probePeriodUs, environment, user, site),
    },
  },
});
