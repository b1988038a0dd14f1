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

  /** Whether it may hold less than it did. */
  get isDoubted(): boolean {
    return this.#doubt !== null;
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
   * Where what it was told so long ago is lost, it is to be told all that it lacks again. Less than
   * before it holds once no greater word has come for so long.
   *
   * @returns whether it is to be told anything again
   */
  rewind(version: number, nowUs: number, patienceUs: number): boolean {
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
  /** By the version that they follow; null: there were none, as nearly everywhere. */
  #pieces: Map<number, Piece> | null = null;

  get isEmpty(): boolean {
    return (this.#pieces?.size ?? 0) === 0;
  }

  /** @param most - that are kept; what comes then is told again later */
  keep(piece: Piece, most: number): void {
    this.#pieces ??= new Map();
    if (this.#pieces.size < most) this.#pieces.set(piece.from, piece);
  }

  /** That piece and what follows it, one by one. */
  * following(first: Piece): Iterable<Piece> {
    for (let next: Piece | undefined = first; next; next = this.take(next.to)) yield next;
  }

  /**
   * What follows that version; without it all of an earlier one are forgotten. What is taken is
   * gone: no piece follows itself.
   */
  take(version: number): Piece | undefined {
    const piece = this.#pieces?.get(version);
    if (piece !== undefined) this.#pieces!.delete(version);
    else this.#forget(version);
    return piece;
  }

  clear(): void {
    this.#pieces = null;
  }

  #forget(version: number): void {
    for (const from of this.#pieces?.keys() ?? []) {
      if (from < version) this.#pieces!.delete(from);
    }
  }
}
