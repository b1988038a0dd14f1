/** Made-up runs that look like real ones, to see reports by. */
import { messageTypes, periodicTypes } from '../../core/messages.js';
import type {
  EpisodeRow,
  FaultRow,
  RunRecord,
  Summary,
  TimeseriesRow,
} from '../../analysis/index.js';
import type { CloseUp, EpisodePath } from '../../analysis/measures/index.js';
import { Samples } from '../../analysis/statistics/samples.js';

export interface SyntheticOptions {
  readonly durationSeconds: number;
  readonly episodes: number;
  readonly resourceFaults: number;
  readonly samples?: number;
  /** Of so many episodes. */
  readonly closeUps?: number;
}

const causes = [
  { kind: 'crash', target: 'manager-17, the coordinator', dip: 0.02, elects: true },
  { kind: 'crash', target: 'manager-8', dip: 0.02, elects: false },
  { kind: 'crash', target: 'manager-3, manager-21 and manager-44', dip: 0.06, elects: false },
  { kind: 'partition', target: 'east north | west south', dip: 0.25, elects: true },
  { kind: 'pause', target: 'manager-30', dip: 0.02, elects: false },
];

export function syntheticRun(options: SyntheticOptions): RunRecord {
  const random = generator(7);
  const { durationSeconds: duration, samples = 2000 } = options;
  const warmUp = Math.min(300, duration / 20);
  const gap = (duration - warmUp) / (options.episodes + 0.4);
  const episodes: EpisodeRow[] = [];
  const faults: FaultRow[] = [];
  for (let index = 0; index < options.episodes; index += 1) {
    const cause = causes[index % causes.length];
    const start = Math.round(warmUp + gap * (index + 0.2 + 0.3 * random()));
    const censored = index === options.episodes - 1 && index % 2 === 1;
    episodes.push(episode(start, cause, censored, Math.min(1, gap / 90), random));
    faults.push(fault(faults.length, start, cause.kind, cause.target, 'management', random));
  }
  for (let index = 0; index < options.resourceFaults; index += 1) {
    const at = Math.round(warmUp + random() * (duration - warmUp));
    const target = `service-${1 + Math.floor(random() * 950)}`;
    faults.push(fault(faults.length, at, 'crash', target, 'resources', random));
  }
  faults.sort((a, b) => a.time_s - b.time_s);
  const timeseries = Array.from({ length: samples }, (_, index) =>
    sampleRow(((index + 1) * duration) / samples, duration / samples, episodes, random),
  );
  return record(options, warmUp, episodes, faults, timeseries, random);
}

function episode(
  start: number,
  cause: (typeof causes)[number],
  censored: boolean,
  scale: number,
  random: () => number,
): EpisodeRow {
  const detected = start + (28 + 9 * random()) * scale;
  const elected = cause.elects ? detected + (1 + 2 * random()) * scale : null;
  const registered = (elected ?? detected) + (4 + 8 * random()) * scale;
  const synced = registered + (2 + 5 * random()) * scale;
  const end = synced + (1 + 4 * random()) * scale;
  return {
    start_s: start,
    end_s: censored ? null : end,
    duration_s: censored ? null : end - start,
    settle_s: censored ? null : end - start,
    last_fault_s: start,
    censored,
    faults: 1,
    detected_s: detected,
    elected_s: elected,
    reregistered_s: registered,
    synced_s: censored ? null : synced,
    extra_messages: Math.round(400 + 900 * random()),
    extra_bytes: Math.round(60_000 + 90_000 * random()),
    sent: Math.round(2000 + 900 * random()),
    beyond_twin: censored ? null : Math.round(350 + 900 * random()),
    bound_s: 75 * scale,
    first_detected_s: detected,
    cause: cause.kind === 'partition' ? 'partition' : `${cause.kind} of ${cause.target}`,
  };
}

function pathOf({ start_s: start, end_s: end, elected_s: elected }: EpisodeRow): EpisodePath {
  const missed = 'coordination.managers.answerTimeout';
  const until = elected ?? (end ?? start);
  return {
    start_s: start, halved: { [missed]: (until - start) / 2 }, halvedBetween: {},
    stretches: [
      { cause: 'the coordinator is missed', setting: missed, seconds: until - start },
      { cause: 'election', setting: 'coordination.election', seconds: (end ?? until) - until },
    ],
  };
}

function fault(
  number: number,
  at: number,
  kind: string,
  target: string,
  scope: FaultRow['scope'],
  random: () => number,
): FaultRow {
  return {
    fault: number,
    time_s: at,
    kind,
    target,
    scope,
    cleared_s: at + Math.round(100 + 200 * random()),
    detected_s: at + 25 + 10 * random(),
    recovered_s: at + 35 + 20 * random(),
    censored: false,
  };
}

function sampleRow(
  time: number,
  width: number,
  episodes: readonly EpisodeRow[],
  random: () => number,
): TimeseriesRow {
  const open = episodes.find((row) => row.start_s < time && (row.end_s ?? Infinity) > time - width);
  const inside = open === undefined ? 0 : 1;
  const dip = inside * 0.02 * (1 + ((open?.start_s ?? 0) % 5) * 2);
  const part = inside * Math.min(1, ((open?.end_s ?? time) - (open?.start_s ?? time)) / width);
  const elects = open !== undefined && open.elected_s !== null;
  const perType = messageTypes.map((type) =>
    periodicTypes.has(type)
      ? (type.startsWith('resource') ? 95 : 5) * (1 + 0.02 * random() - dip)
      : inside * 9 * random() * (type.includes('resource') || type.includes('election') ? 1 : 0.2),
  );
  return {
    time_s: time,
    managed_share: 1 - dip * part,
    managed_share_min: 1 - dip,
    up_share: 0.995,
    coordinators: elects && part === 1 ? 0 : 1,
    coordinators_min: elects ? 0 : 1,
    coordinators_max: elects && open.start_s % 3 === 0 ? 2 : 1,
    healthy_share: 1 - part,
    messages_per_s: perType.reduce((sum, rate) => sum + rate, 0),
    bytes_per_s: 12_000,
    staleness_s: 8 * random() + 30 * inside,
    per_type: perType,
  };
}

function record(
  options: SyntheticOptions,
  warmUp: number,
  episodes: EpisodeRow[],
  faults: FaultRow[],
  timeseries: TimeseriesRow[],
  random: () => number,
): RunRecord {
  const { durationSeconds: duration } = options;
  const detections = statistics(faults.map(() => 24 + 10 * random()));
  const width = duration / timeseries.length;
  const totals = messageTypes.map((_, type) =>
    Math.round(timeseries.reduce((sum, row) => sum + row.per_type[type], 0) * width),
  );
  const summary = { ...calm, simulatedSeconds: duration, warmUpSeconds: warmUp };
  return {
    summary: {
      ...summary,
      messages: messageTotals(totals),
      overlay: {
        name: 'pastry', maintenanceMessages: 4000, maintenanceBytes: 160_000,
        perManagerSecond: 0.3, hops: { count: 40, mean: 1.5, max: 3 },
      },
      faults: faultTotals(faults),
      detection: detectionOf(detections),
      recovery: recoveryOf(episodes),
    },
    episodes,
    faults,
    faultTargets: faults.flatMap(({ fault: number, target }) =>
      target.split(/, | and /).map((name) => ({
        fault: number, target: name, target_kind: name.includes('service') ? 'resource' : 'manager',
      })),
    ),
    messages: messageTypes.map((type, index) => ({
      type,
      periodic: periodicTypes.has(type),
      sent: totals[index],
      duplicated: 0,
      delivered: totals[index],
      dropped: 0,
      bytes: totals[index] * 74,
      per_second: totals[index] / duration,
      bytes_per_second: (totals[index] * 74) / duration,
    })),
    timeseries,
    stories: episodes.slice(0, 100).map(({ start_s }) => ({ start_s, text: story })),
    paths: episodes.filter(({ censored }) => !censored).map((row) => pathOf(row)),
    closeUps: episodes.slice(0, options.closeUps ?? 0).map((row) => closeUp(row, random)),
    detections: detections.histogram(40),
    interrupted: false,
  };
}

/** Fifty resources of three managers, for some seconds each. */
function closeUp({ start_s, end_s }: EpisodeRow, random: () => number): CloseUp {
  const length = (end_s ?? start_s + 60) - start_s;
  const spells = Array.from({ length: 50 }, (_, index) => ({
    resource: `service-${index + 1}`, manager: `manager-${(index % 3) + 1}`, from_s: start_s,
    to_s: index === 49 ? null : start_s + length * (0.4 + 0.5 * random()),
  }));
  const rows = Array.from({ length: 40 }, (_, index) => ({
    until_s: start_s + (length * (index + 1)) / 40,
    unmanaged: 50 - index,
    sent: Object.fromEntries(messageTypes.slice(0, 14).map((type) =>
      [type, Math.round(20 * random())])),
  }));
  return { start_s, end_s, spells, moreSpells: 0, rows };
}

const story =
  'At 10 min manager-17, the coordinator, crashed. manager-3 missed its answers 31.2 s later; ' +
  'manager-40 was elected 1.8 s after that; the 19 resources it had held were managed again at ' +
  '10 min 45 s; the model was complete and all was well 48.3 s after the crash (bound 75 s).';

/** What does not depend on the episodes. */
const calm = {
  scenario: 'synthetic',
  seed: 42,
  digest: '9f2c41d07be6a853b1c09d3e5f7a2468',
  eventDigest: '07be6a853b1c09d39f2c41de5f7a2468',
  events: 3_141_592,
  elections: { count: 2, roleChanges: 2, seconds: statistics([33.1, 34.7]).statistics() },
  repair: { count: 70, unrepaired: 0, seconds: statistics([41, 55, 69]).statistics() },
  staleness: {
    boundSeconds: 62, seconds: statistics([4, 9, 40]).statistics(),
    whileHealthy: statistics([4, 9, 30]).statistics(),
  },
  warnings: [],
  rules: {
    fired: 5,
    byRule: { 'restart-crashed': 5 },
    actions: {
      started: 5,
      succeeded: 5,
      failed: 0,
      refused: 0,
      unknown: 0,
      expired: 0,
      dropped: 0,
      lost: 0,
      underWay: 0,
      duplicated: 0,
    },
  },
  moves: { balance: 0, leave: 0 },
  needless: { actions: 0, moves: 0, elections: 0 },
  succession: {
    withoutRules: statistics([31, 33]).statistics(), orphans: statistics([70]).statistics(),
    reportBytes: 4200,
  },
  leaves: { count: 0, seconds: { mean: null, p50: null, p95: null, p99: null, max: null } },
  availability: { managedShare: 0.99731, resourcesUpShare: 0.9951 },
  invariants: { checked: ['one-coordinator', 'one-holder', 'healthy-in-time'], broken: [] },
  final: { healthy: true, coordinators: 1, managers: 50, resources: 950, unmanaged: 0 },
};

function messageTotals(totals: readonly number[]): Summary['messages'] {
  const sent = totals.reduce((sum, number) => sum + number, 0);
  const byType = messageTypes.map((type, index) => {
    return [type, { sent: totals[index], bytes: totals[index] * 74 }] as const;
  });
  return {
    sent,
    duplicated: 0,
    delivered: sent - 1234,
    dropped: 1234,
    droppedBy: { partition: 1000, loss: 0, 'receiver-down': 234, corrupted: 0, 'queue-full': 0 },
    inFlight: 0,
    bytes: sent * 74,
    byType: Object.fromEntries(byType),
  };
}

function faultTotals(faults: readonly FaultRow[]): Summary['faults'] {
  const byKind: Record<string, number> = {};
  for (const { kind } of faults) byKind[kind] = (byKind[kind] ?? 0) + 1;
  return { injected: faults.length, byKind };
}

function detectionOf(detections: Samples): Summary['detection'] {
  const none = { count: 0, missed: 0, falsePositives: 0, seconds: statistics([]).statistics() };
  const seen = { ...none, count: detections.count, seconds: detections.statistics() };
  return {
    ...seen,
    falsePositivesBy: { pause: 0, cut: 0, load: 0, delay: 0, loss: seen.falsePositives, other: 0 },
    pending: 0,
    byTarget: { resource: seen, manager: none, coordinator: none },
  };
}

function recoveryOf(episodes: readonly EpisodeRow[]): Summary['recovery'] {
  const settled = episodes.flatMap(({ settle_s: settle }) => (settle === null ? [] : settle));
  const settle = statistics(settled).statistics();
  const bound = episodes[0]?.bound_s ?? null;
  return {
    episodes: episodes.length,
    censored: episodes.length - settled.length,
    boundSeconds: bound,
    promised: bound === null ? 'nothing is promised' : null,
    bounded: bound === null ? 0 : episodes.length,
    maxSettleShare: bound === null ? null : Math.max(0, ...settled) / bound,
    perFault: { ...settle, count: settled.length, censored: 0 },
    settle,
    seconds: settle,
    criticalPath: [
      {
        cause: 'the coordinator is missed', setting: 'coordination.managers.answerTimeout',
        seconds: 40, share: 0.8, saves: 15, savesBetween: [12, 20], costs: 0,
      },
      {
        cause: 'election', setting: 'coordination.election', seconds: 10, share: 0.2,
        saves: null, savesBetween: null, costs: null,
      },
    ],
    extraMessages: 4321,
    extraBytes: 432_100,
    beyondTwin: 4000,
  };
}

function statistics(seconds: readonly number[]): Samples {
  const samples = new Samples();
  for (const value of seconds) samples.add(Math.round(value * 1e6));
  return samples;
}

/** Park and Miller's minimal standard generator: pictures must not change from run to run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
