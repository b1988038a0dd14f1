/**
 * Broadcast: a node divides the ring at those it knows, and each tells the arc from itself to the
 * next. As the entries of a routing table divide the ring sixteenfold at each digit, the depth is
 * O(log N); as the leaf set holds the next node on the ring, no node is left out, and as arcs do
 * not overlap, none is told twice. (After El-Ansary et al. 2003, for Chord; here over prefixes.)
 */
import type { NodeId } from '../../identity.js';
import type { CoordinatorAnnounce, OverlaySpread } from '../../messages.js';
import type { Address } from '../../process.js';
import { compareClockwise, placeOf, type Contact, type Place } from './contact.js';
import { tries, type PastryNode } from './node.js';

/** Broadcasts that are remembered, so that what is sent again is delivered once. */
const memory = 32;
/** Arcs of broadcasts that are remembered, so that what is sent again is not told again. */
const arcs = 256;
/** Broadcasts are named by so many numbers, drawn: a source that restarts repeats none. */
const names = 4294967296; // 2^32

interface Letter {
  readonly source: Address;
  readonly broadcast: number;
  readonly payload: CoordinatorAnnounce;
}

export class Spreading {
  readonly #node: PastryNode;
  readonly #died: (contact: Contact) => void;
  readonly #seen: string[] = [];
  readonly #told: string[] = [];

  constructor(node: PastryNode, died: (contact: Contact) => void) {
    this.#node = node;
    this.#died = died;
  }

  begin(payload: CoordinatorAnnounce): void {
    const { environment, self } = this.#node;
    const broadcast = Math.floor(environment.random.next() * names);
    const letter = { source: environment.address, broadcast, payload };
    this.#isNew(letter);
    this.#tell(letter, this.#node.near.self, self);
  }

  onSpread({ source, broadcast, until, payload }: OverlaySpread): void {
    const letter = { source, broadcast, payload: { ...payload } };
    // Where messages take longer than the patience with a hop, each comes again and again: were
    // it told on each time, it would never end.
    if (!remember(this.#told, `${source} ${broadcast} ${until}`, arcs)) return;
    const isNew = this.#isNew(letter);
    this.#tell(letter, this.#node.near.self, until);
    if (isNew) this.#node.user.deliver(source, letter.payload);
  }

  /** Tells all between `after` and `until`, both exclusive: the whole ring if they are one. */
  #tell(letter: Letter, after: Place, until: NodeId): void {
    const known = this.#between(after, until);
    for (const [index, contact] of known.entries()) {
      this.#send(letter, contact, known[index + 1]?.node ?? until);
    }
  }

  /** Those known on that arc, in the order of the ring. */
  #between(after: Place, until: NodeId): Contact[] {
    const end = placeOf(until);
    const whole = after.node === until;
    return this.#node.near.live
      .filter((contact) => contact.node !== after.node && contact.node !== until &&
        (whole || compareClockwise(after, contact, end) < 0))
      .sort((a, b) => compareClockwise(after, a, b));
  }

  #send(letter: Letter, to: Contact, until: NodeId): void {
    const { source, broadcast, payload } = letter;
    this.#node.requests.ask({
      to,
      tries,
      passes: true,
      message: (sequence) => ({
        type: 'overlay-spread', hop: sequence, source, broadcast, until, payload: { ...payload },
      }),
      silent: () => {
        this.#died(to);
        this.#goAround(letter, to, until);
      },
    });
  }

  /** Divides the arc of a dead node anew; if nobody on it is known, who lies before it may know. */
  #goAround(letter: Letter, dead: Contact, until: NodeId): void {
    if (this.#between(dead, until).length > 0) {
      this.#tell(letter, dead, until);
      return;
    }
    const { near } = this.#node;
    const before = this.#between(near.self, dead.node).at(-1);
    if (before !== undefined) this.#send(letter, before, until);
  }

  #isNew({ source, broadcast }: Letter): boolean {
    return remember(this.#seen, `${source} ${broadcast}`, memory);
  }
}

/** Whether it was not among the last `most`. */
function remember(last: string[], name: string, most: number): boolean {
  if (last.includes(name)) return false;
  last.push(name);
  if (last.length > most) last.shift();
  return true;
}
