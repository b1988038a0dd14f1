/** What docs expect of a measure by a formula: drawn beside what was measured. */
import { expectedTraffic } from '../../../checker/bounds/index.js';
import { learningOf, longestSilenceUs } from '../../../core/detection/index.js';
import { overlayTerms } from '../../../core/overlay/index.js';
import { expectedFaults } from '../../../experiment/faults/index.js';
import { buildInventory } from '../../../experiment/inventory.js';
import { mean } from '../../../experiment/random/distributions.js';
import type { ResolvedScenario } from '../../../experiment/scenario/resolved.js';
import { measureWords } from '../../measure-words.js';
import type { Estimate } from '../../statistics/estimate.js';
import * as words from '../../words.js';
import { colours, inks } from '../theme.js';
import { inCell, type SweepCell, type SweepData } from './data.js';
import { wrapped } from './wrapped.js';

/** How its legend looks. */
export const THEORY = { size: 11, color: inks[colours.grey] } as const;
/** That fit into as much as letters are high. */
const LETTERS_PER_SIZE = 1.8;

interface Formula {
  /** In the letters of the page that derives it. */
  readonly formula: string;
  readonly place: string;
  /** In the unit of the measure; null: it does not hold of such a scenario. */
  readonly valueOf: (scenario: ResolvedScenario) => number | null;
}

const detection = { formula: 'tau - h/2 + d + c/2', place: 'docs/protocol.md, Detection' };

const formulas: Readonly<Record<string, Formula>> = {
  'faults.injected': {
    formula: 'units x time / (lifetime + repair)',
    place: 'docs/writing-scenarios.md, faults',
    valueOf: (scenario) => (scenario.faults.some(({ when }) => when.kind !== 'random') ? null
      : expectedFaults(scenario, buildInventory(scenario), scenario.warmUpUs)),
  },
  'overlay.hops.mean': {
    formula: 'log16 N, and one at least',
    place: 'docs/protocol.md, The overlay',
    valueOf: ({ coordination, system }) =>
      overlayTerms(coordination).routeHops?.(system.managers) ?? null,
  },
  'messages.sentPerSecond': {
    formula: 'heartbeats and probes, with their answers',
    place: 'docs/bounds.md, Expected traffic',
    valueOf: (scenario) => expectedTraffic(scenario).total,
  },
  'detection.byTarget.resource.seconds.mean': {
    ...detection, valueOf: (scenario) => detectionSeconds(scenario, 'resources'),
  },
  'detection.byTarget.manager.seconds.mean': {
    ...detection, valueOf: (scenario) => detectionSeconds(scenario, 'managers'),
  },
  'detection.seconds.mean': {
    ...detection,
    valueOf: (scenario) => {
      const [one, other] = [
        detectionSeconds(scenario, 'resources'), detectionSeconds(scenario, 'managers'),
      ];
      return one === other ? one : null;
    },
  },
};

/** Of whom is watched like that, where links lose nothing and delay all alike. */
function detectionSeconds(
  { coordination, network }: ResolvedScenario, watched: 'resources' | 'managers',
): number | null {
  const rhythm = coordination[watched];
  const learned = learningOf(coordination);
  const silenceUs = learned === null ? longestSilenceUs(coordination, rhythm)
    : learned.learning.usualUs(learned.settings, rhythm, 0);
  if (silenceUs === null || network.loss > 0 || network.latency.kind !== 'same') return null;
  const { heartbeatPeriodUs } = rhythm;
  const { checkPeriodUs } = coordination.resources;
  return (silenceUs - heartbeatPeriodUs / 2 + checkPeriodUs / 2) / 1e6 +
    mean(network.latency.delay);
}

interface Expected {
  readonly x: number;
  readonly variant: string;
  readonly mean: number;
  readonly cell: SweepCell;
}

/** Along each line of numbers on which the formula holds in two cells and more. */
function expectations(
  data: SweepData, measure: string, variant: string | null = null,
): readonly Expected[] {
  const known = Object.hasOwn(formulas, measure) && data.scale.positions !== null;
  if (!known) return [];
  const all = data.cells.flatMap((cell): Expected[] => {
    const scenario = data.scenarioOf(cell.values);
    const value = scenario === null ? null : formulas[measure].valueOf(scenario);
    return value === null ? []
      : [{ x: Number(cell.x), variant: cell.variant, mean: value, cell }];
  });
  return all.filter((one) => (variant === null || one.variant === variant) &&
    all.filter((other) => other.variant === one.variant).length > 1);
}

/** What a panel of a measure shows of it. */
export interface Theory {
  /** To be within the scale. */
  readonly values: readonly number[];
  /**
   * The dashes that it is drawn with, its formula and where that is derived: lines of text for
   * above the plot, no wider than that.
   */
  readonly legend: (width: number) => readonly string[];
  /** @param channels - of the panel's x, and of its y over the field `mean` */
  readonly layer: (channels: { readonly x: object; readonly y: object }) => object;
}

/**
 * Null where docs have no formula for it, or not for these cells.
 *
 * @param variant - null: a line for each
 */
export function theoryOf(
  data: SweepData, measure: string, variant: string | null = null,
): Theory | null {
  const points = expectations(data, measure, variant);
  if (points.length === 0) return null;
  const { formula, place } = formulas[measure];
  return {
    values: points.map((point) => point.mean),
    legend: (width) => wrapped(
      `┄ expected: ${formula} (${place})`, Math.floor(width / THEORY.size * LETTERS_PER_SIZE),
    ),
    layer: (channels) => ({
      data: { values: points.map(({ x, variant, mean: y, cell: { ofLine } }) =>
        ({ x, variant, mean: y, ofLine })) },
      mark: {
        type: 'line', stroke: THEORY.color, strokeWidth: 1.2, strokeDash: [3, 3], clip: true,
      },
      encoding: { ...channels, detail: { field: 'variant' } },
    }),
  };
}

/** The title of a panel with it. */
export function headed({ legend }: Theory, width: number): object {
  const title = { text: legend(width), fontSize: THEORY.size, color: THEORY.color, offset: 6 };
  return { title: { ...title, fontWeight: 'normal' } };
}

/** How near to the formulas of docs measured means came, a sentence for each measure. */
export function theoryFindings(data: SweepData, measures: readonly string[]): string[] {
  return measures.flatMap((measure) => {
    const points = expectations(data, measure).flatMap(({ mean: value, cell }) => {
      const estimate = inCell(cell, measure);
      return estimate === null ? [] : [{ off: estimate.mean / value - 1, value, estimate, cell }];
    });
    if (points.length === 0) return [];
    const { formula, place } = formulas[measure];
    const worst = points.reduce((a, b) => (Math.abs(b.off) > Math.abs(a.off) ? b : a));
    const size = Math.abs(100 * worst.off);
    const { title } = measureWords(measure);
    const where = worst.cell.values.join(', ');
    const subject = `${title[0].toUpperCase()}${title.slice(1)}`;
    return [`${subject}: at most ${size.toFixed(1)}% off what docs expect (${where}): ` +
      `${formula}, ${place}.${held(points)}`];
  });
}

/** Of few events a mean is off by much, and yet as it should be. */
function held(points: readonly { readonly value: number; readonly estimate: Estimate }[]): string {
  const told = points.flatMap(({ value, estimate: { interval } }) =>
    (interval === null ? [] : [interval.lower <= value && value <= interval.upper]));
  const number = told.filter(Boolean).length;
  return told.length === 0 ? '' :
    ` It is within the interval of ${number} of ${words.some(told.length, 'mean')}.`;
}

/** Begins with a space; empty where nothing is expected. */
export function theoryCaption(data: SweepData, measures: readonly string[]): string {
  const some = measures.some((measure) => expectations(data, measure).length > 0);
  return some ? ' Grey dashes: what docs expect, by the formula that stands above.' : '';
}
