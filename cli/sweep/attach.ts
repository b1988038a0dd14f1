/** Looks on, from anywhere, while a campaign on a queue is made somewhere else. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { count, some } from '../../analysis/words.js';
import { Board, type CampaignState } from '../../campaign/queue/board.js';
import { readOutline } from '../../experiment/sweep/index.js';
import { exit, InputError } from '../exit.js';
import { Interruption, interruptedCode } from '../interruption.js';
import { linkTo } from '../queue.js';
import { SweepProgress } from './progress.js';

const LOOK_MS = 500;

export interface Attach {
  readonly queue: string;
  /** File of the sweep, name or id of the campaign; undefined: the newest that runs, or ran. */
  readonly which: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Until it is over; with `json`, what is known now. @throws InputError, ExecutorError */
export async function attach({ queue, which, json, quiet }: Attach): Promise<void> {
  const link = await linkTo(queue, (text) => {
    if (!quiet) console.error(`sim: ${text}`);
  });
  const board = new Board(link);
  const wanted = which !== undefined && existsSync(which) ? readOutline(which).name : which;
  const known = async (): Promise<CampaignState[]> => (await board.campaigns())
    .filter(({ id, name }) => wanted === undefined || id === wanted || name === wanted);
  const progress = new SweepProgress(!quiet && !json);
  // A Redis that is gone lets what is asked of it wait: who leaves must not.
  let [asked, leave] = [false, (): void => undefined];
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(new Error('told to end'));
  });
  left.catch(() => undefined);
  const interruption = new Interruption(() => {
    asked = true;
    leave();
  });
  const unlessLeft = <T>(answer: Promise<T>): Promise<T> => Promise.race([answer, left]);
  try {
    const campaigns = await unlessLeft(known());
    if (json) {
      console.log(JSON.stringify({ campaigns }, null, 2));
      return;
    }
    const chosen = campaigns.find(({ state }) => state === 'running') ?? campaigns[0];
    if (chosen === undefined) {
      const what = wanted === undefined ? 'no campaign' : `no campaign ${wanted}`;
      throw new InputError(`--attach: there is ${what} at ${link.address.shown}, name another`);
    }
    let now: CampaignState | undefined = chosen;
    const before = chosen.share;
    while (now?.state === 'running') {
      progress.show({ ...now, before });
      await unlessLeft(sleep(LOOK_MS));
      now = (await unlessLeft(known())).find(({ id }) => id === chosen.id);
    }
    progress.stop();
    if (!quiet) console.log(told(now ?? { ...chosen, state: 'lost' }));
    process.exitCode = (now?.state ?? 'lost') === 'lost' ? exit.environment : exit.ok;
  } catch (error) {
    if (!asked) throw error;
    process.exitCode = interruptedCode();
  } finally {
    progress.stop();
    interruption.end();
    link.close();
  }
}

function told({ id, name, host, state, runs, of, crashed, started }: CampaignState): string {
  const failed = crashed === 0 ? '' : `, ${count(crashed)} crashed`;
  const how = {
    running: 'running', finished: 'finished', interrupted: 'interrupted, --resume goes on with it',
    lost: 'its runner is gone, --resume goes on with it',
  }[state];
  const where = `on ${host} since ${started}`;
  return `${name} (${id}), ${where}: ${count(runs)} of ${some(of, 'run')}${failed}; ${how}`;
}
