/** What brakes did in a run: what they held back and why, and which rules gave up or fought. */
import type { HoldCause, Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { parseRules } from '../../core/rules/index.js';
import { beside, count, each, optional, rare, type ValuesOf } from './fields.js';
import { measure, type Measure } from './measure.js';
import type { Story } from './story.js';
import * as words from '../words.js';

/** Told one by one; the numbers count all. */
const mostTold = 100;

const brakeFields = {
  held: each((cause) => rare('wishes', `held back: ${cause}`, 'none was')),
  gaveUp: count('times', 'a rule gave up at its limit'),
  resumed: count('times', 'a rule that had given up took up again'),
  fights: count('times', 'rules were found to undo each other'),
  /** Each has limits of its own. */
  sides: count('coordinators', 'that acted at the same time, at most'),
  /** Of the last four, in sentences; those of the warm-up too. */
  told: beside<readonly string[]>(),
};
/** Left out where no brake was felt. */
const fields = { rules: { brakes: optional(brakeFields) } };

type Brakes = ValuesOf<typeof brakeFields>;

export class BrakeLog implements Measure<typeof fields> {
  readonly hears = [
    'action-held', 'rule-gave-up', 'rule-resumed', 'rules-fight', 'coordinator-elected',
    'coordinator-resigned', 'process-down',
  ] as const;
  private readonly held = new Map<HoldCause, number>();
  private gaveUp = 0;
  private resumed = 0;
  private fights = 0;
  private readonly told: Story[] = [];
  private readonly acting = new Set<Address>();
  /** Since when several act. */
  private splitUs = 0;
  private sides = 0;
  private readonly warmUpUs: number;
  private readonly isLimited: boolean;

  /** @param isLimited - a rule or the scenario limits how many actions there are */
  constructor(warmUpUs: number, isLimited: boolean) {
    this.warmUpUs = warmUpUs;
    this.isLimited = isLimited;
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    const counts = timeUs >= this.warmUpUs ? 1 : 0;
    switch (observation.type) {
      case 'action-held': {
        const { cause } = observation;
        if (counts === 1) this.held.set(cause, (this.held.get(cause) ?? 0) + 1);
        return;
      }
      case 'rule-gave-up':
        this.gaveUp += counts;
        this.tell(timeUs, `${observation.rule} reached its limit on ${observation.target} and ` +
          'gave up');
        return;
      case 'rule-resumed':
        this.resumed += counts;
        this.tell(timeUs, `${observation.rule} acts on ${observation.target} again`);
        return;
      case 'rules-fight': {
        const { rules, target } = observation;
        this.fights += counts;
        this.tell(timeUs, `the rules ${words.list(rules)} undo each other on ${target}: both are ` +
          'slowed down');
        return;
      }
      case 'coordinator-elected': return this.acts(timeUs, process);
      case 'coordinator-resigned':
      case 'process-down': return this.actsNoMore(timeUs, process);
      default:
    }
  }

  private acts(timeUs: number, process: Address): void {
    if (this.acting.has(process)) return;
    this.acting.add(process);
    if (this.acting.size === 2) this.splitUs = timeUs;
    if (timeUs >= this.warmUpUs) this.sides = Math.max(this.sides, this.acting.size);
  }

  private actsNoMore(timeUs: number, process: Address): void {
    if (!this.acting.delete(process) || this.acting.size !== 1 || !this.isLimited) return;
    const forS = (timeUs - this.splitUs) / 1e6;
    this.tell(this.splitUs, `several coordinators began to act, for ${words.duration(forS)}: ` +
      'each had the limits on actions to itself');
  }

  summary(): ValuesOf<typeof fields> {
    const { gaveUp, resumed, fights, sides } = this;
    const causes = [...this.held].sort(([a], [b]) => (a < b ? -1 : 1));
    const told = this.told.map(({ text }) => text);
    const isSplit = this.isLimited && sides > 1;
    if (causes.length === 0 && told.length === 0 && !isSplit) return { rules: {} };
    const held = Object.fromEntries(causes);
    return { rules: { brakes: { held, gaveUp, resumed, fights, sides, told } } };
  }

  /** With those of the episodes, in order of time. */
  among(episodes: readonly Story[]): Story[] {
    return [...episodes, ...this.told].sort((a, b) => a.start_s - b.start_s);
  }

  private tell(timeUs: number, what: string): void {
    if (this.told.length >= mostTold) return;
    const start = timeUs / 1e6;
    this.told.push({ start_s: start, text: `At ${words.instant(start)} ${what}.` });
  }
}

export const brakes = measure(fields, ({ scenario, inventory }) => {
  const { warmUpUs, coordination: { actions } } = scenario;
  const { rules } = parseRules(scenario.rules, inventory.kinds);
  const isLimited = (actions.brakes ?? []).length > 0 ||
    rules.some(({ act }) => act.verb !== 'notify' && act.limit !== null);
  return new BrakeLog(warmUpUs, isLimited);
});

/** Why something was held back, in words. */
export const causeWords: Readonly<Record<HoldCause, string>> = {
  host: 'because the host was dead',
  observe: 'by rules that only observe',
  cooldown: 'by a cooldown',
  limit: 'by a limit',
  'given-up': 'because the rule had given up',
  fight: 'because rules undid each other',
  off: 'because actions are switched off',
  silence: 'by a silence',
  budget: 'by a budget',
  halt: 'because too much was down',
  unavailable: 'because too much was being restarted or stopped',
  unanswered: 'because no coordinator said whether brakes allow them',
};

/** Empty: one coordinator acted at a time. */
export function sidesInWords({ sides }: Brakes): string {
  if (sides < 2) return '';
  return `${words.some(sides, 'coordinator')} acted at once, each with limits of its own: up to ` +
    `${words.count(sides)} times as many actions were possible as a limit says`;
}

/** `3 actions were held back: 2 by a limit, 1 by a silence`; empty: none was. */
export function heldInWords(brakes: Brakes): string {
  const causes = Object.entries(brakes.held) as [HoldCause, number][];
  if (causes.length === 0) return '';
  const all = causes.reduce((sum, [, number]) => sum + number, 0);
  const parts = causes.map(([cause, number]) => `${words.count(number)} ${causeWords[cause]}`);
  const what = all === 1 ? '1 wish of rules was' : `${words.count(all)} wishes of rules were`;
  return `${what} held back: ${words.list(parts, parts.length)}`;
}
