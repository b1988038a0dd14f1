/** The cases of test/cases, each with many seeds and both queues. */
import { readdirSync } from 'node:fs';
import { tryOut } from '../../cli/explore/trial.js';
import { loadScenario, type ResolvedScenario } from '../../experiment/scenario/index.js';
import { oneWayCases, oneWayFlaw } from '../cases/one-way.js';
import { givenUpInTime } from '../cases/watchers.js';
import { deedsIn } from '../sim/actions-under-way.js';
import type { Check, Finding } from './check.js';

/** What is wrong with a run of it, in words; null: nothing. */
type Assertion = (scenario: ResolvedScenario) => Promise<string | null>;

const everyPromise: Assertion = async (scenario) => {
  const { failure } = await tryOut(scenario);
  return failure === null ? null : `${failure.invariant}: ${failure.explanation}`;
};

/** Cases that ask for something else than that every promise holds. */
const others: Readonly<Record<string, Assertion>> = {
  'stuttering-coordinator': givenUpInTime,
  'stuttering-clock': givenUpInTime,
  'clocks-back': givenUpInTime,
  'slow-stop': async (scenario) => {
    const { acted, up, broken } = await deedsIn(scenario);
    const right = acted.stop === 1 && up === 4 && broken.length === 0;
    return right ? null : `${acted.stop ?? 0} stopped, ${up} up`;
  },
  ...Object.fromEntries(oneWayCases.map((name) => [name, oneWayFlaw])),
};

const folder = 'test/cases';

export const cases: Check = async (scale, progress) => {
  const seeds = scale === 'long' ? 50 : 2;
  const findings: Finding[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
    const name = file.slice(0, -'.yaml'.length);
    progress(name);
    const wrong: string[] = [];
    for (let seed = 1; seed <= seeds; seed += 1) {
      for (const queue of ['wheel', 'heap']) {
        const set = [`engine.queue=${queue}`];
        const scenario = loadScenario(`${folder}/${file}`, { seed, set });
        const words = await (others[name] ?? everyPromise)(scenario);
        if (words !== null) wrong.push(`seed ${seed}, ${queue}: ${words}`);
      }
    }
    findings.push({
      what: `${name}, ${seeds} seeds on both queues`,
      measured: wrong.length === 0 ? 'right' : `${wrong.length} wrong; ${wrong[0]}`,
      wanted: 'right',
      ok: wrong.length === 0,
    });
  }
  return findings;
};
