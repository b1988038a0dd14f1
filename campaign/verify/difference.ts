/** Where two runs that should be the same part. */
import { AgentTimer, ManagerTimer, Owner } from '../../core/coordination/timers.js';
import { messageTypes } from '../../core/messages.js';
import { ownerOf } from '../../core/component.js';
import type { Inventory } from '../../experiment/inventory.js';
import { MESSAGE, TIMER, WORLD, worldEventNames, type JournalEvent } from '../../sim/index.js';
import type { StepRecords } from './stepped-run.js';

/** In words. */
export interface Difference {
  /** Number of the event in the run, from 0: the first that differs, or in which all parts. */
  readonly event: number;
  /** What differs first. */
  readonly of: 'event' | 'observation' | 'counts';
  readonly here: string;
  readonly there: string;
  /** The last event that both have; null: it was in an earlier step, or there is none. */
  readonly before: string | null;
}

type Names = Pick<Inventory, 'managers' | 'processName'>;

const none = 'nothing: the run is over';

/** Of two steps whose digests differ. */
export function differenceOf(here: StepRecords, there: StepRecords, names: Names): Difference {
  const event = firstUnlike(here.events, there.events, sameEvent);
  const observation = firstUnlike(here.observations, there.observations, sameObservation);
  const describe = (of: JournalEvent | undefined): string => {
    return of === undefined ? none : eventInWords(of, names);
  };
  // What is observed in an event that both have is the first difference.
  const observedIn = Math.min(
    here.observations.at(observation)?.[0] ?? Infinity,
    there.observations.at(observation)?.[0] ?? Infinity,
  ) - here.first;
  if (observation >= 0 && (event < 0 || observedIn < event)) {
    return {
      event: here.first + observedIn,
      of: 'observation',
      here: here.observations.at(observation)?.[1] ?? 'nothing',
      there: there.observations.at(observation)?.[1] ?? 'nothing',
      before: observedIn < 0 ? null : describe(here.events[observedIn]),
    };
  }
  if (event < 0) {
    const same = 'all events and observations are the same';
    const counts = 'the counts of messages are not';
    return { event: here.first, of: 'counts', here: same, there: counts, before: null };
  }
  return {
    event: here.first + event,
    of: 'event',
    here: describe(here.events[event]),
    there: describe(there.events[event]),
    before: event === 0 ? null : describe(here.events[event - 1]),
  };
}

/** -1: none. */
function firstUnlike<T>(
  some: readonly T[], others: readonly T[], same: (a: T, b: T) => boolean,
): number {
  const both = Math.min(some.length, others.length);
  for (let index = 0; index < both; index += 1) {
    if (!same(some[index], others[index])) return index;
  }
  return some.length === others.length ? -1 : both;
}

function sameEvent(a: JournalEvent, b: JournalEvent): boolean {
  return a.timeUs === b.timeUs && a.receiver === b.receiver && a.sender === b.sender &&
    a.eventClass === b.eventClass && a.kind === b.kind && a.counter === b.counter &&
    a.copy === b.copy;
}

function sameObservation(
  [event, text]: readonly [number, string], [otherEvent, otherText]: readonly [number, string],
): boolean {
  return event === otherEvent && text === otherText;
}

/** `manager-heartbeat from manager-2 to manager-1 at 12.345678 s (number 17 of the sender)`. */
export function eventInWords(event: JournalEvent, names: Names): string {
  const { timeUs, counter } = event;
  const at = `at ${(timeUs / 1e6).toFixed(6)} s`;
  return `${whatOf(event, names)} ${at} (number ${counter} of the sender)`;
}

function whatOf({ eventClass, kind, sender, receiver, copy }: JournalEvent, names: Names): string {
  const name = (address: number): string => address < 0 ? 'the world' : names.processName(address);
  if (eventClass === MESSAGE) {
    const again = copy === 0 ? '' : `, copy ${copy},`;
    const type = messageTypes[kind] ?? "a guest's message";
    return `${type} from ${name(sender)} to ${name(receiver)}${again}`;
  }
  if (eventClass === WORLD) {
    if (receiver >= 0) return `outcome of an action told to ${name(receiver)}`;
    return `event of the world (${worldEventNames[kind] ?? kind})`;
  }
  const timer = `timer ${timerName(kind, receiver < names.managers)} of ${name(receiver)}`;
  return eventClass === TIMER ? timer : `cancelled ${timer}`;
}

function timerName(kind: number, isManager: boolean): string {
  const timers: Readonly<Record<string, number>> = isManager ? ManagerTimer : AgentTimer;
  const timer = ownerOf(kind);
  const owner = Object.entries(Owner).find(([, number]) => number === timer.owner);
  if (owner !== undefined) return `${timer.kind} of the ${owner[0]}`;
  return Object.keys(timers).find((name) => timers[name] === kind) ?? String(kind);
}
