/** The outages that shipped traces hold, read once more by other means than Howdah's own. */

export interface HandOutage {
  /** As the run names whom it hit. */
  readonly node: string;
  /** In seconds of the run. */
  readonly beginS: number;
  /** Infinity: not within the run. */
  readonly endS: number;
}

/** What of the trace a run replays, from an hour after its start. */
export interface HandWindow {
  readonly fromS: number;
  readonly lengthS: number;
}

const WARM_UP_S = 3600;

export const lanl18 = {
  file: 'lanl-18',
  data: 'lanl-system-18.csv',
  set: ['coordination.resources.heartbeatPeriod=60s', 'coordination.managers.heartbeatPeriod=60s'],
} as const;

export const webSites = {
  file: 'web-sites',
  data: 'web-sites.avt',
  set: [],
} as const;

/** Sorted by time. */
export function outagesByHand(
  file: 'lanl-18' | 'web-sites',
  text: string,
  { fromS, lengthS }: HandWindow,
): HandOutage[] {
  const nodes = file === 'lanl-18' ? fromLog(text) : fromSessions(text);
  return nodes
    .flatMap(({ name, down }) =>
      down
        .filter(([begin, end]) => end > fromS && begin < fromS + lengthS)
        .map(([begin, end]) => ({
          node: name,
          beginS: Math.max(begin, fromS) - fromS + WARM_UP_S,
          endS: end < fromS + lengthS ? end - fromS + WARM_UP_S : Infinity,
        })),
    )
    .sort((a, b) => a.beginS - b.beginS || (a.node < b.node ? -1 : 1));
}

interface HandNode {
  readonly name: string;
  readonly down: readonly (readonly [number, number])[];
}

/** The first 24 nodes by number are managers, the others hosts. */
function fromLog(text: string): HandNode[] {
  const rows = text.trim().split('\n').slice(1).map((row) => row.split(',').map(Number));
  const numbers = [...new Set(rows.map(([node]) => node))].sort((a, b) => a - b);
  return numbers.map((number, place) => {
    const times = rows
      .filter(([node]) => node === number)
      .map(([, failed, repaired]) => [failed, repaired] as const)
      .sort(([a], [b]) => a - b);
    const name = place < 24 ? `manager-${place + 1}` : `host-${place - 23}`;
    return { name, down: united(times) };
  });
}

/** Those that were up at least once, in the order of the file. */
function fromSessions(text: string): HandNode[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines
    .map((line) => line.trim().split(/\s+/).slice(2).map(Number))
    .filter((times) => times.length > 0)
    .map((times, place) => {
      const ups = times.flatMap((start, index) =>
        index % 2 === 0 && times[index + 1] > start ? [[start, times[index + 1]] as const] : [],
      );
      const up = united(ups);
      const down = up.map(([, end], index) => [end, up[index + 1]?.[0] ?? Infinity] as const);
      return { name: `host-${place + 1}`, down: [[0, up[0][0]] as const, ...down] };
    });
}

function united(spans: readonly (readonly [number, number])[]): [number, number][] {
  const found: [number, number][] = [];
  for (const [begin, end] of spans) {
    const last = found.at(-1);
    if (last !== undefined && begin <= last[1]) last[1] = Math.max(last[1], end);
    else found.push([begin, end]);
  }
  return found;
}
