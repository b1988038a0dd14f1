/**
 * How one node follows what another tells it piece by piece, each from one version to the next,
 * although messages overtake each other: the two sides of it.
 */

/** How far a node has got, as who tells it knows. */
export class Progress {
  /** The version that it holds, and the one up to which it has been told. */
  held: number;
  told: number;
  toldUs = -Infinity;
  /** It has said since then that it holds less: a late word, or the first of a new life. */
  #doubt: { readonly held: number; readonly sinceUs: number } | null = null;

  constructor(held = 0) {
    this.held = held;
    this.told = held;
  }

  /** It says that it holds so much. False: that is less than before, and may be a late word. */
  acknowledged(version: number, nowUs: number): boolean {
    if (version < this.held) {
      this.#doubt ??= { held: version, sinceUs: nowUs };
      return false;
    }
    this.reached(version);
    return true;
  }

  /** It is known to hold so much. */
  reached(version: number): void {
    this.#doubt = null;
    this.held = version;
    this.told = Math.max(this.told, version);
  }

  /** It holds nothing. */
  restart(): void {
    this.#doubt = null;
    this.held = 0;
    this.told = 0;
  }

  /**
   * To be asked now and then: whether what it was told so long ago is lost, and all that it lacks
   * is to be told again. Less than before it holds once no greater word has come for so long.
   */
  isLate(version: number, nowUs: number, patienceUs: number): boolean {
    const doubt = this.#doubt;
    if (doubt !== null && nowUs - doubt.sinceUs >= patienceUs) {
      this.#doubt = null;
      this.held = doubt.held;
    }
    if (this.held >= version || nowUs - this.toldUs < patienceUs) return false;
    this.told = this.held;
    return true;
  }
}

/** Pieces that overtook others, as who follows keeps them. */
export class Ahead<Piece extends { readonly from: number; readonly to: number }> {
  readonly #most: number;
  /** By the version that they follow; null: there were none, as nearly everywhere. */
  #pieces: Map<number, Piece> | null = null;

  /** @param most - that are kept; what comes then is told again later */
  constructor(most: number) {
    this.#most = most;
  }

  get isEmpty(): boolean {
    return (this.#pieces?.size ?? 0) === 0;
  }

  keep(piece: Piece): void {
    this.#pieces ??= new Map();
    if (this.#pieces.size < this.#most) this.#pieces.set(piece.from, piece);
  }

  /** That piece and what follows it, one by one; all of an earlier version are forgotten. */
  * following(first: Piece): Iterable<Piece> {
    let version = first.from;
    for (let next: Piece | undefined = first; next; next = this.#take(version)) {
      version = next.to;
      yield next;
    }
    for (const from of this.#pieces?.keys() ?? []) {
      if (from < version) this.#pieces!.delete(from);
    }
  }

  /** What is taken is gone: no piece follows itself. */
  #take(version: number): Piece | undefined {
    const piece = this.#pieces?.get(version);
    this.#pieces?.delete(version);
    return piece;
  }
}
