/** Whether the books of a run close: sums that must be equal however the run went. */
import { dropCauses, type RunResult } from '../../experiment/world.js';
import type { Summary } from './index.js';

/** An account: what came in, and where it went. */
type Account = readonly [what: string, whole: number, parts: readonly number[]];

/** The first account that does not close, in words; null: all do. */
export function openAccount(result: RunResult, summary: Summary): string | null {
  for (const [what, whole, parts] of accounts(result, summary)) {
    const sum = parts.reduce((all, part) => all + part, 0);
    if (sum !== whole) return `${what}: ${whole}, but its parts are ${sum}`;
  }
  const { counters } = result;
  const type = counters.types.findIndex((_, index) => onTheWay(result, index) < 0);
  return type === -1 ? null : `${counters.types[type]}: more of them arrived than were sent`;
}

function* accounts(result: RunResult, summary: Summary): Generator<Account> {
  const { messages, detection, rules, faults } = summary;
  const { sent, duplicated, delivered, dropped, inFlight } = messages;
  // What the world itself counted on its way, beside what is missing of all it counted.
  const missing = result.counters.types.map((_, index) => onTheWay(result, index));
  yield ['messages in flight in the end', result.inFlight, missing];
  yield ['messages sent and duplicated', sent + duplicated, [delivered, dropped, inFlight]];
  yield ['messages dropped', dropped, Object.values(messages.droppedBy)];
  yield ['messages sent', sent, Object.values(messages.byType).map((type) => type?.sent ?? 0)];
  const { started, duplicated: _, ...ends } = rules.actions;
  yield ['actions started', started, Object.values(ends)];
  yield ['rules fired', rules.fired, Object.values(rules.byRule)];
  yield ['false positives', detection.falsePositives, Object.values(detection.falsePositivesBy)];
  for (const name of ['count', 'missed', 'falsePositives'] as const) {
    const { resource, manager, coordinator } = detection.byTarget;
    const parts = [resource[name], manager[name], coordinator[name]];
    yield [`${name} of detection`, detection[name], parts];
  }
  yield ['faults injected', faults.injected, Object.values(faults.byKind)];
}

/** Of one type: sent, or made twice, and neither delivered nor dropped. */
function onTheWay({ counters }: RunResult, type: number): number {
  const gone = dropCauses.reduce((sum, cause) => sum + counters.dropped[cause][type], 0);
  return counters.sent[type] + counters.duplicated[type] - counters.delivered[type] - gone;
}
