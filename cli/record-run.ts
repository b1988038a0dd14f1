/** One run as the work of a command: shows how far it is, and Ctrl-C ends it early. */
import {
  recordRun as recordPlainly, quoted, type RunToRecord as AnyRunToRecord, type RecordedRun,
  type Watch,
} from '../campaign/record-run.js';
import { Interruption } from './interruption.js';
import { Progress } from './progress.js';

export type { RecordedRun } from '../campaign/record-run.js';

export interface RunToRecord extends Omit<AnyRunToRecord, 'command' | 'watch'> {
  readonly showProgress: boolean;
}

/** @throws RunDirectoryError */
export async function recordRun({ showProgress, ...how }: RunToRecord): Promise<RecordedRun> {
  const watch = (): Watch => watched(how.scenario.durationUs, showProgress);
  return recordPlainly({ ...how, command: commandLine(), watch });
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
