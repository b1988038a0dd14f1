/** Ctrl-C, a closed terminal, a polite kill: the first asks the run to end, the second ends all. */
import { exit, type ExitCode } from './exit.js';

const codes = {
  SIGINT: exit.interrupted, SIGTERM: exit.terminated, SIGHUP: exit.hungUp,
} as const;
type Signal = keyof typeof codes;
const signals = Object.keys(codes) as readonly Signal[];

/** Of this process: whoever prints how the work ended asks by which of them it did. */
let last: Signal = 'SIGINT';

/** Of work that was interrupted. */
export function interruptedCode(): ExitCode {
  return codes[last];
}

/** Does what Ctrl-C ends early. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interruption = new Interruption(() => controller.abort());
  try {
    return await work(controller.signal);
  } finally {
    interruption.end();
  }
}

export class Interruption {
  private asked = false;
  private readonly onSignal = (signal: NodeJS.Signals): void => {
    last = signal as Signal;
    if (this.asked) process.exit(interruptedCode());
    this.asked = true;
    this.onFirst();
  };
  private readonly onFirst: () => void;

  constructor(onFirst: () => void) {
    this.onFirst = onFirst;
    for (const signal of signals) process.on(signal, this.onSignal);
  }

  get requested(): boolean {
    return this.asked;
  }

  /** From now on signals act as usual. */
  end(): void {
    for (const signal of signals) process.off(signal, this.onSignal);
  }
}
