/** Each recovery episode told in words. */
import type { Address } from '../core/process.js';
import type { Inventory } from '../experiment/inventory.js';
import type { Episode } from './episodes.js';
import type { FaultHappening, Happening } from './happening.js';
import * as words from './words.js';

const microseconds = 1_000_000;

type Names = Pick<Inventory, 'processName'>;

/**
 * What failed, who noticed when, who became coordinator, when all was well:
 *
 * At 10 min manager-17, the coordinator, crashed. manager-3 missed it 31.2 s later; manager-40 was
 * elected 1.8 s after that; the 19 resources left without a manager were all managed again ...
 */
export function tell(episode: Episode, names: Names): string {
  const faults = episode.happenings.filter(isFault);
  const sentences = [opening(episode, faults, names), ...later(episode, faults, names)];
  const clauses = [...reactions(episode, names), ...ending(episode, faults)];
  if (clauses.length > 0) sentences.push(capital(`${clauses.join('; ')}.`));
  return sentences.join(' ');
}

/** A few words for labels: what the episode owes itself to. */
export function causeOf(episode: Episode, names: Names): string {
  const told = episode.happenings.filter(isFault).map((fault) => {
    const { what, kind, target, coordinator } = fault;
    const whom = isNode(kind) ? ` of ${briefly(target, coordinator, names)}` : '';
    return what === 'fault-began' ? `${kind}${whom}` : `end of ${kind}${whom}`;
  });
  const distinct = [...new Set(told)];
  return distinct.length === 0 ? 'no fault in it' : words.list(distinct, 2);
}

function isFault(happening: Happening): happening is FaultHappening {
  return happening.what === 'fault-began' || happening.what === 'fault-ended';
}

function opening(episode: Episode, faults: readonly FaultHappening[], names: Names): string {
  const at = words.instant(episode.startUs / microseconds);
  const first = faults.filter(({ timeUs }) => timeUs === episode.startUs);
  if (first.length > 0) return `At ${at} ${first.map((f) => clause(f, names)).join(', and ')}.`;
  const wrong = episode.violations[0];
  return `At ${at} the management plane ceased to be healthy${wrong ? `: ${wrong}` : ''}.`;
}

/** Faults that came while it went on. */
function later(episode: Episode, faults: readonly FaultHappening[], names: Names): string[] {
  const rest = faults.filter(({ timeUs }) => timeUs > episode.startUs);
  const told = rest.slice(0, 6).map((fault) => {
    const after = words.duration((fault.timeUs - episode.startUs) / microseconds);
    const begun = clause(fault, names);
    return `After ${after} ${begun}.`;
  });
  const more = rest.length - told.length;
  return more > 0 ? [...told, `${words.some(more, 'more fault')} began or ended.`] : told;
}

function clause(fault: FaultHappening, names: Names): string {
  const { what, kind, target, coordinator } = fault;
  const whom = isNode(kind) ? inFull(target, coordinator, names) : target;
  const several = target.includes(', ');
  const began = what === 'fault-began';
  switch (kind) {
    case 'crash':
      return began ? `${whom} crashed` : `${whom} came back`;
    case 'pause':
      return began ? `${whom} ${several ? 'were' : 'was'} paused` : `${whom} went on`;
    case 'partition':
      return began ? `the network fell apart (${target})` : 'the network grew together again';
    case 'loss':
      return began ? `${target} of the messages began to get lost` : 'the loss of messages ended';
    case 'heal':
      return 'everything was healed';
    default:
      return began ? `${kind} began (${target})` : `${kind} ended (${target})`;
  }
}

/** `manager-17, the coordinator,`; within a list of names, `manager-17 (the coordinator)`. */
function inFull(target: string, coordinator: Address | null, names: Names): string {
  const name = coordinator === null ? null : names.processName(coordinator);
  if (target === name) return `${name}, the coordinator,`;
  const [, listed = target, more] = /^(.*?)( and \d+ more)?$/.exec(target) ?? [];
  const parts = listed.split(', ');
  const marked = parts.map((part) => (part === name ? `${name} (the coordinator)` : part));
  if (more !== undefined) return `${marked.join(', ')}${more}`;
  return words.list(marked, marked.length);
}

function briefly(target: string, coordinator: Address | null, names: Names): string {
  if (coordinator === null) return words.nodes(target);
  if (target === names.processName(coordinator)) return 'the coordinator';
  return `${words.nodes(target)}, coordinator too`;
}

function isNode(kind: string): boolean {
  return kind === 'crash' || kind === 'pause';
}

/** Who noticed, and who took the role. */
function reactions(episode: Episode, names: Names): string[] {
  const clauses: string[] = [];
  const name = (process: Address): string => names.processName(process);
  let lastUs = episode.startUs;
  const since = (timeUs: number): string => {
    const elapsed = words.duration(Math.max(0, timeUs - lastUs) / microseconds);
    const told = clauses.length === 0 ? `${elapsed} later` : `${elapsed} after that`;
    lastUs = timeUs;
    return told;
  };
  for (const group of grouped(episode.happenings)) {
    const first = group[0];
    const last = group.at(-1)!;
    if (isFault(first)) {
      // Times are told from the last fault before, if nothing was told yet.
      if (clauses.length === 0) lastUs = first.timeUs;
    } else if (first.what === 'suspected') {
      const whom = group.map((each) => (each.what === 'suspected' ? name(each.of) : ''));
      const when = since(last.timeUs);
      if (first.coordinator) {
        const those = group.length === 1 ? ` ${when}` : `, the last of them ${when}`;
        clauses.push(`${name(first.by)}, coordinating, gave up ${words.list(whom)}${those}`);
      } else {
        clauses.push(`${name(first.by)} missed the answers of ${words.list(whom)} ${when}`);
      }
    } else if (first.what === 'elected') {
      clauses.push(`${name(first.process)} was elected ${since(first.timeUs)}`);
    } else {
      clauses.push(`${name(first.process)} gave way to ${name(first.successor)}`);
    }
  }
  return clauses.length > 12 ? [...clauses.slice(0, 11), 'and so on'] : clauses;
}

/** Suspicions in a row by the same manager belong together. */
function grouped(happenings: readonly Happening[]): Happening[][] {
  const groups: Happening[][] = [];
  for (const happening of happenings) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    const same =
      happening.what === 'suspected' && before?.what === 'suspected' && before.by === happening.by;
    if (same) group!.push(happening);
    else groups.push([happening]);
  }
  return groups;
}

function ending(episode: Episode, faults: readonly FaultHappening[]): string[] {
  const { startUs, endUs, lastFaultUs, boundUs, phases, mostUnmanaged } = episode;
  const clauses: string[] = [];
  const instant = (timeUs: number): string => words.instant(timeUs / microseconds);
  if (mostUnmanaged > 0 && !Number.isNaN(phases.reregisteredUs)) {
    const who = mostUnmanaged === 1 ? 'resource' : `${words.count(mostUnmanaged)} resources`;
    const were = mostUnmanaged === 1 ? 'was' : 'were all';
    const when = instant(phases.reregisteredUs);
    clauses.push(`the ${who} left without a manager ${were} managed again at ${when}`);
  }
  if (endUs === null) {
    const wrong = episode.violations[0];
    return [...clauses, `this was not over when the run ended${wrong ? ` (${wrong})` : ''}`];
  }
  const fromUs = lastFaultUs ?? startUs;
  const took = words.duration((endUs - fromUs) / microseconds);
  const bound = boundUs === null ? '' : ` (bound ${words.duration(boundUs / microseconds)})`;
  const synced = Number.isNaN(phases.syncedUs) ? '' : 'the model was complete and ';
  const from = lastFaultUs === null ? 'it began' : nounFor(lastFaultUs, faults);
  return [...clauses, `${synced}all was well ${took} after ${from}${bound}`];
}

function nounFor(timeUs: number, faults: readonly FaultHappening[]): string {
  const fault = faults.filter((candidate) => candidate.timeUs === timeUs).at(-1);
  if (fault === undefined) return 'the last disturbance';
  const { kind, what } = fault;
  if (what === 'fault-began') return kind === 'heal' ? 'the healing' : `the ${kind}`;
  if (kind === 'crash') return 'the return';
  return `the end of the ${kind}`;
}

/** Names of nodes begin small, and stay so. */
function capital(sentence: string): string {
  const word = /^[a-z]+(?= )/.exec(sentence)?.[0] ?? '';
  return word.slice(0, 1).toUpperCase() + word.slice(1) + sentence.slice(word.length);
}
