/** Mutants of core, drawn by seed: exploration and the tests are to tell them from sound code. */
import type { Mutant } from '../mutants/generate.js';
import { parseOptions } from '../mutants/options.js';
import type { Result } from '../mutants/results.js';
import { judgeSample } from '../mutants/sample.js';
import { verdicts } from '../mutants/verdicts.js';
import type { Check, Finding } from './check.js';

/** Shares of the mutants that are not equivalent. */
const wantedExplored = 0.7;
const wantedKilled = 0.95;
/** Of all. */
const mostEquivalent = 0.1;

export const mutants: Check = async (_scale, progress, words = []) => {
  const { mutants, results } = await judgeSample(parseOptions(words), progress);
  const known = verdicts();
  const explored = results.filter(({ found }) => found !== null).length;
  const tested = results.filter(({ test }) => test !== null).length;
  const survivors = mutants.flatMap((mutant, index) => {
    const result = results[index];
    return result.found === null && result.test === null ? [{ mutant, result }] : [];
  });
  const equivalent = survivors.filter(({ mutant }) => {
    return known.get(mutant.id)?.verdict === 'equivalent';
  }).length;
  const counted = mutants.length - equivalent;
  return [
    atLeast('mutants that exploration alone finds', explored, counted, wantedExplored),
    atLeast('mutants that exploration or a test finds', explored + tested, counted, wantedKilled),
    {
      what: 'mutants argued to be equivalent, which are not counted above',
      measured: `${equivalent} of ${mutants.length}`,
      wanted: `at most ${100 * mostEquivalent}%`,
      ok: equivalent <= mostEquivalent * mutants.length,
    },
    ...survivors.map(({ mutant, result }) => survivorRow(mutant, result, known.get(mutant.id))),
  ];
};

function atLeast(what: string, killed: number, of: number, share: number): Finding {
  return {
    what,
    measured: `${killed} of ${of}, ${(100 * killed / of).toFixed(1)}%`,
    wanted: `at least ${100 * share}%`,
    ok: killed >= share * of,
  };
}

function survivorRow(
  { id, file, line, operator, before, after }: Mutant, { reached }: Result,
  verdict: { readonly verdict: string; readonly why: string } | undefined,
): Finding {
  const thought = verdict === undefined
    ? `no verdict yet on ${id}` : `${verdict.verdict}: ${verdict.why}`;
  return {
    what: `core/${file}:${line} ${operator}`,
    measured: `${reached ? 'survives' : 'unreached'}\n- ${before.trim()}\n+ ${after.trim()}`,
    wanted: thought,
    ok: verdict !== undefined,
  };
}
