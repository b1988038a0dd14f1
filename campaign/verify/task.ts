/** What `sim verify` and its workers tell each other; plain data. */
import type { Circumstances, Step, StepRecords } from './stepped-run.js';

export type VerifyRequest =
  | {
      readonly kind: 'begin';
      /** Fully resolved. */
      readonly scenario: string;
      readonly plugins: readonly string[];
      readonly circumstances: Circumstances;
    }
  | { readonly kind: 'next' }
  | { readonly kind: 'records' };

export type VerifyReply =
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'records'; readonly records: StepRecords }
  | { readonly kind: 'failed'; readonly reason: string };
