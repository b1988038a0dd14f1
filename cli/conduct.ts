/** One run as the work of a command: shows how far it is, and Ctrl-C ends it early. */
import {
  conduct as conductRun, quoted, type Conduct as ConductRun, type Conducted, type Watch,
} from '../campaign/conduct.js';
import { Interruption } from './interruption.js';
import { Progress } from './progress.js';

export type { Conducted } from '../campaign/conduct.js';

export interface Conduct extends Omit<ConductRun, 'command' | 'watch'> {
  readonly showProgress: boolean;
}

/** @throws RunDirectoryError */
export async function conduct({ showProgress, ...how }: Conduct): Promise<Conducted> {
  const watch = (): Watch => watched(how.scenario.durationUs, showProgress);
  return conductRun({ ...how, command: commandLine(), watch });
}

function watched(durationUs: number, visible: boolean): Watch {
  const progress = new Progress(durationUs, visible);
  const interruption = new Interruption(() => progress.stop());
  return {
    report: (timeUs, events) => {
      const turn = progress.report(timeUs, events);
      const goOn = (): boolean => !interruption.requested;
      return turn ? turn.then(goOn) : goOn();
    },
    end: () => {
      progress.stop();
      interruption.end();
    },
  };
}

/** The command that is being carried out, for a shell. */
export function commandLine(): string {
  return ['sim', ...process.argv.slice(2)].map(quoted).join(' ');
}
