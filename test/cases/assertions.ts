/** The cases of this folder, and what each asks of a run, whatever its seed and queue. */
import { readdirSync } from 'node:fs';
import { tryOut } from '../../campaign/explore/trial.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import { deedsIn } from '../sim/actions-under-way.js';
import { shownAtLast, toldOf } from '../soak/forgotten.js';
import { conductOf, oneWayCases, oneWayFlaw } from './one-way.js';
import { givenUpInTime } from './watchers.js';

export interface Case {
  readonly what: string;
  readonly file: string;
  /** Settings beside those of the file. */
  readonly set: readonly string[];
  /** What is wrong with a run of it, in words; null: nothing. */
  readonly flaw: (scenario: ResolvedScenario) => Promise<string | null>;
}

const folder = 'test/cases';

async function everyPromise(scenario: ResolvedScenario): Promise<string | null> {
  const { failure } = await tryOut(scenario);
  return failure === null ? null : `${failure.invariant}: ${failure.explanation}`;
}

/** One of five is stopped, though the coordinator dies during the four minutes that it takes. */
async function oneStop(scenario: ResolvedScenario): Promise<string | null> {
  const { acted, up, stopped, broken } = await deedsIn(scenario);
  const isRight = acted.stop === 1 && Object.keys(acted).length === 1 &&
    up === 4 && stopped === 1 && broken.length === 0;
  return isRight ? null : JSON.stringify({ acted, up, stopped, broken });
}

/** The dead host's service is told of, as one occasion, and stays in the model with all others. */
async function notForgotten(scenario: ResolvedScenario): Promise<string | null> {
  const { told, broken } = await toldOf(scenario);
  const diedUs = told.find(({ what }) => what.type === 'fault-began')!.timeUs;
  const notices = told.flatMap(({ timeUs, what }) =>
    what.type === 'notified' && what.target === 'solo-1' && timeUs > diedUs ? [what.occasion] : []);
  const shown = shownAtLast(told);
  const isRight = new Set(notices).size === 1 && shown.size === 10 &&
    shown.get(0) === 'unreachable' && broken.length === 0;
  return isRight ? null : JSON.stringify({ notices, shown: [...shown], broken });
}

/** The role stays where it is, and nobody is long without a manager. */
async function nothingMoves(scenario: ResolvedScenario): Promise<string | null> {
  const { changes, unmanagedUs, broken, healthy } = await conductOf(scenario);
  const isRight = changes === 0 && unmanagedUs < 60e6 && broken.length === 0 && healthy;
  return isRight ? null : JSON.stringify({ changes, unmanagedUs, broken, healthy });
}

/** Cases that ask for something else than that every promise holds. */
const others: Readonly<Record<string, Case['flaw']>> = {
  'stuttering-coordinator': givenUpInTime,
  'stuttering-clock': givenUpInTime,
  'clocks-back': givenUpInTime,
  'slow-stop': oneStop,
  forgotten: notForgotten,
  ...Object.fromEntries(oneWayCases.map((name) => [name, oneWayFlaw])),
};

function caseOf(name: string, what = name, set: readonly string[] = []): Case {
  return { what, file: `${folder}/${name}.yaml`, set, flaw: others[name] ?? everyPromise };
}

/** A case is a file; some are to hold under other settings too. */
export const cases: readonly Case[] = [
  ...readdirSync(folder).filter((name) => name.endsWith('.yaml'))
    .map((name) => caseOf(name.slice(0, -'.yaml'.length))),
  ...['early-deadline', 'needless-move', 'clocks-back'].map((name) => ({
    ...caseOf(name, `${name}, all timers up to a millisecond early or late`, [
      'system.clocks.timers=1ms',
    ]),
    flaw: everyPromise,
  })),
  caseOf('stuttering-coordinator', 'phi-accrual is not blinded by 4 s of every 14 s', [
    'coordination.detection={ name: phi-accrual, maxTimeout: 30s }',
    'faults.0={ every: 14s, from: 2m, until: 60m, pause: coordinator, repairAfter: 4s }',
  ]),
];

/** Deaf from one of six to another, whoever coordinates; both overlays. */
export const deafPairs: readonly Case[] = ['pastry', 'full-mesh'].flatMap((overlay) =>
  Array.from({ length: 12 }, (_, pair): Case => {
    const from = 1 + pair % 4;
    const to = 1 + (from + Math.floor(pair / 4)) % 4;
    return {
      what: `${overlay}, one link is deaf, from ${from} to ${to}`,
      file: `${folder}/duel.yaml`,
      set: [
        'system.managers=4', 'duration=20m', `coordination.overlay=${overlay}`,
        'faults=[{ at: 2m, partition: ' +
          `{ oneWay: { from: manager-${from}, to: manager-${to} } }, repairAfter: 15m }]`,
      ],
      flaw: nothingMoves,
    };
  }));
