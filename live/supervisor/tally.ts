/** Message counts of many OS processes, gathered in one place. */
import { MessageCounters } from '../../experiment/world.js';
import { ITSELF, lossCauses, Tally, Traffic, type LossCause } from '../node/traffic.js';
import type { CounterChanges, LinkChanges } from './protocol.js';

type Columns = readonly (readonly [name: string, values: Float64Array])[];

const plain = ['sent', 'delivered', 'bytes'] as const;

function columnsOf(traffic: Traffic): Columns {
  return [
    ...plain.map((name) => [name, traffic[name]] as const),
    ...lossCauses.map((cause) => [cause, traffic.dropped[cause]] as const),
  ];
}

/** Both ways of a link. */
function columnsOfLink(way: { readonly out: Tally; readonly in: Tally }): Columns {
  return [
    ['out', way.out.messages], ['outBytes', way.out.bytes],
    ['in', way.in.messages], ['inBytes', way.in.bytes],
  ];
}

/** Tells what a set of counters gained since it was last asked. */
export class CounterWatch {
  private readonly traffic: Traffic;
  private readonly told: Traffic;

  constructor(traffic: Traffic) {
    this.traffic = traffic;
    this.told = new Traffic(traffic.types);
  }

  changes(): { readonly counters: CounterChanges; readonly links: readonly LinkChanges[] } {
    const links: LinkChanges[] = [];
    for (const [index, link] of this.traffic.links.entries()) {
      const { peer, life } = link;
      // Both have them in the same order: the search is for new ones.
      const told = this.told.links[index] ?? this.told.link(peer, life);
      const changes = gained(columnsOfLink(link), columnsOfLink(told));
      if (changes.length > 0) links.push({ peer, life, changes });
    }
    return { counters: gained(columnsOf(this.traffic), columnsOf(this.told)), links };
  }
}

function gained(now: Columns, told: Columns): CounterChanges {
  const changes: [string, number, number][] = [];
  for (const [index, [name, values]] of now.entries()) {
    for (let type = 0; type < values.length; type += 1) {
      const by = values[type] - told[index][1][type];
      if (by !== 0) changes.push([name, type, by]);
      told[index][1][type] = values[type];
    }
  }
  return changes;
}

/** One life of an OS process. */
interface Life {
  readonly process: number;
  readonly life: number;
}

/** From one life to another: what the one told that it sent, and the other that it got. */
interface Way {
  readonly from: Life;
  readonly to: Life;
  readonly out: Tally;
  readonly in: Tally;
}

/**
 * The counts of a run. What an OS process did in its last moments, killed before it could tell, is
 * known by halves: what others got of it was sent; of what it was sent, or was to send on, and
 * nobody got, no more will be heard.
 */
export class Books {
  readonly counters: MessageCounters;
  private readonly ways = new Map<string, Way>();
  /** By life and type: messages that were sent or came there, and went nowhere from there yet. */
  private readonly kept = new Map<string, { readonly of: Life; readonly messages: Float64Array }>();

  constructor(types: readonly string[]) {
    this.counters = new MessageCounters(types);
  }

  add(of: Life, counters: CounterChanges, links: readonly LinkChanges[]): void {
    const kept = this.keptBy(of);
    for (const [name, type, by] of counters) {
      const values = lossCauses.includes(name as LossCause)
        ? this.counters.dropped[name as LossCause]
        : this.counters[name as (typeof plain)[number]];
      values[type] += by;
      if (name !== 'bytes') kept[type] += name === 'sent' ? by : -by;
    }
    for (const { peer, life, changes } of links) {
      const other = peer === ITSELF ? of : { process: peer, life };
      const [there, back] = [this.way(of, other), this.way(other, of)];
      for (const [name, type, by] of changes) {
        if (name === 'in') kept[type] += by;
        else if (name === 'out') kept[type] -= by;
        if (name === 'out') there.out.messages[type] += by;
        else if (name === 'outBytes') there.out.bytes[type] += by;
        else if (name === 'in') back.in.messages[type] += by;
        else back.in.bytes[type] += by;
      }
    }
  }

  /**
   * Once all is told: counts as sent what arrived from those who died, and as lost what never
   * came to, or from, one of them, or was not yet looked at there. Between those who lived, what
   * is missing was on its way.
   *
   * @returns how many were, counted by what each link took and gave
   */
  close(died: (life: Life) => boolean): number {
    let inFlight = 0;
    for (const { of, messages } of this.kept.values()) {
      if (!died(of)) continue;
      for (const [type, count] of messages.entries()) this.counters.dropped.loss[type] += count;
    }
    for (const { from, to, out, in: got } of this.ways.values()) {
      const [fromDied, toDied] = [died(from), died(to)];
      for (let type = 0; type < this.counters.types.length; type += 1) {
        const missing = out.messages[type] - got.messages[type];
        if (!fromDied && !toDied) inFlight += missing;
        else if (missing > 0) this.counters.dropped.loss[type] += missing;
        if (missing >= 0 || !fromDied) continue;
        this.counters.sent[type] -= missing;
        this.counters.bytes[type] += got.bytes[type] - out.bytes[type];
      }
    }
    return inFlight;
  }

  private keptBy(of: Life): Float64Array {
    const key = `${of.process}/${of.life}`;
    let kept = this.kept.get(key);
    if (kept === undefined) {
      kept = { of, messages: new Float64Array(this.counters.types.length) };
      this.kept.set(key, kept);
    }
    return kept.messages;
  }

  private way(from: Life, to: Life): Way {
    const key = `${from.process}/${from.life}>${to.process}/${to.life}`;
    let way = this.ways.get(key);
    if (way === undefined) {
      const { length } = this.counters.types;
      way = { from, to, out: new Tally(length), in: new Tally(length) };
      this.ways.set(key, way);
    }
    return way;
  }
}
