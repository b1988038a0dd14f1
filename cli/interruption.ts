/** Ctrl-C: the first asks the run to end, the second ends the program. */
import { exit } from './exit.js';

export class Interruption {
  private asked = false;
  private readonly onSignal = (): void => {
    if (this.asked) process.exit(exit.interrupted);
    this.asked = true;
    this.onFirst();
  };
  private readonly onFirst: () => void;

  constructor(onFirst: () => void) {
    this.onFirst = onFirst;
    process.on('SIGINT', this.onSignal);
    process.on('SIGTERM', this.onSignal);
  }

  get requested(): boolean {
    return this.asked;
  }

  /** From now on signals act as usual. */
  end(): void {
    process.off('SIGINT', this.onSignal);
    process.off('SIGTERM', this.onSignal);
  }
}
