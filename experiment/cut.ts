/** Who reaches whom, host by host. */
import type { HostCut } from '../core/observations.js';
import type { Address } from '../core/process.js';

/** Whether messages from one to the other get through. */
export function passes(cut: HostCut, from: Address, to: Address): boolean {
  return from === to || cut.passes[cut.classOf[from] * cut.classes + cut.classOf[to]] === 1;
}

/** @param pass - whether messages get through from a host of one class to another of the other */
export function cutOf(
  classOf: Uint16Array,
  classes: number,
  pass: (from: number, to: number) => boolean,
): HostCut {
  const passes = new Uint8Array(classes * classes);
  for (let from = 0; from < classes; from += 1) {
    for (let to = 0; to < classes; to += 1) {
      passes[from * classes + to] = pass(from, to) ? 1 : 0;
    }
  }
  return { classOf, classes, passes };
}

/** What gets through both. */
export function overlay(a: HostCut, b: HostCut): HostCut {
  const numbers = new Map<number, number>();
  const classOf = new Uint16Array(a.classOf.length);
  for (let address = 0; address < classOf.length; address += 1) {
    const key = a.classOf[address] * b.classes + b.classOf[address];
    let number = numbers.get(key);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(key, number);
    }
    classOf[address] = number;
  }
  const parts = [...numbers.keys()].map((key) => {
    const inB = key % b.classes;
    return [(key - inB) / b.classes, inB] as const;
  });
  return cutOf(classOf, parts.length, (from, to) => {
    const [fromA, fromB] = parts[from];
    const [toA, toB] = parts[to];
    const inA = a.passes[fromA * a.classes + toA];
    return inA === 1 && b.passes[fromB * b.classes + toB] === 1;
  });
}

/** The components of two-way reachability. */
export interface CutComponents {
  /** Component of each class, numbered densely; SCATTERED: each of its hosts is one by itself. */
  readonly componentOf: Int32Array;
  /** How many there are, those by themselves aside. */
  readonly components: number;
  /**
   * Whether all of a component reach each other, and nobody else in either direction: as after a
   * split into sides. Not so where messages pass one way only, or only by way of a third host.
   */
  readonly clean: boolean;
}

/** In the place of a component's number. */
export const SCATTERED = -1;
const UNKNOWN = -2;

/** Classes without hosts play no part. */
export function componentsOf({ classOf, classes, passes: open }: HostCut): CutComponents {
  const populated = new Uint8Array(classes);
  for (let address = 0; address < classOf.length; address += 1) populated[classOf[address]] = 1;
  const componentOf = new Int32Array(classes).fill(UNKNOWN);
  const opens = (from: number, to: number): boolean =>
    populated[from] === 1 && populated[to] === 1 && open[from * classes + to] === 1;
  let components = 0;
  for (let first = 0; first < classes; first += 1) {
    if (componentOf[first] !== UNKNOWN || populated[first] === 0) continue;
    const reached = [first];
    componentOf[first] = components;
    for (const one of reached) {
      for (let other = 0; other < classes; other += 1) {
        if (componentOf[other] !== UNKNOWN || !opens(one, other) || !opens(other, one)) continue;
        componentOf[other] = components;
        reached.push(other);
      }
    }
    if (reached.length === 1 && !opens(first, first)) componentOf[first] = SCATTERED;
    else components += 1;
  }
  let clean = true;
  for (let a = 0; a < classes; a += 1) {
    for (let b = 0; b < classes; b += 1) {
      if (populated[a] === 0 || populated[b] === 0) continue;
      const together = componentOf[a] === componentOf[b] && componentOf[a] !== SCATTERED;
      clean &&= opens(a, b) === together;
    }
  }
  return { componentOf, components, clean };
}
