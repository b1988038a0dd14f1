/** What a scenario promises and costs, without running it. */
import { basename } from 'node:path';
import pc from './colors.js';
import type { TraceReplay } from '../analysis/index.js';
import { bytes, count, duration, instant, quantity, some } from '../analysis/words.js';
import { inventoryRowBytes } from '../core/metamodel/inventory.js';
import { partRowBytes } from '../core/coordination/standby/parts-copy.js';
import { deriveBounds, type ExpectedTraffic } from '../checker/bounds/index.js';
import { censusOf } from '../experiment/faults/index.js';
import { expectedFalseAlarms } from '../checker/false-alarms.js';
import { remarksOn } from '../experiment/remarks.js';
import type { ResolvedScenario, TraceTime } from '../experiment/scenario/index.js';
import { plainTable, tableText, wrapped } from './text.js';

/** Measured with the whole system on a small machine; the order of magnitude is what matters. */
const EVENTS_PER_MESSAGE = 2;
const EVENTS_PER_SECOND = 250_000;
const PROCESS_BYTES = 120_000_000;
const RESOURCE_BYTES = 3_300;
const MANAGER_BYTES = 20_000;

export interface Assessment {
  readonly scenario: string;
  readonly description: string;
  readonly seed: number;
  readonly simulatedSeconds: number;
  readonly managers: number;
  readonly resources: number;
  readonly zones: number;
  readonly faults: number;
  /** Recorded failures, and what they ask of the run. */
  readonly traces: readonly AssessedTrace[];
  readonly rules: readonly string[];
  readonly invariants: readonly string[];
  /** B; null: nothing can be promised. */
  readonly boundSeconds: number | null;
  /** delta. */
  readonly stalenessBoundSeconds: number;
  /** d. */
  readonly maxDelaySeconds: number;
  /** J and W. */
  readonly registrationSeconds: number;
  readonly handOverSeconds: number;
  readonly messagesPerSecond: ExpectedTraffic;
  readonly messages: number;
  readonly runSeconds: number;
  readonly memoryBytes: number;
  /** What the coordinator and each of its standbys keep of each resource; left out: nothing. */
  readonly inventory?: {
    readonly bytesPerResource: number;
    readonly standbys: number;
    /** With what it keeps of the managers' parts, but for metrics. */
    readonly bytesPerResourceOfStandby: number;
  };
  /** Suspicions of the living that loss alone makes likely; null: the detector is a plug-in. */
  readonly falseAlarmsPerHour: number | null;
  /** As quick as the adaptive detector would be, in the mean; null: it is not adaptive. */
  readonly equalTimeoutSeconds: number | null;
  readonly warnings: readonly string[];
}

type AssessedTrace = { readonly downSeconds: number } &
  Pick<TraceReplay, 'file' | 'nodes' | 'rows' | 'merged' | 'outages' | 'failing'>;

export function assess(scenario: ResolvedScenario): Assessment {
  const bounds = deriveBounds(scenario);
  const { system } = scenario;
  const alarms = expectedFalseAlarms(scenario);
  const resources = system.resources.reduce((sum, group) => sum + group.count, 0);
  const simulatedSeconds = scenario.durationUs / 1e6;
  const messages = Math.round(bounds.expected.total * simulatedSeconds);
  return {
    scenario: scenario.name,
    description: scenario.description,
    seed: scenario.seed,
    simulatedSeconds,
    managers: system.managers,
    resources,
    zones: system.zones.length,
    faults: scenario.faults.length,
    traces: scenario.faults.flatMap(({ when }) =>
      when.kind === 'trace' ? [assessTrace(when, scenario.durationUs)] : [],
    ),
    rules: scenario.rules.map(({ file }) => file),
    invariants: scenario.invariants.map(({ name }) => name),
    boundSeconds: secondsOf(bounds.recoveryUs),
    stalenessBoundSeconds: bounds.stalenessUs / 1e6,
    maxDelaySeconds: bounds.maxDelayUs / 1e6,
    registrationSeconds: bounds.registrationUs / 1e6,
    handOverSeconds: bounds.handOverUs / 1e6,
    messagesPerSecond: bounds.expected,
    messages,
    runSeconds: (messages * EVENTS_PER_MESSAGE) / EVENTS_PER_SECOND,
    falseAlarmsPerHour: alarms?.perHour ?? null,
    equalTimeoutSeconds: secondsOf(alarms?.equalTimeoutUs ?? null),
    memoryBytes: PROCESS_BYTES + resources * RESOURCE_BYTES + system.managers * MANAGER_BYTES,
    ...inventoryOf(scenario),
    warnings: [...bounds.warnings, ...remarksOn(scenario)],
  };
}

function inventoryOf({ coordination }: ResolvedScenario): Partial<Assessment> {
  const { inventory, standbys } = coordination;
  if (inventory !== true) return {};
  const bytesPerResourceOfStandby = inventoryRowBytes + partRowBytes;
  return { inventory: {
    bytesPerResource: inventoryRowBytes, standbys, bytesPerResourceOfStandby,
  } };
}

function secondsOf(us: number | null): number | null {
  return us === null ? null : us / 1e6;
}

function assessTrace(when: TraceTime, endUs: number): AssessedTrace {
  const { trace, nodes } = when;
  const { outages, failing, downUs } = censusOf(when, endUs, () => 0);
  const { rows, merged } = trace;
  return {
    file: basename(trace.path), nodes, rows, merged, outages, failing, downSeconds: downUs / 1e6,
  };
}

function replayed(trace: AssessedTrace): string {
  const { file, nodes, rows, merged, outages, failing, downSeconds } = trace;
  const whole = `${some(rows, 'row')} for ${some(nodes, 'node')}, ${count(merged)} merged`;
  const during = `${some(outages, 'outage')} of ${some(failing, 'node')}`;
  return `${file}: ${whole}; in this run ${during}, ${duration(downSeconds)} in all`;
}

export function assessmentText(given: Assessment): string {
  const table = plainTable(['', ''], 2);
  const row = (name: string, value: string): void => void table.push([name, wrapped(value)]);
  const faults = given.faults === 1 ? '1 entry' : `${count(given.faults)} entries`;
  row('system', `${some(given.managers, 'manager')} and ${some(given.resources, 'resource')}`);
  row('', `in ${some(given.zones, 'zone')}; ${faults} of faults`);
  for (const trace of given.traces) row('trace', replayed(trace));
  row('rules', given.rules.join(', ') || 'none');
  row('invariants', given.invariants.join(', ') || 'none');
  row('simulated', instant(given.simulatedSeconds));
  row('B', bound(given.boundSeconds));
  row('delta', `${duration(given.stalenessBoundSeconds)}: how old the coordinator's model may be`);
  row('W', `${duration(given.handOverSeconds)}: how long two managers may list a resource`);
  row('J', `${duration(given.registrationSeconds)}: until a new process counts`);
  row('d', `${duration(given.maxDelaySeconds)}: longest delay of a message reckoned with`);
  const traffic = `${quantity(given.messagesPerSecond.total)} per second while all is well`;
  row('messages', `${traffic}, about ${count(given.messages)} in all`);
  for (const [key, perSecond] of Object.entries(given.messagesPerSecond)) {
    if (key !== 'total') row('', `${quantity(Number(perSecond))} ${spelled(key)}`);
  }
  row('false alarms', falseAlarms(given));
  row('will take', `about ${duration(given.runSeconds)} and ${bytes(given.memoryBytes)} of memory`);
  if (given.inventory !== undefined) {
    const { bytesPerResource, standbys, bytesPerResourceOfStandby } = given.inventory;
    row('inventory', `${bytesPerResource} bytes a resource with the coordinator, ` +
      `${bytesPerResourceOfStandby} with each of ${some(standbys, 'standby')}`);
  }
  const warnings = given.warnings.map((warning) => pc.yellow(wrapped(`warning: ${warning}`)));
  const title = `${pc.bold(given.scenario)}, seed ${given.seed}\n${wrapped(given.description)}`;
  return [title, '', tableText(table).trimStart(), '', ...warnings].join('\n').trimEnd();
}

function falseAlarms({ falseAlarmsPerHour, equalTimeoutSeconds }: Assessment): string {
  if (falseAlarmsPerHour === null) return 'not known of a detector of your own';
  const often = falseAlarmsPerHour === 0
    ? 'none by loss' : `about ${quantity(falseAlarmsPerHour)} an hour by network.loss`;
  return equalTimeoutSeconds === null ? often : `${often}; as quick in the mean: detection fixed ` +
    `with coordination.resources.timeout=${equalTimeoutSeconds}s`;
}

function bound(seconds: number | null): string {
  if (seconds === null) return 'nothing can be promised (see the warnings)';
  return `${duration(seconds)}: healthy again so long after the last fault of an episode`;
}

/** `resourceHeartbeats` as `resource heartbeats`. */
function spelled(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
