/** Times of an overlay that comes along. Microseconds. */
export interface OverlaySettings {
  readonly name: string;
  /** Between two probes that a manager sends, each to the next peer in turn. */
  readonly probePeriodUs: number;
  /** Between two heartbeats of a node to its neighbour on the ring; a full mesh has none. */
  readonly heartbeatPeriodUs: number;
  /** A hop or probe without acknowledgement for so long has failed. */
  readonly hopTimeoutUs: number;
}
