/**
 * What wrong clocks and the time that messages take of their receivers mean for what can be
 * promised: docs/bounds.md, "Clocks and service".
 */
import type { CoreConfig } from '../core/coordination/config.js';
import { overlayTerms } from '../core/overlay/index.js';
import { burstsUs } from './burst.js';
import { reckonedDelayUs } from './latency.js';
import type { ResolvedScenario } from './scenario/resolved.js';
import { formatDurationUs } from './language/units.js';

type System = Pick<ResolvedScenario, 'coordination' | 'system' | 'network'>;

/** How much longer than it says a duration may be that some host measures by its own clock. */
export function clockFactor({ coordination, system }: System): number {
  const { drift, timersUs } = system.clocks;
  // What takes long is made up of waits, each of which may end so late.
  return (1 + timersUs / shortestWaitUs(coordination)) / (1 - drift);
}

function shortestWaitUs({ resources, managers, overlay, election }: CoreConfig): number {
  // Patience with a registration is cut by half at most.
  return Math.min(
    resources.checkPeriodUs, resources.heartbeatPeriodUs, resources.retryUs / 2,
    managers.heartbeatPeriodUs, overlay.hopTimeoutUs, election.tryTimeoutUs,
  );
}

/**
 * The longest that a message waits for its receiver and is handled, if all processes that there are
 * send to it at once while its usual messages come.
 */
export function longestServiceUs(scenario: System): number {
  const { managerUs, agentUs } = scenario.system.service;
  const bursts = burstsUs(scenario.system);
  return Math.max(
    behind(bursts.managerUs, managerUs, coordinatorRate(scenario)),
    behind(bursts.agentUs, agentUs, agentRate(scenario)),
  );
}

/** A burst behind the usual messages; Infinity where the server does not keep up. */
function behind(burstUs: number, serviceUs: number, perSecond: number): number {
  const load = (serviceUs * perSecond) / 1e6;
  return load >= 1 ? Infinity : Math.ceil(burstUs / (1 - load));
}

/** Why nothing can be promised with these clocks and service times, in words. */
export function paceRisks(scenario: System, maxDelayUs: number): string[] {
  const loads = loadRisks(scenario);
  const late = loads.length === 0 ? lateRisks(scenario, maxDelayUs) : [];
  return [...loads, ...late, ...clockRisks(scenario, maxDelayUs)];
}

/** Whether a hop of the overlay is over before anybody could answer. */
export function isHopTooShort({ coordination, network }: System): boolean {
  return coordination.overlay.hopTimeoutUs < 2 * reckonedDelayUs(network);
}

/** Whoever waits less than it takes to be answered takes the living for dead, and asks all more. */
function lateRisks(scenario: System, maxDelayUs: number): string[] {
  const { coordination, system, network } = scenario;
  const { hopTimeoutUs } = coordination.overlay;
  const { managerUs, agentUs } = system.service;
  if (isHopTooShort(scenario)) {
    const roundTripUs = 2 * reckonedDelayUs(network);
    return [
      'nothing is promised: coordination.overlay.hopTimeout is over before one could answer; ' +
        `it would have to be ${formatDurationUs(Math.ceil(roundTripUs))}`,
    ];
  }
  if ((managerUs === 0 && agentUs === 0) || hopTimeoutUs >= 2 * maxDelayUs) return [];
  const least = formatDurationUs(Math.ceil(2 * maxDelayUs));
  return [
    'nothing is promised: coordination.overlay.hopTimeout is over before one that all send to at ' +
      `once could answer; it would have to be ${least}`,
  ];
}

function loadRisks(scenario: System): string[] {
  const { managerUs, agentUs } = scenario.system.service;
  const atManager = { who: 'the coordinator', key: 'manager', serviceUs: managerUs };
  const cases = [
    { ...atManager, rate: coordinatorRate(scenario) },
    { who: 'a host', key: 'agent', serviceUs: agentUs, rate: agentRate(scenario) },
  ];
  return cases
    .filter(({ serviceUs, rate }) => serviceUs * rate >= 1e6)
    .map(({ who, key, serviceUs, rate }) => {
      const share = `${Math.round((serviceUs * rate) / 1e4)}%`;
      const most = formatDurationUs(Math.max(1, Math.floor(1e6 / rate)));
      const gets = `${who} gets ${Number(rate.toPrecision(3))} messages per second`;
      return `nothing is promised: ${gets}, ${share} of what it can handle; ` +
        `system.service.${key} would have to be below ${most}`;
    });
}

/** Messages per second that come to the coordinator, which manages resources as others do. */
function coordinatorRate({ coordination, system }: System): number {
  const { managers } = system;
  const { overlay } = coordination;
  const resources = system.resources.reduce((sum, { count }) => sum + count, 0);
  const own = resources / managers / coordination.resources.heartbeatPeriodUs;
  const reports = (managers - 1) / coordination.managers.heartbeatPeriodUs;
  const others = managers > 1 ? 1 : 0;
  const beats = overlayTerms(coordination).beats ? others / overlay.heartbeatPeriodUs : 0;
  // It is probed as often as it probes, and is answered.
  return 1e6 * (own + reports + (2 * others) / overlay.probePeriodUs + beats);
}

function agentRate({ coordination, system }: System): number {
  const most = Math.max(0, ...system.resources.map(({ perHost }) => perHost));
  return (1e6 * most) / coordination.resources.heartbeatPeriodUs;
}

/** The fastest clock must not run out before the slowest one has had its turn. */
function clockRisks({ coordination, system }: System, maxDelayUs: number): string[] {
  const { drift } = system.clocks;
  if (drift === 0) return [];
  return timeoutsOf(coordination)
    .filter(({ timeoutUs, periodUs }) =>
      timeoutUs / (1 + drift) <= periodUs / (1 - drift) + 2 * maxDelayUs)
    .map(({ path }) => {
      const share = `${Number((drift * 100).toPrecision(3))}%`;
      return `nothing is promised: with clocks that drift by ${share}, coordination.${path} ` +
        'is over before the next heartbeat of a live one is due';
    });
}

function timeoutsOf({ resources, managers }: CoreConfig): {
  readonly path: string; readonly timeoutUs: number; readonly periodUs: number;
}[] {
  return [{ name: 'resources', of: resources }, { name: 'managers', of: managers }]
    .flatMap(({ name, of }) => [
      { path: `${name}.timeout`, timeoutUs: of.timeoutUs, periodUs: of.heartbeatPeriodUs },
      {
        path: `${name}.answerTimeout`,
        timeoutUs: of.answerTimeoutUs,
        periodUs: of.heartbeatPeriodUs,
      },
    ]);
}
