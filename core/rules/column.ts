/** An integer per resource number, 0 unless set: four bytes each, where a Map takes forty. */
export class Column {
  #values = new Int32Array(64);
  /** Those so far above the others that room for all in between would be mostly empty. */
  readonly #far = new Map<number, number>();
  /** How many of them there may be before it is looked whether they are so far still. */
  #farLimit = 16;

  get(resource: number): number {
    return this.#values[resource] ?? this.#far.get(resource) ?? 0;
  }

  set(resource: number, value: number): void {
    const { length } = this.#values;
    if (resource >= length && resource < 2 * length) this.#grow(2 * length);
    if (resource < this.#values.length) {
      this.#values[resource] = value;
      return;
    }
    this.#far.set(resource, value);
    if (this.#far.size >= this.#farLimit) this.#gather();
  }

  clear(): void {
    this.#values = new Int32Array(64);
    this.#far.clear();
    this.#farLimit = 16;
  }

  /** Makes room for what is far no more: with a sixteenth of it taken, a Map takes as much. */
  #gather(): void {
    const limit = 16 * (this.#far.size + this.#values.length);
    let end = 0;
    for (const resource of this.#far.keys()) {
      if (resource < limit) end = Math.max(end, resource + 1);
    }
    if (end > 0) this.#grow(end);
    this.#farLimit = Math.max(16, 2 * this.#far.size);
  }

  #grow(length: number): void {
    const larger = new Int32Array(length);
    larger.set(this.#values);
    this.#values = larger;
    for (const [resource, value] of this.#far) {
      if (resource >= length) continue;
      larger[resource] = value;
      this.#far.delete(resource);
    }
  }
}
