import { count } from '../analysis/words.js';
import type { Check, Verified } from '../campaign/verify/verify.js';
import { answer } from './answer.js';
import pc from './colors.js';
import { exit } from './exit.js';
import type { OutputArguments } from './options.js';

/** Tells what is the same and where what is not parts, and sets the exit code. */
export function printVerified(verified: readonly Verified[], how: OutputArguments): void {
  const same = verified.every(({ checks }) => checks.every(isSame));
  answer(how, () => verified, () => verified.map(text).join('\n\n'));
  process.exitCode = same ? exit.ok : exit.defect;
}

function isSame({ difference }: Check): boolean {
  return difference === null;
}

function text({ scenario, seed, end, checks }: Verified): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const events = end === null ? '' : `, ${count(end.events)} events`;
  return [
    `${pc.bold(scenario)}, seed ${seed}${events}`,
    ...checks.flatMap((check) => checkLines(check, width)),
    ...(end === null ? [] : [`  digest ${end.digest}`, `  eventDigest ${end.eventDigest}`]),
  ].join('\n');
}

function checkLines({ name, difference }: Check, width: number): string[] {
  const named = `  ${name.padEnd(width)}  `;
  if (difference === null) return [named + pc.green('same')];
  const { event, of, here, there, before } = difference;
  const where = of === 'observation' ? `in what is observed in event ${count(event)}`
    : of === 'event' ? `at event ${count(event)}` : 'in the counts at the end';
  return [
    named + pc.red(`differs, first ${where}`),
    ...(before === null ? [] : [`    ${of === 'event' ? 'after' : 'in'}`.padEnd(12) + before]),
    '    first'.padEnd(12) + here,
    '    second'.padEnd(12) + there,
  ];
}
