/** An integer per resource number, 0 unless set: four bytes each, where a Map takes forty. */
export class Column {
  #values = new Int32Array(64);

  get(resource: number): number {
    return this.#values[resource] ?? 0;
  }

  set(resource: number, value: number): void {
    if (resource >= this.#values.length) {
      const larger = new Int32Array(Math.max(resource + 1, 2 * this.#values.length));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[resource] = value;
  }

  clear(): void {
    this.#values = new Int32Array(64);
  }
}
