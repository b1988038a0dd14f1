/**
 * What wrong clocks and the time that messages take of their receivers mean for what can be
 * promised: docs/bounds.md, "Clocks and service".
 */
import type { CoreConfig } from '../core/config.js';
import type { ResolvedScenario } from './scenario/resolved.js';
import { formatDurationUs } from './scenario/units.js';

type System = Pick<ResolvedScenario, 'coordination' | 'system'>;

/** How much longer than it says a duration may be that some host measures by its own clock. */
export function clockFactor({ system }: System): number {
  return 1 / (1 - system.clocks.drift);
}

/**
 * The longest that a message waits for its receiver and is handled, if all processes that there are
 * send to it at once while its usual messages come.
 */
export function longestServiceUs({ coordination, system }: System): number {
  const { managerUs, agentUs } = system.service;
  const resources = system.resources.reduce((sum, { count }) => sum + count, 0);
  const perHost = Math.max(1, ...system.resources.map((group) => group.perHost));
  const managers = burstUs(managerUs, resources + system.managers, coordinatorRate({
    coordination, system,
  }));
  // A manager answers the heartbeats of all resources of a host, and offers each once.
  const agents = burstUs(agentUs, 2 * perHost, agentRate({ coordination, system }));
  return Math.max(managers, agents);
}

/** Infinity where the server does not keep up. */
function burstUs(serviceUs: number, messages: number, perSecond: number): number {
  const load = (serviceUs * perSecond) / 1e6;
  return load >= 1 ? Infinity : Math.ceil((serviceUs * messages) / (1 - load));
}

/** Why nothing can be promised with these clocks and service times, in words. */
export function paceRisks(scenario: System, maxDelayUs: number): string[] {
  return [...loadRisks(scenario), ...clockRisks(scenario, maxDelayUs)];
}

function loadRisks(scenario: System): string[] {
  const { managerUs, agentUs } = scenario.system.service;
  const cases = [
    { who: 'the coordinator', key: 'manager', serviceUs: managerUs, rate: coordinatorRate(scenario) },
    { who: 'a host', key: 'agent', serviceUs: agentUs, rate: agentRate(scenario) },
  ];
  return cases
    .filter(({ serviceUs, rate }) => serviceUs * rate >= 1e6)
    .map(({ who, key, serviceUs, rate }) => {
      const share = `${Math.round((serviceUs * rate) / 1e4)}%`;
      const most = formatDurationUs(Math.max(1, Math.floor(1e6 / rate)));
      return `nothing is promised: ${who} gets ${Number(rate.toPrecision(3))} messages per second, ` +
        `${share} of what it can handle; system.service.${key} would have to be below ${most}`;
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
  const beats = overlay.name === 'pastry' ? others / overlay.heartbeatPeriodUs : 0;
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
      return `nothing is promised: with clocks that drift by ${share}, coordination.${path} is over ` +
        'before the next heartbeat of a live one is due';
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
