import { isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Kind } from '../metamodel/entity.js';
import type { Place } from './error.js';
import { Compiler, type Expression } from './expression.js';
import { RuleFile, type Mapping } from './rule-file.js';
import type {
  GlobalRule, Limit, LocalAction, LocalRule, Notice, Retry, Rule, RuleSet,
} from './rule-set.js';
import { verbs } from '../verbs/index.js';
import {
  fixedFields, globalFields, localFields, type Constant, type Vocabulary,
} from './vocabulary.js';

/** The text of one rule file. */
export interface RuleSource {
  /** As error messages name it. */
  readonly file: string;
  readonly text: string;
}

const globalKeys = ['group', 'pick', 'order'];
export const ruleKeys = [
  'name', 'description', 'scope', 'kind', 'let', 'when', 'for', 'do', 'notify', 'retry',
  'cooldown', 'limit', 'mode', ...globalKeys,
];
const defaultRetry: Retry = { delayUs: 5e6, factor: 2, maxUs: 60e6, stableUs: 0 };

/**
 * Reads and checks rule files. Rules of all files form one set; names are unique in it.
 *
 * @throws RuleError at the first thing that is wrong.
 */
export function parseRules(sources: readonly RuleSource[], kinds: readonly Kind[]): RuleSet {
  const rules: Rule[] = [];
  for (const { file: name, text } of sources) {
    const file = new RuleFile(name, text);
    const root = file.mapping(file.root, 'the rule file', ['rules']);
    for (const node of file.list(file.required(root, 'rules', 'the rule file'), 'rules')) {
      rules.push(new RuleReader(file, node, kinds).read(rules));
    }
  }
  const local = rules.filter((rule) => rule.scope === 'local');
  const global = rules.filter((rule) => rule.scope === 'global');
  return {
    rules,
    local: byKind(local, kinds),
    global: byKind(global, kinds),
    metricsOf: new Map(kinds.map((kind) => [kind.name, kind.metrics])),
  };
}

function byKind<R extends Rule>(rules: R[], kinds: readonly Kind[]): Map<string, readonly R[]> {
  return new Map(
    kinds.map(({ name }) => [name, rules.filter((rule) => rule.kinds.includes(name))]),
  );
}

/** What a rule does that has reached its limit. */
export const whenFull = ['wait', 'give-up'] as const;
export const limitKeys = ['atMost', 'per', 'then', 'reset'] as const;

/** What is read alike of rules of both scopes. */
type Common = Pick<Rule, 'name' | 'place' | 'description' | 'kinds' | 'forUs' | 'places'>;

/** Reads one rule. */
class RuleReader {
  readonly #file: RuleFile;
  readonly #rule: Mapping;
  readonly #scope: 'local' | 'global';
  readonly #kinds: readonly Kind[];
  readonly #constants: ReadonlyMap<string, Constant>;

  constructor(file: RuleFile, node: Node, kinds: readonly Kind[]) {
    this.#file = file;
    this.#rule = file.mapping(node, 'the rule', ruleKeys);
    this.#scope = file.oneOf(this.#required('scope'), 'scope', ['local', 'global']);
    for (const key of this.#scope === 'local' ? globalKeys : []) {
      this.#refuse(key, `${key} is for global rules`, `remove ${key}, or write scope: global`);
    }
    this.#kinds = this.#readKinds(kinds);
    this.#constants = this.#readConstants();
  }

  /** @param earlier the rules before it, whose names it must not take. */
  read(earlier: readonly Rule[]): Rule {
    const name = this.#file.string(this.#required('name'), 'name');
    const twin = earlier.find((rule) => rule.name === name);
    if (twin !== undefined) {
      const remedy = `choose another name: the first is at ${twin.place}`;
      this.#file.fail(this.#required('name'), `a second rule is called ${name}`, remedy);
    }
    const description = this.#get('description');
    const common: Common = {
      name,
      place: this.#file.describePlace(this.#rule.node),
      description: description ? this.#file.string(description, 'description') : null,
      kinds: this.#kinds.map((kind) => kind.name),
      forUs: this.#durationUs('for'),
      places: this.#readPlaces(),
    };
    return this.#scope === 'local'
      ? { ...common, ...this.#readLocal() }
      : { ...common, ...this.#readGlobal() };
  }

  /** A key that is not there stands where the rule does. */
  #readPlaces(): Rule['places'] {
    const place = (key: string): Place => this.#file.place(this.#get(key) ?? this.#rule.node);
    return { when: place('when'), act: place('do'), pick: place('pick') };
  }

  #readLocal(): Omit<LocalRule, keyof Common> {
    const compiler = this.#compiler({ entity: localFields, group: false });
    const when = this.#condition(compiler, 'when');
    return {
      scope: 'local',
      when: test(when),
      condition: when.condition,
      // What a notice says is evaluated only when it is given: it cannot make the rule fire.
      readsMetrics: when.metrics,
      readsAge: when.age,
      thresholds: when.thresholds,
      act: this.#readNotice(compiler).notice ?? this.#readVerb(),
    };
  }

  #readGlobal(): Omit<GlobalRule, keyof Common> {
    const onGroup = this.#compiler({ entity: null, group: true });
    const onEntity = this.#compiler({ entity: globalFields, group: false });
    const groupNode = this.#get('group');
    const group = groupNode && this.#compiler({ entity: fixedFields, group: false })
      .compile(this.#file, groupNode, 'group', ['string']);
    const when = this.#condition(onGroup, 'when');
    const { notice, groupMetrics } = this.#readNotice(onGroup);
    const common = {
      scope: 'global' as const,
      group: group ? nameOf(group) : () => 'all',
      groupText: group?.text ?? null,
      when: test(when),
      condition: when.condition,
      groupMetrics: [...new Set([...when.groupMetrics, ...groupMetrics])],
    };
    if (notice !== null) {
      for (const key of ['pick', 'order']) {
        this.#refuse(key, 'a notice picks nothing', `remove ${key}, or notify`);
      }
      const readsMetrics = common.groupMetrics.length > 0;
      return { ...common, act: notice, readsMetrics, readsAge: false };
    }
    const act = this.#readVerb();
    const pick = this.#condition(onEntity, 'pick');
    const orderNode = this.#get('order');
    const order = orderNode
      && onEntity.compile(this.#file, orderNode, 'order', ['double', 'int']);
    return {
      ...common,
      act: {
        ...act, pick: test(pick), candidates: pick.condition,
        order: order ? rank(order) : () => 0,
      },
      readsMetrics: common.groupMetrics.length > 0 || pick.metrics || (order?.metrics ?? false),
      readsAge: pick.age || order?.age === true,
    };
  }

  #readVerb(): LocalAction {
    const mode = this.#get('mode');
    return {
      verb: this.#file.oneOf(this.#required('do'), 'action', verbs),
      retry: this.#readRetry(),
      cooldownUs: this.#durationUs('cooldown'),
      limit: this.#readLimit(),
      observes: mode !== undefined && this.#file.oneOf(mode, 'mode', ['act', 'observe']) !== 'act',
    };
  }

  /** The notice, or null if the rule acts instead; exactly one of the two must be there. */
  #readNotice(compiler: Compiler): { notice: Notice | null; groupMetrics: readonly string[] } {
    const node = this.#get('notify');
    if (node === undefined) {
      if (this.#get('do') === undefined) {
        const remedy = 'add do: restart, start or stop, or notify: and a text expression';
        this.#file.fail(this.#rule.node, 'the rule does nothing', remedy);
      }
      return { notice: null, groupMetrics: [] };
    }
    this.#refuse('do', 'a rule either acts or notifies', 'make it two rules');
    this.#refuse('retry', 'a notice is not retried', 'remove retry');
    this.#refuse('limit', 'a notice has no limit', 'write a cooldown, or remove limit');
    this.#refuse('mode', 'a notice changes nothing anyway', 'remove mode');
    const text = compiler.compile(this.#file, node, 'notify', ['string']);
    const say = (value: unknown): string =>
      typeof value === 'string' ? value : 'the text has no value: a label or metric is missing';
    const notice: Notice = {
      verb: 'notify', cooldownUs: this.#durationUs('cooldown'),
      text: (context) => say(text.evaluate(context)),
    };
    return { notice, groupMetrics: text.groupMetrics };
  }

  #readRetry(): Retry {
    const node = this.#get('retry');
    if (node === undefined) return defaultRetry;
    const keys = ['delay', 'factor', 'max', 'stable'];
    const { entries } = this.#file.mapping(node, 'retry', keys);
    const [delay, factor, max, stable] = keys.map((key) => entries.get(key)?.node);
    const delayUs = delay ? this.#file.durationUs(delay, 'delay') : defaultRetry.delayUs;
    const maxUs = max
      ? this.#file.durationUs(max, 'max')
      : Math.max(defaultRetry.maxUs, delayUs);
    if (maxUs < delayUs) {
      this.#file.fail(max ?? node, 'max is less than delay', 'make it at least as long');
    }
    return {
      delayUs,
      factor: factor ? this.#file.number(factor, 'factor', 1) : defaultRetry.factor,
      maxUs,
      stableUs: stable ? this.#file.durationUs(stable, 'stable') : defaultRetry.stableUs,
    };
  }

  #readLimit(): Limit | null {
    const node = this.#get('limit');
    if (node === undefined) return null;
    const limit = this.#file.mapping(node, 'limit', limitKeys);
    const atMost = this.#file.required(limit, 'atMost', 'limit');
    const then = limit.entries.get('then')?.node;
    const reset = limit.entries.get('reset');
    const giveUp = then !== undefined && this.#file.oneOf(then, 'then', whenFull) === 'give-up';
    if (reset !== undefined && !giveUp) {
      const remedy = 'write then: give-up, or remove reset';
      this.#file.fail(reset.keyNode, 'what only waits is not reset', remedy);
    }
    return {
      atMost: this.#file.wholeNumber(atMost, 'atMost', 1),
      perUs: this.#file.durationUs(this.#file.required(limit, 'per', 'limit'), 'per'),
      giveUp,
      resetUs: reset === undefined ? Infinity : this.#file.durationUs(reset.node, 'reset'),
    };
  }

  /** 0 without the key. */
  #durationUs(key: string): number {
    const node = this.#get(key);
    return node === undefined ? 0 : this.#file.durationUs(node, key);
  }

  #readKinds(kinds: readonly Kind[]): readonly Kind[] {
    const node = this.#get('kind');
    if (node === undefined) return kinds;
    const nodes = isSeq(node) ? this.#file.list(node, 'kind') : [node];
    const names = kinds.map((kind) => kind.name);
    const wanted = nodes.map((one) => this.#file.oneOf(one, 'kind', names));
    if (wanted.length === 0) this.#file.fail(node, 'kind is empty', 'name a kind, or remove kind');
    return kinds.filter((kind) => wanted.includes(kind.name));
  }

  #readConstants(): ReadonlyMap<string, Constant> {
    const node = this.#get('let');
    const constants = new Map<string, Constant>();
    if (node === undefined) return constants;
    const { entries } = this.#file.mapping(node, 'let', null);
    for (const { key, keyNode, node: value } of entries.values()) {
      if (!/^[A-Za-z_]\w*$/.test(key) || reserved.has(key)) {
        const remedy = 'choose a name of letters, digits and _ that expressions do not know yet';
        this.#file.fail(keyNode, `${key} cannot name a constant`, remedy);
      }
      const constant = constantOf(value);
      if (constant === null) {
        this.#file.fail(value, `${key} is no constant`, 'write a number, a text, true or false');
      }
      constants.set(key, constant);
    }
    return constants;
  }

  #compiler(words: Pick<Vocabulary, 'entity' | 'group'>): Compiler {
    return new Compiler({ ...words, kinds: this.#kinds, constants: this.#constants });
  }

  #condition(compiler: Compiler, key: string): Expression {
    return compiler.compile(this.#file, this.#required(key), key, ['bool']);
  }

  #get(key: string): Node | undefined {
    return this.#rule.entries.get(key)?.node;
  }

  #required(key: string): Node {
    return this.#file.required(this.#rule, key, 'the rule');
  }

  #refuse(key: string, problem: string, remedy: string): void {
    const entry = this.#rule.entries.get(key);
    if (entry !== undefined) this.#file.fail(entry.keyNode, problem, remedy);
  }
}

/** Names that expressions already know, or that CEL keeps. */
const reserved: ReadonlySet<string> = new Set([
  'entity', 'group', 'cel', 'string', 'bool', 'int', 'uint', 'double', 'map', 'list', 'bytes',
  'null_type', 'type', 'true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else',
  'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace', 'return', 'var',
  'void', 'while', '__proto__', 'prototype',
]);

function constantOf(node: Node): Constant | null {
  if (isMap(node) || isSeq(node) || !isScalar(node)) return null;
  const { value } = node;
  const usable = typeof value === 'string' || typeof value === 'boolean'
    || typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value));
  return usable ? value : null;
}

function test(expression: Expression): LocalRule['when'] {
  return (context) => expression.evaluate(context) === true;
}

function nameOf(expression: Expression): GlobalRule['group'] {
  return (context) => {
    const name = expression.evaluate(context);
    return typeof name === 'string' ? name : null;
  };
}

function rank(expression: Expression): (context: Parameters<LocalRule['when']>[0]) => number {
  return (context) => {
    const value = expression.evaluate(context);
    return value === undefined || Number.isNaN(Number(value)) ? Infinity : Number(value);
  };
}
