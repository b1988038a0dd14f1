/** What the local rules of one manager keep in mind of resources, as they come and go. */
import type { ActionRunner } from './actions.js';
import type { LocalMatcher } from './local-matcher.js';
import { aged, memoryOf, type RuleMemory } from './memory.js';
import type { ActingRule } from './order.js';
import type { LocalRule, RuleSet } from './rule-set.js';

/** What was told of resources that have not come yet is kept of so many. */
const mostRecalled = 1_000;
/** It is told again with the next heartbeat: one message may be lost. */
const timesTold = 2;

interface Recalled {
  readonly memories: RuleMemory[];
  readonly atUs: number;
}

export class HandingOn {
  readonly #matcher: LocalMatcher;
  readonly #runner: ActionRunner;
  readonly #rules: ReadonlyMap<string, LocalRule>;
  /** Told of resources that are still to come, by resource. */
  readonly #recalled = new Map<number, Recalled>();
  /** By resource of which that has changed: how often it is still to be told. */
  readonly #changed = new Map<number, number>();

  constructor({ rules }: RuleSet, matcher: LocalMatcher, runner: ActionRunner) {
    this.#matcher = matcher;
    this.#runner = runner;
    const local = rules.filter((rule) => rule.scope === 'local');
    this.#rules = new Map(local.map((rule) => [rule.name, rule]));
  }

  /** Something is to be kept in mind of it, or no longer. */
  changed(resource: number): void {
    this.#changed.set(resource, timesTold);
  }

  /** So many, at most, of which it is to be told. */
  takeChanged(most: number): number[] {
    const changed = [...this.#changed].slice(0, most);
    for (const [resource, times] of changed) {
      this.#changed.delete(resource);
      // The others come first.
      if (times > 1) this.#changed.set(resource, times - 1);
    }
    return changed.map(([resource]) => resource);
  }

  /** For its next holder. */
  remember(resource: number, nowUs: number): RuleMemory[] {
    const memories: RuleMemory[] = [];
    for (const rule of this.#rules.values()) {
      const acting = rule.act.verb === 'notify' ? [] :
        this.#runner.remember(rule as ActingRule, resource, nowUs);
      const parts = [this.#matcher.remember(rule, resource, nowUs), ...acting];
      const memory = memoryOf(resource, rule.name, parts);
      if (memory !== null) memories.push(memory);
    }
    return memories;
  }

  /** Told by their former holder, or by whom that one told it, of resources that come here. */
  announced(memories: readonly RuleMemory[], nowUs: number): void {
    const fresh = new Map<number, RuleMemory[]>();
    for (const memory of memories) {
      const { resource } = memory;
      if (this.#matcher.knows(resource)) continue;
      const told = fresh.get(resource);
      if (told === undefined) fresh.set(resource, [memory]);
      else told.push(memory);
    }
    for (const [resource, told] of fresh) {
      this.#recalled.delete(resource);
      this.#recalled.set(resource, { memories: told, atUs: nowUs });
    }
    // Some never come.
    for (const resource of this.#recalled.keys()) {
      if (this.#recalled.size <= mostRecalled) break;
      this.#recalled.delete(resource);
    }
  }

  /** Before rules look at it: if it has just come, they go on where its former holder was. */
  came(resource: number, incarnation: number, nowUs: number): void {
    const recalled = this.#recalled.get(resource);
    if (recalled === undefined) return;
    this.#recalled.delete(resource);
    if (this.#matcher.knows(resource)) return;
    this.changed(resource);
    const sinceUs = Math.max(0, nowUs - recalled.atUs);
    for (const told of recalled.memories) {
      const rule = this.#rules.get(told.rule);
      if (rule === undefined) continue;
      const memory = aged(told, sinceUs);
      this.#matcher.recall(rule, resource, memory, nowUs);
      if (rule.act.verb !== 'notify') {
        this.#runner.recall(rule as ActingRule, resource, memory, incarnation, nowUs);
      }
    }
  }

  forget(resource: number): void {
    this.#recalled.delete(resource);
    this.#changed.delete(resource);
  }

  clear(): void {
    this.#recalled.clear();
    this.#changed.clear();
  }
}
