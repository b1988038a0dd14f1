/** Outages as they are read from a log, in any order: made into a table by node and time. */
import type { OutageTable, TraceFile } from './trace.js';

export class OutageLog {
  private readonly numbers = new Map<string, number>();
  private readonly node: number[] = [];
  private readonly beginUs: number[] = [];
  private readonly endUs: number[] = [];
  private rows = 0;
  private empty = 0;

  /** Whether it holds any outage. */
  get isEmpty(): boolean {
    return this.node.length === 0;
  }

  get firstUs(): number {
    return this.beginUs.reduce((first, us) => Math.min(first, us), Infinity);
  }

  /** A node of which perhaps no outage is known. */
  see(name: string): number {
    const number = this.numbers.get(name) ?? this.numbers.size;
    this.numbers.set(name, number);
    return number;
  }

  /** @param endUs - Infinity: not within the log */
  add(name: string, beginUs: number, endUs: number): void {
    this.rows += 1;
    if (endUs <= beginUs) {
      this.empty += 1;
      return;
    }
    this.node.push(this.see(name));
    this.beginUs.push(beginUs);
    this.endUs.push(endUs);
  }

  /**
   * Of one node, outages that overlap or touch become one, their union.
   *
   * @param zeroUs - what the trace's clock calls zero
   */
  finish(
    file: Pick<TraceFile, 'path' | 'sha256'>,
    zeroUs = 0,
  ): Omit<TraceFile, 'outages'> & { readonly outages: OutageTable } {
    const { outages, merged } = this.union(zeroUs);
    let endUs = 0;
    for (const [index, beginUs] of outages.beginUs.entries()) {
      const last = outages.endUs[index];
      endUs = Math.max(endUs, Number.isFinite(last) ? last : beginUs + 1);
    }
    const { rows, empty } = this;
    const nodes = outages.first.length - 1;
    return { ...file, nodes, rows, merged, empty, neverUp: 0, startUs: 0, endUs, outages };
  }

  /** By the order of names, numbers among them by value, and of time. */
  private union(zeroUs: number): { outages: OutageTable; merged: number } {
    const { node, beginUs, endUs } = this;
    const names = [...this.numbers.keys()];
    const rank = new Int32Array(names.length);
    names.sort(byName).forEach((name, place) => {
      rank[this.numbers.get(name)!] = place;
    });
    const order = Array.from(node.keys()).sort(
      (a, b) => rank[node[a]] - rank[node[b]] || beginUs[a] - beginUs[b],
    );
    const count = new Int32Array(names.length + 1);
    const begins: number[] = [];
    const ends: number[] = [];
    let before = -1;
    for (const row of order) {
      const place = rank[node[row]];
      const last = ends.length - 1;
      if (place === before && beginUs[row] - zeroUs <= ends[last]) {
        ends[last] = Math.max(ends[last], endUs[row] - zeroUs);
        continue;
      }
      before = place;
      count[place + 1] += 1;
      begins.push(beginUs[row] - zeroUs);
      ends.push(endUs[row] - zeroUs);
    }
    const first = count;
    for (let place = 1; place < first.length; place += 1) first[place] += first[place - 1];
    const table = { beginUs: Float64Array.from(begins), endUs: Float64Array.from(ends) };
    return { outages: { kind: 'table', first, ...table }, merged: node.length - begins.length };
  }
}

/** Numbers by value and before all else; the rest by code unit, not by any locale. */
function byName(a: string, b: string): number {
  const difference = Number(a) - Number(b);
  if (!Number.isNaN(difference) && difference !== 0) return difference;
  const numbers = Number(Number.isNaN(Number(a))) - Number(Number.isNaN(Number(b)));
  return numbers !== 0 ? numbers : a < b ? -1 : Number(a > b);
}
