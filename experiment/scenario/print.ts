/** A resolved scenario as the YAML that a user could have written, with every setting in it. */
import { Document, isMap, isSeq, visit } from 'yaml';
import type { Plugged } from '../../core/plugged.js';
import { kindOf } from '../faults/kinds/index.js';
import { kindOf as impairmentOf } from '../impairments/index.js';
import { distributionSettings } from './fields.js';
import { brakeSettings } from './brakes.js';
import type {
  FaultAction,
  FaultSettings,
  FaultTime,
  Flapping,
  KindSettings,
  LatencySettings,
  ResolvedScenario,
  TraceTime,
} from './resolved.js';
import { formatDurationSeconds as seconds, formatDurationUs as us } from './units.js';

/** Parses back to exactly the same scenario. Rule texts are part of it. */
export function toYaml(scenario: ResolvedScenario): string {
  return written(toSettings(scenario));
}

/** The faults alone. */
export function faultsYaml({ faults, system }: ResolvedScenario): string {
  return written({ faults: faults.map((fault) => faultSettings(fault, system.zones)) });
}

/** As YAML, short parts on one line. */
export function written(settings: object): string {
  const document = new Document(settings, { aliasDuplicateObjects: false });
  visit(document, {
    Collection: (_key, node, ancestors) => {
      const text = JSON.stringify(node);
      if (isSeq(node) && node.items.some(isMap)) return undefined;
      // The document and its mapping are ancestors of every section: sections stay blocks.
      if (ancestors.length < 4 || text.length > SHORT || text.includes('\\n')) return undefined;
      node.flow = true;
      return visit.SKIP;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/** What is no longer than this stands on one line. */
const SHORT = 100;

/** What {@link toYaml} writes down: plain data. */
export function toSettings(scenario: ResolvedScenario): Record<string, unknown> {
  const { name, description, seed, system, network, invariants, measure } = scenario;
  const { zones } = system;
  return {
    name,
    description,
    seed,
    duration: us(scenario.durationUs),
    warmUp: us(scenario.warmUpUs),
    system: {
      managers: system.managers,
      zones,
      racks: system.racks,
      clocks: {
        offset: us(system.clocks.offsetUs),
        drift: system.clocks.drift,
        ...(system.clocks.timersUs === 0 ? {} : { timers: us(system.clocks.timersUs) }),
      },
      service: { manager: us(system.service.managerUs), agent: us(system.service.agentUs) },
      resources: system.resources,
      kinds: Object.fromEntries(system.kinds.map((kind) => [kind.name, kindSettings(kind)])),
    },
    coordination: coordination(scenario.coordination),
    rules: scenario.rules,
    ...brakeSettings(scenario.coordination),
    network: {
      latency: latency(network.latency, zones),
      loss: network.loss,
      ...Object.fromEntries(network.impairments.map((one) => {
        return [one.kind, impairmentOf(one).settingsOf(one)];
      })),
    },
    live: scenario.live,
    faults: scenario.faults.map((fault) => faultSettings(fault, zones)),
    invariants,
    measure: { samples: measure.samples, hold: us(measure.holdUs) },
    engine: scenario.engine,
  };
}

function kindSettings({ startUp, actions, metrics }: KindSettings): object {
  return {
    startUp: distributionSettings(startUp),
    actions: Object.fromEntries(
      Object.entries(actions).map(([verb, { duration, failure }]) => [
        verb,
        { duration: distributionSettings(duration), failure },
      ]),
    ),
    metrics: Object.fromEntries(
      metrics.map(({ name, reversion, ...rest }) => [
        name,
        { ...rest, reversion: seconds(reversion) },
      ]),
    ),
  };
}

function coordination(given: ResolvedScenario['coordination']): object {
  const { resources, managers, overlay, election, actions, plugged } = given;
  return {
    overlay: own(plugged?.overlay) ?? {
      name: overlay.name,
      probePeriod: us(overlay.probePeriodUs),
      heartbeatPeriod: us(overlay.heartbeatPeriodUs),
      hopTimeout: us(overlay.hopTimeoutUs),
    },
    election: own(plugged?.election) ?? {
      name: election.name,
      tries: election.tries,
      tryTimeout: us(election.tryTimeoutUs),
      requestTimeout: us(election.requestTimeoutUs),
    },
    detection: own(plugged?.detection) ?? detection(given.detection),
    assignment: own(plugged?.assignment) ?? given.assignment,
    rebalance: given.rebalance,
    leaveTimeout: us(given.leaveTimeoutUs),
    ...(given.inventory !== undefined && { inventory: 'on' }),
    quorum: given.quorum,
    resources: {
      heartbeatPeriod: us(resources.heartbeatPeriodUs),
      timeout: us(resources.timeoutUs),
      checkPeriod: us(resources.checkPeriodUs),
      answerTimeout: us(resources.answerTimeoutUs),
      retry: us(resources.retryUs),
      retryMax: us(resources.retryMaxUs),
    },
    managers: {
      heartbeatPeriod: us(managers.heartbeatPeriodUs),
      timeout: us(managers.timeoutUs),
      answerTimeout: us(managers.answerTimeoutUs),
    },
    rebuild: us(given.rebuildUs),
    entriesPerMessage: given.entriesPerMessage,
    ...(given.standbys && { standbys: given.standbys }),
    actions: {
      timeout: us(actions.timeoutUs), retries: actions.retries,
      ...(actions.deadlines && { deadlines: true }),
      ...(actions.handOn && { handOn: true }),
      ...(actions.mode && { mode: actions.mode }),
    },
  };
}

/** What a plugin implements, as it was written. */
function own(given: Plugged<unknown> | undefined): object | undefined {
  return given && { name: given.name, ...given.given };
}

function detection(given: ResolvedScenario['coordination']['detection']): object {
  if (given.name === 'fixed') return given;
  const { name, threshold, minDeviationUs, acceptablePauseUs, maxTimeoutUs, window } = given;
  return {
    name,
    threshold,
    minDeviation: us(minDeviationUs),
    acceptablePause: us(acceptablePauseUs),
    ...(maxTimeoutUs === null ? {} : { maxTimeout: us(maxTimeoutUs) }),
    window,
  };
}

function latency(given: LatencySettings, zones: readonly string[]): unknown {
  if (given.kind === 'same') return distributionSettings(given.delay);
  if (given.kind === 'plugged') return { [given.name]: given.given };
  if (given.kind === 'matrix') {
    const { file, sha256, jitter, withinUs } = given;
    return { matrix: { file, sha256, jitter: distributionSettings(jitter), within: us(withinUs) } };
  }
  return {
    zones: {
      within: distributionSettings(given.within),
      between: distributionSettings(given.between),
      pairs: given.pairs.map(({ a, b, delay }) => ({
        zones: [zones[a], zones[b]],
        delay: distributionSettings(delay),
      })),
    },
  };
}

function faultSettings(
  { when, action, repair, flapping }: FaultSettings,
  zones: readonly string[],
): object {
  return {
    ...faultTime(when),
    ...actionSettings(action, zones),
    ...(flapping && { flapping: flappingSettings(flapping) }),
    ...(repair === null ? {} : { repairAfter: distributionSettings(repair) }),
  };
}

function flappingSettings({ bad, good, atLeastUs }: Flapping): object {
  const [there, gone] = [bad, good].map(distributionSettings);
  return { bad: there, good: gone, atLeast: us(atLeastUs) };
}

function faultTime(when: FaultTime): object {
  if (when.kind === 'at') return { at: us(when.atUs) };
  if (when.kind === 'trace') return { trace: traceTime(when) };
  const range = { from: us(when.fromUs), until: us(when.untilUs) };
  if (when.kind === 'during') {
    const { phase: during, delay, times } = when;
    const often = times === null ? {} : { times };
    return { when: { during, after: distributionSettings(delay), ...often, ...range } };
  }
  if (when.kind === 'every') return { every: us(when.everyUs), ...range };
  return { random: { lifetime: distributionSettings(when.lifetime), ...range } };
}

function traceTime({ trace, format, fromUs, untilUs, startUs, ...rest }: TraceTime): object {
  const { path: file, sha256 } = trace;
  const { speedUp, nodes, unit, system, repeat } = rest;
  const more = {
    ...(unit === undefined ? {} : { unit }), ...(system === undefined ? {} : { system }),
    ...(repeat === true || trace.loopUs !== undefined ? { repeat } : {}),
  };
  const window = { from: us(fromUs), until: us(untilUs), start: us(startUs) };
  return { file, format, ...more, sha256, ...window, speedUp, nodes };
}

function actionSettings(action: FaultAction, zones: readonly string[]): object {
  if (action.kind === 'plugged') return { [action.name]: action.given };
  return kindOf(action).settingsOf(action, { zones });
}
