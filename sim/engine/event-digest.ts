const WORD = 4294967296;
const WORD_INVERSE = 1 / WORD;

/**
 * A fingerprint of a sequence of events: two lanes of 32 bits that take in one word after the
 * other, each step a bijection of the lanes. Finds differences between runs; it is no defence
 * against anyone who wants to make two runs look alike.
 */
export class EventDigest {
  private x = 0x243f6a88;
  private y = 0x13198a2e;

  /** Takes in one event: its key in the order of events, and its kind or type. */
  mix(time: number, receiver: number, sender: number, order: number, kind: number): void {
    let { x, y } = this;
    x = Math.imul(x ^ time, 0x7feb352d);
    y = Math.imul(y ^ (time * WORD_INVERSE) ^ (x >>> 15), 0x846ca68b);
    x = Math.imul(x ^ y ^ receiver, 0x85ebca6b);
    y = Math.imul(y ^ sender ^ (x >>> 13), 0xc2b2ae35);
    x = Math.imul(x ^ y ^ order, 0x7feb352d);
    y = Math.imul(y ^ (order * WORD_INVERSE) ^ (x >>> 16), 0x846ca68b);
    x = Math.imul(x ^ (y >>> 15) ^ kind, 0xc2b2ae35);
    this.x = x ^ (x >>> 15);
    this.y = (y + this.x) | 0;
  }

  /** 53 bits of the lanes, as 14 hexadecimal digits. */
  hex(): string {
    let x = Math.imul(this.x ^ (this.y >>> 16), 0x7feb352d);
    let y = Math.imul(this.y ^ (x >>> 15), 0x846ca68b);
    x = Math.imul(x ^ (y >>> 16), 0x85ebca6b);
    y = Math.imul(y ^ (x >>> 13), 0xc2b2ae35);
    const high = (y ^ (y >>> 16)) >>> 11;
    return (high * WORD + ((x ^ y) >>> 0)).toString(16).padStart(14, '0');
  }
}
