/**
 * Room for the rows of many small tables in one big one. A table of typed arrays of its own is six
 * objects to find, out of the cache for each of a thousand managers; in an arena it is a number.
 */
export class RowArena {
  /** Numbers of 8 bytes in a row. */
  readonly width: number;
  /** All rows, and the same memory as integers: replaced when the arena grows, so never kept. */
  doubles: Float64Array;
  ints: Int32Array;
  /** By owner. */
  readonly #blocks = new Map<number, Block>();
  /** Starts of blocks that nobody has, by their number of rows. */
  readonly #free = new Map<number, number[]>();
  #used = 0;

  constructor(width: number) {
    this.width = width;
    this.doubles = new Float64Array(firstRows * width);
    this.ints = new Int32Array(this.doubles.buffer);
  }

  /** A block for an owner; what an earlier life of the owner had is taken back. */
  claim(owner: number): Block {
    const former = this.#blocks.get(owner);
    if (former !== undefined) this.#release(former);
    return this.#give(owner, firstRows);
  }

  /** A block of at least `rows`, at least doubled, with what the owner's block holds. */
  enlarge(owner: number, rows: number): Block {
    const former = this.#blocks.get(owner)!;
    let size = 2 * former.rows;
    while (size < rows) size *= 2;
    const block = this.#give(owner, size);
    const { width } = this;
    this.doubles.copyWithin(
      block.first * width, former.first * width, (former.first + former.rows) * width,
    );
    this.#release(former);
    return block;
  }

  #give(owner: number, rows: number): Block {
    let first = this.#free.get(rows)?.pop();
    if (first === undefined) {
      first = this.#used;
      this.#used += rows;
      this.#fit();
    }
    const block = { first, rows };
    this.#blocks.set(owner, block);
    return block;
  }

  #release({ first, rows }: Block): void {
    const starts = this.#free.get(rows);
    if (starts === undefined) this.#free.set(rows, [first]);
    else starts.push(first);
  }

  #fit(): void {
    const needed = this.#used * this.width;
    if (needed <= this.doubles.length) return;
    const doubles = new Float64Array(Math.max(needed, 2 * this.doubles.length));
    doubles.set(this.doubles);
    this.doubles = doubles;
    this.ints = new Int32Array(doubles.buffer);
  }
}

const firstRows = 16;

/** Rows `first` to `first + rows - 1` of an arena. Their contents are anything at first. */
export interface Block {
  readonly first: number;
  readonly rows: number;
}
