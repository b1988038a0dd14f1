/** What keeps a campaign from going on; each message is one line that says what would be right. */

/** What was asked for cannot be done. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** The world around us did not let us go on; what was finished is kept. */
export class ExecutorError extends Error {
  override readonly name = 'ExecutorError';
}
