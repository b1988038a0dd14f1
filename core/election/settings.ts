import { count, inWords, period, type Settings } from '../settings.js';

export interface Tries {
  readonly tries: number;
  readonly tryTimeoutUs: number;
}
export interface Hops {
  readonly overlay: { readonly hopTimeoutUs: number };
}

/** Of the election that comes along. */
export const electionFields = {
  tries: count(1, 100, {
    usual: 3,
    meaning: 'How often the root asks the coordinator before it takes it for gone.',
  }),
  tryTimeout: period({
    meaning: 'How long each answer may take. Default: hopTimeout.',
    derive: ({ overlay }: Hops) => overlay.hopTimeoutUs,
  }),
  requestTimeout: period({
    meaning:
      'A request without effect is routed anew after this. ' +
      'Default: all tries and four hop timeouts.',
    derive: ({ tries, tryTimeoutUs, overlay }: Tries & Hops) =>
      tries * tryTimeoutUs + 4 * overlay.hopTimeoutUs,
    check: (us, { tries, tryTimeoutUs }) => us > tries * tryTimeoutUs ? null : {
      problem: 'requestTimeout is over before the root has tried the coordinator',
      remedy: `make it longer than tries x tryTimeout (${inWords(tries * tryTimeoutUs)})`,
    },
  }),
};

/** Microseconds. */
export interface ElectionSettings extends Settings<typeof electionFields> {
  readonly name: string;
}
