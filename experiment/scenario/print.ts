/** A resolved scenario as the YAML that a user could have written, with every setting in it. */
import { Document, isMap, isSeq, visit } from 'yaml';
import type { Plugged } from '../../core/plugged.js';
import { cutSettings } from './cuts.js';
import type { Impairment } from '../impairment.js';
import type { Distribution } from '../random/distributions.js';
import { partySettings } from './parties.js';
import type {
  FaultAction,
  FaultSettings,
  FaultTarget,
  FaultTime,
  Flapping,
  KindSettings,
  LatencySettings,
  ResolvedScenario,
  TraceTime,
} from './resolved.js';
import { formatDurationSeconds as seconds, formatDurationUs as us, formatRate } from './units.js';

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
    network: {
      latency: latency(network.latency, zones),
      loss: network.loss,
      ...Object.fromEntries(network.impairments.map((one) => [one.kind, impairment(one)])),
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
    startUp: distribution(startUp),
    actions: Object.fromEntries(
      Object.entries(actions).map(([verb, { duration, failure }]) => [
        verb,
        { duration: distribution(duration), failure },
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
    overlay: {
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
    actions: { timeout: us(actions.timeoutUs), retries: actions.retries },
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
  if (given.kind === 'same') return distribution(given.delay);
  if (given.kind === 'plugged') return { [given.name]: given.given };
  if (given.kind === 'matrix') {
    const { file, sha256, jitter, withinUs } = given;
    return { matrix: { file, sha256, jitter: distribution(jitter), within: us(withinUs) } };
  }
  return {
    zones: {
      within: distribution(given.within),
      between: distribution(given.between),
      pairs: given.pairs.map(({ a, b, delay }) => ({
        zones: [zones[a], zones[b]],
        delay: distribution(delay),
      })),
    },
  };
}

function distribution(given: Distribution): unknown {
  switch (given.kind) {
    case 'constant':
      return seconds(given.value);
    case 'uniform':
      return { uniform: { low: seconds(given.low), high: seconds(given.high) } };
    case 'exponential':
      return { exponential: seconds(given.mean) };
    case 'lognormal':
      return { lognormal: { median: seconds(given.median), sigma: given.sigma } };
    case 'weibull':
      return { weibull: { scale: seconds(given.scale), shape: given.shape } };
    case 'pareto':
      return { pareto: { minimum: seconds(given.minimum), shape: given.shape } };
  }
}

function faultSettings(
  { when, action, repair, flapping }: FaultSettings,
  zones: readonly string[],
): object {
  return {
    ...faultTime(when),
    ...faultAction(action, when, zones),
    ...(flapping && { flapping: flappingSettings(flapping) }),
    ...(repair === null ? {} : { repairAfter: distribution(repair) }),
  };
}

function flappingSettings({ bad, good, atLeastUs }: Flapping): object {
  return { bad: distribution(bad), good: distribution(good), atLeast: us(atLeastUs) };
}

function faultTime(when: FaultTime): object {
  if (when.kind === 'at') return { at: us(when.atUs) };
  if (when.kind === 'trace') return { trace: traceTime(when) };
  const range = { from: us(when.fromUs), until: us(when.untilUs) };
  if (when.kind === 'during') {
    const { phase: during, delay, times } = when;
    const often = times === null ? {} : { times };
    return { when: { during, after: distribution(delay), ...often, ...range } };
  }
  if (when.kind === 'every') return { every: us(when.everyUs), ...range };
  return { random: { lifetime: distribution(when.lifetime), ...range } };
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

function faultAction(action: FaultAction, when: FaultTime, zones: readonly string[]): object {
  switch (action.kind) {
    case 'crash':
    case 'restart':
    case 'pause':
    case 'leave': {
      const { kind, targets, ...more } = action;
      return { [kind]: targets.map((one) => target(one, when, zones)), ...more };
    }
    case 'rolling': {
      const { labels, unavailable, pauseUs, timeoutUs } = action;
      return { rolling: { labels, unavailable, pause: us(pauseUs), timeout: us(timeoutUs) } };
    }
    case 'clock':
    case 'slow': {
      const of = action.targets.map((one) => target(one, when, zones));
      if (action.kind === 'slow') return { slow: { of, factor: action.factor } };
      const { aheadUs, drift } = action;
      return {
        clock: {
          of,
          ...(aheadUs === 0 ? {} : { [aheadUs > 0 ? 'ahead' : 'back']: us(Math.abs(aheadUs)) }),
          ...(drift === 0 ? {} : { [drift > 0 ? 'fast' : 'slow']: Math.abs(drift) }),
        },
      };
    }
    case 'partition':
      if ('cut' in action) return { partition: cutSettings(action.cut, zones) };
      return { partition: action.groups.map((group) => group.map((zone) => zones[zone])) };
    case 'heal':
      return { heal: 'all' };
    case 'plugged':
      return { [action.name]: action.given };
    default:
      return {
        [action.kind]: impairment(action),
        ...(action.of && { of: action.of.map((party) => partySettings(party, zones)) }),
      };
  }
}

function impairment(given: Impairment): unknown {
  switch (given.kind) {
    case 'loss':
    case 'duplication':
    case 'corruption':
      return given.share;
    case 'jitter':
      return distribution(given.delay);
    case 'reordering':
      return { share: given.share, delay: distribution(given.delay) };
    case 'burstyLoss': {
      const { lossGood, lossBad } = given;
      return { good: us(given.goodUs), bad: us(given.badUs), lossGood, lossBad };
    }
    case 'delaySpikes': {
      const delay = distribution(given.delay);
      return { good: us(given.goodUs), bad: us(given.badUs), delay };
    }
    case 'bandwidth':
      return { rate: formatRate(given.bitsPerSecond), queue: us(given.queueUs) };
  }
}

function target(given: FaultTarget, when: FaultTime, zones: readonly string[]): unknown {
  if (given.kind === 'coordinator') return given.kind;
  if (given.kind === 'named') return given.name;
  if (given.kind === 'concerned') return { concerned: given.who };
  if ('index' in given) {
    const { kind, index } = given;
    return kind === 'zone' ? { zone: zones[index] } : { rack: `rack-${index + 1}` };
  }
  const each = when.kind === 'random' || when.kind === 'trace';
  return each ? { each: given.kind } : { [given.kind]: given.count };
}
