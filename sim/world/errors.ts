/** Unwinds a process whose host crashes inside one of its calls; never leaves the world. */
export class CrashSignal extends Error {
  override readonly name = 'CrashSignal';
}

/** The code of a process threw: a defect of the program, with the place in the run where it did. */
export class ProcessError extends Error {
  override readonly name = 'ProcessError';
  readonly process: string;
  readonly timeUs: number;

  constructor(process: string, during: string, timeUs: number, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`${process}, ${during} at ${timeUs} us: ${reason}`, { cause });
    this.process = process;
    this.timeUs = timeUs;
  }
}
