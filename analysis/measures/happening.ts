/** What a recovery episode is told by. */
import type { Address } from '../../core/process.js';

/** A fault of the management plane began or ended. */
export interface FaultHappening {
  readonly what: 'fault-began' | 'fault-ended';
  readonly timeUs: number;
  readonly kind: string;
  readonly target: string;
  /** The acting coordinator, if the fault hit it. */
  readonly coordinator: Address | null;
}

/** What an episode is told by, in order of time. */
export type Happening =
  | FaultHappening
  | {
      readonly what: 'suspected';
      readonly timeUs: number;
      readonly by: Address;
      readonly of: Address;
      /** Whether `by` coordinated. */
      readonly coordinator: boolean;
    }
  | { readonly what: 'elected'; readonly timeUs: number; readonly process: Address }
  | {
      readonly what: 'resigned';
      readonly timeUs: number;
      readonly process: Address;
      readonly successor: Address;
    };
