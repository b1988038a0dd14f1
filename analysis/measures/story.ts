/** Each recovery episode told in words. */
import type { Address } from '../../core/process.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { Episode } from './episodes.js';
import type { FaultHappening, Happening } from './happening.js';
import { faultClause, faultNoun, isOfNodes, kindInWords } from '../fault-words.js';
import * as words from '../words.js';

const microseconds = 1_000_000;
/** Happenings, or groups of them, in one story. */
const mostTold = 14;

/** One episode told in words. */
export interface Story {
  readonly start_s: number;
  readonly text: string;
}

type Names = Pick<Inventory, 'processName'>;

/**
 * What failed, who noticed when, who became coordinator, when all was well:
 *
 * At 10 min manager-17, the coordinator, crashed. manager-3 missed it 31.2 s later; manager-40 was
 * elected 1.8 s after that; the 19 resources left without a manager were all managed again ...
 */
export function tell(episode: Episode, names: Names): string {
  const teller = new Teller(episode, names);
  for (const group of grouped(episode.happenings)) teller.add(group);
  return teller.end();
}

/** A few words for labels: what the episode owes itself to. */
export function causeOf(episode: Episode, names: Names): string {
  const told = episode.happenings.filter(isFault).map((fault) => {
    const { what, kind, target, coordinator } = fault;
    const whom = isOfNodes(kind) ? ` of ${briefly(target, coordinator, names)}` : '';
    const named = `${kindInWords(kind)}${whom}`;
    return what === 'fault-began' ? named : `end of ${named}`;
  });
  const distinct = [...new Set(told)];
  return distinct.length === 0 ? 'no fault in it' : words.list(distinct, 2);
}

function isFault(happening: Happening): happening is FaultHappening {
  return happening.what === 'fault-began' || happening.what === 'fault-ended';
}

function clause(fault: FaultHappening, names: Names): string {
  const { what, kind, target, coordinator } = fault;
  const whom = isOfNodes(kind) ? inFull(target, coordinator, names) : target;
  const several = target.includes(', ');
  return faultClause(kind, whom, { began: what === 'fault-began', several });
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

/** Builds sentences in order of time: a fault begins a new one, reactions follow in the next. */
class Teller {
  private readonly episode: Episode;
  private readonly names: Names;
  private readonly sentences: string[] = [];
  private clauses: string[] = [];
  private told = 0;
  private lastUs: number;
  private fresh = true;

  constructor(episode: Episode, names: Names) {
    this.episode = episode;
    this.names = names;
    this.lastUs = episode.startUs;
    const [first] = episode.happenings;
    if (first !== undefined && isFault(first) && first.timeUs === episode.startUs) return;
    const wrong = episode.violations.length > 0 ? `: ${episode.violations[0]}` : '';
    const at = words.instant(episode.startUs / microseconds);
    this.sentences.push(`At ${at} the management plane ceased to be healthy${wrong}.`);
  }

  add(group: readonly Happening[]): void {
    this.told += 1;
    if (this.told > mostTold) return;
    const faults = group.filter(isFault);
    if (faults.length > 0) this.addFaults(faults);
    else this.clauses.push(this.reaction(group));
  }

  end(): string {
    if (this.told > mostTold) this.clauses.push('and so on');
    this.clauses.push(...ending(this.episode));
    this.flush();
    return this.sentences.join(' ');
  }

  private addFaults(faults: readonly FaultHappening[]): void {
    this.flush();
    const { timeUs } = faults[0];
    const at = words.instant(timeUs / microseconds);
    const told = faults.map((fault) => clause(fault, this.names));
    this.sentences.push(`At ${at} ${told.join(', and ')}.`);
    this.lastUs = timeUs;
    this.fresh = true;
  }

  private reaction(group: readonly Happening[]): string {
    const first = group[0];
    const name = (process: Address): string => this.names.processName(process);
    if (first.what === 'elected') {
      return `${name(first.process)} was elected ${this.since(first.timeUs)}`;
    }
    if (first.what === 'resigned') {
      return `${name(first.process)} gave way to ${name(first.successor)}`;
    }
    if (first.what !== 'suspected') return '';
    const whom = group.map((each) => (each.what === 'suspected' ? name(each.of) : ''));
    const when = this.since(group.at(-1)!.timeUs);
    if (!first.coordinator) {
      return `${name(first.by)} missed the answers of ${words.list(whom)} ${when}`;
    }
    const those = group.length === 1 ? ` ${when}` : `, the last of them ${when}`;
    return `${name(first.by)}, coordinating, gave up ${words.list(whom)}${those}`;
  }

  private since(timeUs: number): string {
    const elapsed = words.duration(Math.max(0, timeUs - this.lastUs) / microseconds);
    const told = this.fresh ? `${elapsed} later` : `${elapsed} after that`;
    this.lastUs = timeUs;
    this.fresh = false;
    return told;
  }

  private flush(): void {
    if (this.clauses.length > 0) this.sentences.push(capital(`${this.clauses.join('; ')}.`));
    this.clauses = [];
  }
}

/** Suspicions in a row by the same manager belong together, and faults of the same instant. */
function grouped(happenings: readonly Happening[]): Happening[][] {
  const groups: Happening[][] = [];
  for (const happening of happenings) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group !== undefined && before !== undefined && belong(before, happening)) {
      group.push(happening);
    } else {
      groups.push([happening]);
    }
  }
  return groups;
}

function belong(before: Happening, happening: Happening): boolean {
  if (isFault(before) && isFault(happening)) return before.timeUs === happening.timeUs;
  return (
    before.what === 'suspected' && happening.what === 'suspected' && before.by === happening.by
  );
}

function ending(episode: Episode): string[] {
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
  const faults = episode.happenings.filter(isFault);
  const from = lastFaultUs === null ? 'it began' : nounFor(lastFaultUs, faults);
  return [...clauses, `${synced}all was well ${took} after ${from}${bound}`];
}

function nounFor(timeUs: number, faults: readonly FaultHappening[]): string {
  const fault = faults.filter((candidate) => candidate.timeUs === timeUs).at(-1);
  if (fault === undefined) return 'the last disturbance';
  const { kind, what } = fault;
  return faultNoun(kind, what === 'fault-began');
}

/** Names of nodes begin small, and stay so. */
function capital(sentence: string): string {
  const word = /^[a-z]+(?= )/.exec(sentence)?.[0] ?? '';
  return word.slice(0, 1).toUpperCase() + word.slice(1) + sentence.slice(word.length);
}
