/** One line of the soak's table. */
export interface Finding {
  readonly what: string;
  readonly measured: string;
  readonly wanted: string;
  readonly ok: boolean;
  /** Nothing was checked: what it takes is not here. */
  readonly skipped?: boolean;
}

/** How much a check takes: the long form belongs to the soak. */
export type Scale = 'short' | 'long';

/**
 * A check at the length that its caller can afford; `progress` is told what is being run, `words`
 * are the options of the command line.
 */
export type Check = (
  scale: Scale,
  progress: (what: string) => void,
  words?: readonly string[],
) => Promise<Finding[]>;
