/** `npm run soak -- [NAME...] [OPTIONS]`: the long counts; prints a table of what was checked. */
import Table from 'cli-table3';
import type { Check, Finding } from './check.js';
import { cases } from './cases.js';
import { beside } from './beside.js';
import { bounds } from './bounds.js';
import { campaignCost } from './campaign-cost.js';
import { chaos } from './chaos.js';
import { sownDefects } from './defects.js';
import { detection } from './detection.js';
import { distributed } from './distributed.js';
import { coverage } from './coverage.js';
import { exploration } from './exploration.js';
import { fiveYearUnits } from './five-year-units.js';
import { forgotten } from './forgotten.js';
import { needless } from './needless.js';
import { halving } from './halving.js';
import { live } from './live.js';
import { mutants } from './mutants.js';
import { papers } from './papers.js';
import { phiAccrual } from './phi-accrual.js';
import { recompute } from './recompute.js';
import { releases } from './releases.js';
import { reports } from './reports.js';
import { resume } from './resume.js';
import { ringChurn } from './ring-churn.js';
import { rings } from './rings.js';
import { ruleState } from './rule-state.js';
import { statistics } from './statistics.js';
import { strangers } from './strangers.js';
import { succession } from './succession.js';
import { tests } from './tests.js';
import { traces } from './traces.js';
import { traffic } from './traffic.js';
import { windows } from './windows.js';

const checks: Readonly<Record<string, Check>> = {
  traffic,
  detection,
  'phi-accrual': phiAccrual,
  succession,
  forgotten,
  'rule-state': ruleState,
  needless,
  windows,
  beside,
  live,
  bounds,
  cases,
  chaos,
  defects: sownDefects,
  exploration,
  coverage,
  mutants,
  recompute,
  releases,
  statistics,
  strangers,
  rings,
  'ring-churn': ringChurn,
  resume,
  halving,
  reports,
  papers,
  distributed,
  'campaign-cost': campaignCost,
  'five-year-units': fiveYearUnits,
  traces,
  tests,
};

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const first = words.findIndex((word) => word.startsWith('--'));
  const [wanted, options] = first < 0
    ? [words, [] as string[]] : [words.slice(0, first), words.slice(first)];
  const known = Object.keys(checks).join(', ');
  const unknown = wanted.find((name) => !Object.hasOwn(checks, name));
  if (unknown !== undefined) {
    console.error(`no soak check is called ${unknown}; there are ${known}`);
    return 2;
  }
  // Options are of one check; all of them take a day.
  if (wanted.length === 0 && options.length > 0) {
    console.error(`npm run soak -- CHECK... [--option ...]; there are ${known}`);
    return options.includes('--help') ? 0 : 2;
  }
  const table = new Table({
    head: ['check', 'what', 'measured', 'wanted', ''],
    style: { head: [], border: [] },
    colWidths: [null, 40, 44, 40, null],
    wordWrap: true,
  });
  let [failed, skipped] = [0, 0];
  for (const name of wanted.length > 0 ? wanted : Object.keys(checks)) {
    const findings: Finding[] = await checks[name]('long', progress(name), options);
    for (const { what, measured, wanted: expected, ok, skipped: isSkipped = false } of findings) {
      if (isSkipped) skipped += 1;
      else if (!ok) failed += 1;
      const outcome = isSkipped ? 'skipped' : ok ? 'ok' : 'FAILED';
      table.push([name, what, measured, expected, outcome]);
    }
  }
  console.log(table.toString());
  const passed = table.length - failed - skipped;
  const others = skipped === 0 ? '' : `, ${skipped} skipped`;
  console.log(`${passed} passed, ${failed} failed${others}`);
  return failed > 0 ? 1 : 0;
}

/** On a terminal every word, elsewhere a line a minute. */
function progress(name: string): (what: string) => void {
  const everyMs = process.stderr.isTTY ? 0 : 60_000;
  let nextMs = 0;
  return (what) => {
    if (Date.now() < nextMs) return;
    nextMs = Date.now() + everyMs;
    console.error(`... ${name}: ${what}`);
  };
}
