/** A promise that was broken. */
export interface Failure {
  /** The invariant, or one of the {@link ownPromises}. */
  readonly invariant: string;
  readonly explanation: string;
  readonly timeS: number;
}

/** A process threw: no run directory can be made of that. */
export const processFails = 'no-process-fails';
/** Messages beget messages: far more happened than ever could in a system that recovers. */
export const storm = 'no-message-storm';
/** The run ended after its bound, and not in health. */
export const unwell = 'well-in-the-end';
/** And managers still do not know who is next to them. */
export const ringBroken = 'ring-whole-in-the-end';
/** And something goes on being sent that nobody needs. */
export const restless = 'quiet-in-the-end';
/** And who has a lot of resources goes on having them. */
export const uneven = 'loads-even-in-the-end';
/** And the coordinator does not hear what managers know. */
export const unmeasured = 'metrics-known-in-the-end';
/** Somebody spoke or acted before what that rests on was durable. */
export const unstored = 'stored-before-said';
/** Notices of global rules bear ids of their own. */
export const givenTwice = 'notices-once';
/** What explorations judge besides the invariants. */
export const ownPromises: readonly string[] = [
  processFails, storm, unwell, ringBroken, restless, uneven, unmeasured,
  unstored, givenTwice,
];
