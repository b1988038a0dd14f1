/** Generated systems and what befalls them, to hold B to: short runs of any number of managers. */
import { assignmentNames } from '../../core/coordination/assignment/index.js';
import { Dice } from '../../campaign/explore/schedules/dice.js';
import { parseScenario } from '../../checker/scenario.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import { deriveBounds } from '../../checker/bounds/index.js';

export interface Drawing {
  /** At least and at most. */
  readonly managers: readonly [number, number];
  /** What befalls it; drawn if not given. */
  readonly fault?: FaultKind;
  /** False: nothing gets lost but by faults. Default: sometimes it does. */
  readonly lossy?: boolean;
}

const faultKinds = ['mass', 'stalls', 'cut', 'return'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** The faults begin then, once all is well: the least that suffices. */
const warmUpPeriods = 8;
/** And so much later at the latest ... */
const latestS = 20;
/** ... and are over by so much later. */
const longestRepairS = 90;
/** Draws that are tried until one is promised something. */
const most = 50;

/** The configuration that a seed stands for; always one that is promised something. */
export function configurationOf(seed: number, drawing: Drawing): ResolvedScenario {
  const dice = new Dice(seed, 'configurations');
  for (let attempt = 0; attempt < most; attempt += 1) {
    const text = textOf(seed, dice, drawing);
    const scenario = parseScenario(text, `configuration-${seed}.yaml`);
    const { recoveryUs } = deriveBounds(scenario);
    if (recoveryUs === null) continue;
    // Some have longer bounds than what is reckoned for all, and faults end one after the other.
    const afterS = latestS + longestRepairS + (1.3 * recoveryUs) / 1e6 + 60;
    const durationS = Math.ceil(scenario.durationUs / 1e6 + afterS);
    return parseScenario(text, `configuration-${seed}.yaml`, {
      set: [`duration=${durationS}s`],
    });
  }
  throw new Error(`seed ${seed}: none of ${most} configurations is promised anything`);
}

function textOf(
  seed: number, dice: Dice, { managers: [low, high], fault, lossy }: Drawing,
): string {
  const managers = Math.min(high, Math.floor(dice.anySize(low, high + 1)));
  const zones = dice.integer(1, Math.min(4, managers));
  const hr = dice.one([2, 5, 10]);
  const hm = dice.one([hr / 2, hr, hr, 2 * hr]);
  const loss = lossy !== false && dice.chance(0.3) ? dice.one([0.005, 0.02]) : 0;
  // As many periods as that loss takes, and some more.
  const spans = loss === 0 ? dice.integer(2, 4) : 11;
  const latency = dice.one([
    '{ constant: 10ms }', '{ uniform: { low: 1ms, high: 50ms } }',
    '{ zones: { within: { uniform: { low: 1ms, high: 2ms } }, ' +
      'between: { uniform: { low: 20ms, high: 80ms } } } }',
  ]);
  const phi = dice.chance(0.4);
  const detection = phi
    ? `{ name: phi-accrual, maxTimeout: ${spans * Math.max(hr, hm)}s, acceptablePause: ` +
      `${loss === 0 ? 1 : 9 * Math.max(hr, hm)}s, minDeviation: 500ms }`
    : 'fixed';
  const retry = dice.chance(0.7) ? '' : `retry: ${dice.one([200, 1000, 3000])}ms, `;
  const times = (periodS: number): string =>
    `heartbeatPeriod: ${periodS}s, timeout: ${spans * periodS}s, ` +
    `answerTimeout: ${spans * periodS}s`;
  const fromS = Math.max(60, warmUpPeriods * Math.max(hr, hm));
  return `
name: configuration
seed: ${seed}
duration: ${fromS}s
warmUp: ${Math.floor(fromS / 2)}s
system:
  managers: ${managers}
  zones: ${zones}
  resources: [{ kind: service, count: ${dice.integer(10, 60)}, perHost: ${dice.integer(1, 4)} }]
coordination:
  overlay: ${dice.one(['pastry', 'pastry', 'full-mesh'])}
  detection: ${detection}
  assignment: ${dice.one([...assignmentNames])}
  resources: { ${retry}${times(hr)} }
  managers: { ${times(hm)} }
network: { latency: ${latency}, loss: ${loss} }
faults:
${faultsOf(dice, fault ?? dice.one(faultKinds), managers, zones, fromS)}
${crashesOf(dice, fromS, hr)}
`;
}

/** Who is down cannot help itself when its manager dies: the longest ways lead by them. */
function crashesOf(dice: Dice, fromS: number, hr: number): string {
  return Array.from({ length: dice.integer(0, 3) }, () => {
    const atMs = Math.floor(1000 * (fromS + dice.uniform(-3 * hr, 30 + 3 * hr)));
    return `  - { at: ${atMs}ms, crash: { resources: ${dice.integer(1, 3)} } }`;
  }).join('\n');
}

function faultsOf(
  dice: Dice, kind: FaultKind, managers: number, zones: number, fromS: number,
): string {
  const atMs = Math.floor(fromS * 1000 + dice.uniform(0, 1000 * latestS));
  const at = `at: ${atMs}ms`;
  if (managers === 1) return `  - { ${at}, pause: coordinator, repairAfter: 5s }`;
  // Of every size, few and nearly all as often as those between.
  const few = Math.floor(dice.anySize(1, managers));
  const lost = dice.chance(0.5) ? few : managers - few;
  const targets = dice.one([
    `[coordinator, { managers: ${lost - 1} }]`, `[coordinator, { successors: ${lost - 1} }]`,
    `{ managers: ${lost} }`, `{ successors: ${lost} }`, `{ fullest: ${lost} }`,
  ]).replace(/, \{ (managers|successors): 0 \}/, '');
  const repair = `repairAfter: ${dice.integer(1, longestRepairS)}s`;
  switch (kind) {
    case 'mass': return `  - { ${at}, crash: ${targets} }`;
    case 'return': return `  - { ${at}, crash: ${targets}, ${repair} }`;
    case 'stalls': return `  - { ${at}, pause: ${targets}, ${repair} }`;
    case 'cut': {
      const others = Array.from({ length: zones - 1 }, (_, index) => `zone-${index + 2}`);
      const shape = zones > 1 && dice.chance(0.5) ? `[[zone-1], [${others.join(', ')}]]` : 'halves';
      const more = dice.chance(0.5) ? '' : `\n  - { ${at}, crash: { managers: 1 } }`;
      return `  - { ${at}, partition: ${shape}, ${repair} }${more}`;
    }
  }
}
