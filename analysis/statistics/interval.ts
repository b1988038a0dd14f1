/** Both ends of a confidence interval. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}
