/**
 * Deadlines that all lie the same span after the event that set them: they fall due in the order
 * in which they were set, so a queue is enough. A deadline that has become pointless stays in it;
 * whoever takes it looks whether it still matters.
 */
export class Deadlines {
  readonly #spanUs: number;
  #items = new Int32Array(16);
  #setAt = new Float64Array(16);
  #first = 0;
  #length = 0;

  constructor(spanUs: number) {
    this.#spanUs = spanUs;
  }

  /** `timeUs` never decreases from one call to the next. */
  set(item: number, timeUs: number): void {
    if (this.#length === this.#items.length) this.#grow();
    // Lengths are powers of two.
    const slot = (this.#first + this.#length) & (this.#items.length - 1);
    this.#items[slot] = item;
    this.#setAt[slot] = timeUs;
    this.#length += 1;
  }

  /** When the next one falls due; Infinity if there is none. */
  get nextUs(): number {
    return this.#length === 0 ? Infinity : this.#setAt[this.#first] + this.#spanUs;
  }

  /** Takes the next one. Only while there is one. */
  take(): number {
    const item = this.#items[this.#first];
    this.#first = (this.#first + 1) & (this.#items.length - 1);
    this.#length -= 1;
    return item;
  }

  #grow(): void {
    const room = this.#items.length * 2;
    const items = new Int32Array(room);
    const setAt = new Float64Array(room);
    for (let index = 0; index < this.#length; index += 1) {
      const slot = (this.#first + index) & (this.#items.length - 1);
      items[index] = this.#items[slot]!;
      setAt[index] = this.#setAt[slot]!;
    }
    this.#items = items;
    this.#setAt = setAt;
    this.#first = 0;
  }
}
