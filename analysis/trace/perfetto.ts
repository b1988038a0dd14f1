/**
 * The trace event format that Perfetto and chrome://tracing read: a track per process, an arrow per
 * message. https://ui.perfetto.dev
 */
import { isMessage, type MessageEnd, type Trace, type TraceEntry } from './read.js';
import { sentenceIn } from './sentence.js';

/** Long enough to be seen and to carry an arrow. */
const SLICE_US = 20;

type TraceEvent = Readonly<Record<string, unknown>>;

/** The lines of a JSON document. */
export function* perfetto(trace: Trace): Generator<string> {
  yield '{"displayTimeUnit":"ms","traceEvents":[\n';
  const tracks = new Set(trace.entries.map(({ process }) => process));
  let separator = '';
  const named = [...tracks].sort((a, b) => a - b).flatMap((process) => nameTrack(process, trace));
  for (const event of named) {
    yield `${separator}${JSON.stringify(event)}`;
    separator = ',\n';
  }
  const downSince = new Map<number, readonly [name: string, sinceUs: number]>();
  for (const entry of trace.entries) {
    for (const event of [...whileAway(entry, downSince), ...eventsOf(entry, trace)]) {
      yield `${separator}${JSON.stringify(event)}`;
      separator = ',\n';
    }
  }
  yield '\n]}\n';
}

function nameTrack(process: number, trace: Trace): TraceEvent[] {
  const at = { ph: 'M', pid: 1, tid: process + 1 };
  return [
    { ...at, name: 'thread_name', args: { name: trace.nameOf(process) } },
    { ...at, name: 'thread_sort_index', args: { sort_index: process + 1 } },
  ];
}

function eventsOf({ timeUs, process, what }: TraceEntry, trace: Trace): TraceEvent[] {
  const at = { pid: 1, tid: process + 1, ts: timeUs };
  if (isMessage(what)) return messageEvents(what, at, trace);
  const args = { what: sentenceIn(what) };
  const scope = process < 0 ? 'g' : 't';
  return [{ ...at, ph: 'i', s: scope, name: what.type, cat: 'observation', args }];
}

function messageEvents(
  { type, other, message, id }: MessageEnd, at: TraceEvent, trace: Trace,
): TraceEvent[] {
  const sent = type === 'message-sent';
  const args = sent ? { to: trace.nameOf(other) } : { from: trace.nameOf(other) };
  const flow = { ...at, name: message, cat: 'message', id };
  return [
    { ...at, ph: 'X', dur: SLICE_US, name: message, cat: 'message', args },
    sent ? { ...flow, ph: 's' } : { ...flow, ph: 'f', bp: 'e' },
  ];
}

/** Bars for the times in which a process is down or stands still, once they are over. */
function whileAway(
  { timeUs, process, what }: TraceEntry,
  since: Map<number, readonly [name: string, sinceUs: number]>,
): TraceEvent[] {
  const begins = what.type === 'process-down' ? 'down'
    : what.type === 'process-paused' ? 'paused' : null;
  const ends = begins !== null || what.type === 'process-up' || what.type === 'process-resumed';
  if (!ends) return [];
  const before = since.get(process);
  since.delete(process);
  if (begins !== null) since.set(process, [begins, timeUs]);
  if (before === undefined) return [];
  const [name, sinceUs] = before;
  const dur = timeUs - sinceUs;
  return [{ ph: 'X', pid: 1, tid: process + 1, ts: sinceUs, dur, name, cat: 'process' }];
}
