/**
 * What a mark of a chart, or a row of a table, is of: `a0=2 a1=0`, the third value of the first
 * axis and the first of the second. What is of two different values of one axis is told apart.
 */
import type { Axis } from '../../../experiment/sweep/index.js';

/** Fields of a chart's data: of a mark, and of the line through several. */
export interface Linked {
  readonly of: string;
  readonly ofLine: string;
}

/** @param but - the place of an axis that is left out, as along a line */
export function keyOf(axes: readonly Axis[], values: readonly string[], but = -1): string {
  return axes.flatMap(({ values: all }, place) => {
    const own = all.indexOf(values[place]);
    return place === but || all.length < 2 || own < 0 ? [] : [`a${place}=${own}`];
  }).join(' ');
}

/** Counted from 1. */
export function keyOfEpisode(number: number): string {
  return `episode=${number}`;
}
