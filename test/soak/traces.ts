/** Recorded failures at length: injected is what the trace says, measured is close to it. */
import { existsSync, readFileSync } from 'node:fs';
import { loadScenario } from '../../experiment/scenario/index.js';
import type { Check, Finding } from './check.js';
import { lanl18, outagesByHand, webSites, type HandOutage, type HandWindow } from './outages.js';
import { simulate, type Simulated } from './simulate.js';

const DAY_S = 86_400;

interface Part {
  readonly what: string;
  readonly trace: typeof lanl18 | typeof webSites;
  readonly fromDay: number;
  readonly days: number;
  readonly heartbeat: string;
}

const long: readonly Part[] = [
  { what: 'a month', trace: lanl18, fromDay: 600, days: 30, heartbeat: '30s' },
  { what: 'three years', trace: lanl18, fromDay: 0, days: 1222, heartbeat: '10m' },
  { what: 'a month', trace: webSites, fromDay: 60, days: 30, heartbeat: '1m' },
  { what: 'seven months', trace: webSites, fromDay: 2, days: 208, heartbeat: '2m' },
];

const short: readonly Part[] = [
  { what: 'two weeks', trace: lanl18, fromDay: 300, days: 14, heartbeat: '10m' },
  { what: 'three days', trace: webSites, fromDay: 100, days: 3, heartbeat: '2m' },
];

export const traces: Check = async (scale, progress) => {
  const findings: Finding[] = [];
  for (const part of scale === 'long' ? long : short) {
    progress(`${part.trace.file}, ${part.what}`);
    findings.push(await replay(part));
  }
  return findings;
};

async function replay({ what, trace, fromDay, days, heartbeat }: Part): Promise<Finding> {
  const { file, path } = trace;
  const finding = {
    what: `${file}, ${what} at a heartbeat per ${heartbeat}`,
    wanted: 'the outages of the trace, to the instant; each measured within one detection time',
  };
  if (!existsSync(path)) return { ...finding, measured: `skipped: there is no ${path}`, ok: true };
  const scenario = loadScenario(`scenarios/${file}.yaml`, {
    set: [
      `duration=${days * 24 + 1}h`,
      `faults[0].trace.from=${fromDay}d`,
      `faults[0].trace.until=${fromDay + days}d`,
      `coordination.resources.heartbeatPeriod=${heartbeat}`,
      `coordination.managers.heartbeatPeriod=${heartbeat}`,
    ],
  });
  const run = await simulate(scenario);
  const window = { fromS: fromDay * DAY_S, lengthS: days * DAY_S };
  const wrong = differences(run, expected(trace, window));
  const [replayed] = run.record.summary.faults.traces!;
  const { max } = replayed.differenceSeconds;
  const { broken } = run.record.summary.invariants;
  const late = lateOnes(run, replayed.detectionSeconds);
  const orphaned = late.filter(({ isOrphaned }) => isOrphaned).length;
  const detections = late.length > 0 && orphaned === late.length ? 2 : 1;
  const close = max !== null && max <= detections * replayed.detectionSeconds;
  return {
    ...finding,
    measured:
      `${replayed.injected} outages of ${replayed.failing} nodes, ${wrong} of them not the ` +
      `trace's; off by ${max?.toFixed(1)} s at most, detection takes ` +
      `${replayed.detectionSeconds.toFixed(1)} s; ${late.length} noticed later, ${orphaned} of ` +
      `them while a manager was dead; ${broken.length} invariants broken`,
    ok: wrong === 0 && close && broken.length === 0,
  };
}

interface Late {
  /** A manager was dead and not yet replaced when it began: nobody watched what that one had. */
  readonly isOrphaned: boolean;
}

/** Outages that took longer to be noticed: they wait for a new manager, then for its patience. */
function lateOnes({ record }: Simulated, detectionS: number): Late[] {
  const faults = [...record.faults];
  const deaths = faults.filter(({ scope }) => scope === 'management');
  return faults
    .filter(({ time_s: beginS, detected_s: detectedS }) =>
      detectedS !== null && detectedS - beginS > detectionS)
    .map(({ time_s: beginS }) => ({
      isOrphaned: deaths.some(({ time_s: diedS, recovered_s: replacedS }) =>
        diedS <= beginS && beginS <= (replacedS ?? Infinity)),
    }));
}

/** The trace says nothing of before and after it: what it implies there is Howdah's to decide. */
function expected(trace: Part['trace'], window: HandWindow): HandOutage[] {
  return outagesByHand(trace.file, readFileSync(trace.path, 'utf8'), window);
}

/** How many outages are in one list and not in the other. */
function differences({ record }: Simulated, wanted: readonly HandOutage[]): number {
  const word = ({ node, beginS, endS }: HandOutage): string =>
    `${node} ${Math.round(beginS * 1e6)} ${Number.isFinite(endS) ? Math.round(endS * 1e6) : ''}`;
  const left = new Set(wanted.map(word));
  let strange = 0;
  for (const { target, time_s: beginS, cleared_s: endS } of record.faults) {
    if (!left.delete(word({ node: target, beginS, endS: endS ?? Infinity }))) strange += 1;
  }
  return strange + left.size;
}
