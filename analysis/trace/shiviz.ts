/**
 * ShiViz: each event with its vector clock (Beschastnikh, Wang, Brun and Ernst, "Debugging
 * distributed systems", CACM 59(8), 2016).
 */
import { isMessage, type Trace, type TraceEntry } from './read.js';
import { sentenceIn } from './sentence.js';

/** First line of the file: how ShiViz finds the parts of an event. */
const pattern = String.raw`(?<event>.*)\n(?<host>\S*) (?<clock>{.*})`;

/** The lines of a log for ShiViz, which shows who could know of what. */
export function* shiviz(trace: Trace): Generator<string> {
  yield `${pattern}\n\n`;
  const clocks = new Map<number, Map<string, number>>();
  const carried = new Map<number, ReadonlyMap<string, number>>();
  for (const entry of trace.entries) {
    const text = textOf(entry, trace);
    if (text === null) continue;
    const { process, what } = entry;
    const name = trace.nameOf(process);
    const clock = clocks.get(process) ?? new Map<string, number>();
    clocks.set(process, clock);
    clock.set(name, (clock.get(name) ?? 0) + 1);
    if (what.type === 'message-received' && isMessage(what)) {
      for (const [host, count] of carried.get(what.id) ?? []) {
        clock.set(host, Math.max(count, clock.get(host) ?? 0));
      }
    } else if (isMessage(what)) {
      carried.set(what.id, new Map(clock));
    }
    yield `${text}\n${name} ${JSON.stringify(Object.fromEntries(clock))}\n`;
  }
}

/** Null: nothing that ShiViz could show. */
function textOf({ timeUs, process, what }: TraceEntry, trace: Trace): string | null {
  if (process < 0) return null;
  const at = `${(timeUs / 1e6).toFixed(6)} s`;
  if (!isMessage(what)) return `${at} ${sentenceIn(what)}`;
  const other = trace.nameOf(what.other);
  return what.type === 'message-sent'
    ? `${at} ${what.message} to ${other}` : `${at} ${what.message} from ${other}`;
}
