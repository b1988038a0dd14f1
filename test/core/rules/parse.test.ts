import fc from 'fast-check';
import t from 'tap';
import { readFileSync } from 'node:fs';
import { parseDocument, type YAMLMap, type Scalar } from 'yaml';
import { scalarOffsets } from '../../../core/rules/scalar-offsets.js';
import { dangersOf, parseRules, RuleError, type LocalRule } from '../../../core/rules/index.js';
import { EntityView } from '../../../core/rules/views.js';
import { entity, kinds, rulesOf } from './fixtures.js';

function errorOf(text: string): RuleError {
  try {
    parseRules([{ file: 'r.yaml', text }], kinds);
  } catch (error) {
    if (error instanceof RuleError) return error;
    throw error;
  }
  throw new Error(`accepted:\n${text}`);
}

/** A local rule for services with this condition, which stands at 5:11, and more lines. */
const local = (when: string, ...more: string[]): string =>
  ['rules:', '  - name: r', '    scope: local', '    kind: service', `    when: ${when}`,
    '    do: restart', ...more.map((line) => `    ${line}`)].join('\n');

const globalRule = (...lines: string[]): string =>
  ['rules:', '  - name: r', '    scope: global', ...lines.map((line) => `    ${line}`)].join('\n');

/** [text, line:column, problem, what the remedy must hold]. */
const wrong: readonly (readonly [string, string, string, string])[] = [
  // Expressions: types and names
  [local('entity.state == 3'), '5:11', '== does not take string and int', 'double quotes'],
  [local('entity.metrics.load == 3'), '5:11', '== does not take double and int', '3.0'],
  [local('entity.hostUp && entity.incarnation > "1"'), '5:28',
    '> does not take int and string', 'double quotes'],
  [local('entity.metrics.lood > 1.0'), '5:26', 'kind service has no metric lood', 'load?'],
  [local('has(entity.metrics.lood)'), '5:30', 'kind service has no metric lood', 'load?'],
  [local('entity.metrics["queue"] > 1.0'), '5:26', 'kind service has no metric queue', 'latency'],
  [local('entity.hostUp && entity.stat == "up"'), '5:35', 'entity has no stat here', 'state?'],
  [local('entity.hostUp && hostUp'), '5:28', 'unknown name hostUp', 'known here: entity'],
  [local('entity.state'), '5:11', 'when is of type string', 'true or false'],
  [local('entity.state == "dwn"'), '5:27',
    'no state is called dwn', 'up, starting, stopped, down'],
  [local(`'"dwn" != entity.state'`), '5:12', 'no state is called dwn',
    'up, starting, stopped, down'],
  [local('entity.state in ["up", "dow"]'), '5:34', 'no state is called dow', 'stopped'],
  [local('entity.state == bad', 'let: { bad: dwn }'), '5:27', 'no state is called dwn', 'stopped'],
  [local('entity.host.state == "down"'), '5:32', 'no state of a host is called down',
    'the states of a host are up, unknown, unreachable'],
  [local('entity.hostState in ["lost"]'), '5:32', 'no state of a host is called lost', 'unknown'],
  [local('entity.host.age > 3.0'), '5:23', "cannot index type 'string'", 'docs/writing-rules.md'],
  [globalRule('when: group.up > 0', 'group: string(entity.age)', 'notify: group.name'),
    '5:26', 'entity has no age here', 'a group may depend only on what never changes'],
  [local('entity.kind == "worker"'), '5:26', 'no kind of this rule is called worker', 'service'],
  [local('entity == entity'), '5:11', 'entity cannot be used as a whole', 'state'],
  [local('entity.metrics == entity.metrics'), '5:18',
    'entity.metrics cannot be used as a whole', 'load, latency'],
  [local('dyn(entity.name) == 3'), '5:11', 'dyn() is not for rules', 'compare'],
  [local(`'{"constructor": true}["constructor"]'`), '5:13',
    'a map in an expression cannot have the key constructor', '=='],
  // Expressions: grammar
  [local('entity.state = "down"'), '5:24', 'unexpected character: =', '=='],
  [local('entity.hostUp and true'), '5:25', 'and is no operator', '&&'],
  [local('entity.hostUp &&'), '5:27', 'the expression ends too early', 'for example'],
  // Expressions: where they stand in quoted and block scalars
  [local(`'entity.name == "it''s" && entity.zon == "a"'`), '5:45',
    'entity has no zon here', 'zone'],
  [local('"entity.name == \\"\\x41\\" && entity.stat == 1"'), '5:46',
    'entity has no stat here', ''],
  [local('entity.hostUp\n      && enttity.hostUp'), '6:10', 'unknown name enttity', 'entity?'],
  [local('>\n      entity.hostUp\n      && entity.hst == ""'), '7:17',
    'entity has no hst here', ''],
  [local('|-\n      entity.hostUp\n        && foo'), '7:12', 'unknown name foo', ''],
  [local('"entity.hostUp \\\n      && foo"'), '6:10', 'unknown name foo', ''],
  // YAML
  [local('true', '---', 'rules: []').replace(/^ +---/m, '---').replace(/^ +rules: \[/m, 'rules: ['),
    '7:1', 'a second document begins here, and one is taken', 'of its own'],
  [local('!entity.hostUp'), '5:11', 'a value that begins with ! is a tag in YAML', 'single quotes'],
  [local('a: b'), '5:11',
    'not valid YAML: Nested mappings are not allowed in compact mappings', ''],
  [local('true', 'when: false'), '7:5', 'the same key stands here twice', 'remove'],
  ['', '1:1', 'the file is empty', 'rules:'],
  ['rules: 3', '1:8', 'rules is 3', 'list'],
  ['rules:', '1:1', 'rules has no value', 'colon'],
  ['- 1', '1:1', 'the rule file is a list', 'keys'],
  // Keys and values
  ['rulez: []', '1:1', 'unknown key rulez in the rule file', 'rules?'],
  [local('true', 'wehn: true'), '7:5', 'unknown key wehn in the rule', 'when?'],
  [local('true', 'pick: true'), '7:5', 'pick is for global rules', 'scope: global'],
  [local('true', 'retry: { dely: 5s }'), '7:14', 'unknown key dely in retry', 'delay?'],
  [local('true', 'retry: { delay: 5 }'), '7:21', 'delay is 5', '30s'],
  [local('true', 'retry: { delay: 5m, max: 1s }'), '7:30', 'max is less than delay', 'long'],
  [local('true', 'retry: { factor: 0.5 }'), '7:22', 'factor is 0.5', 'at least 1'],
  [local('true', 'let: { int: 3 }'), '7:12', 'int cannot name a constant', 'choose a name'],
  [local('true', 'let: { x: [3] }'), '7:15', 'x is no constant', 'number'],
  [local('true', 'notify: entity.name'), '6:5', 'a rule either acts or notifies', 'two rules'],
  [local('true').replace('restart', 'rstart'), '6:9', 'unknown action rstart', 'restart?'],
  [local('true').replace('service', 'servise'), '4:11', 'unknown kind servise', 'service?'],
  [local('true').replace('local', 'lokal'), '3:12', 'unknown scope lokal', 'local?'],
  [local('true').replace('    do: restart', ''), '2:5', 'the rule does nothing', 'notify'],
  [local('true') + local('true').replace('rules:', ''), '7:11', 'a second rule is called r',
    'the first is at r.yaml:2'],
  ['rules:\n  - scope: local', '2:5', 'the rule has no name', 'name:'],
  // Global rules
  [globalRule('when: entity.state == "up"', 'notify: group.name'), '4:11', 'unknown name entity',
    'group'],
  [globalRule('group: entity.state', 'when: true', 'notify: group.name'), '4:19',
    'entity has no state here', 'never changes'],
  [globalRule('when: group.upp > 1', 'notify: group.name'), '4:17', 'group has no upp', 'up?'],
  [globalRule('when: group.mean.load > 1.0', 'notify: group.name'), '4:22',
    'kind worker has no metric load', 'kind: service'],
  [globalRule('when: group.up > 1', 'do: stop'), '2:5', 'the rule has no pick', 'pick:'],
  [globalRule('when: true', 'do: stop', 'pick: entity.hostUp'), '6:18', 'entity has no hostUp here',
    'only the conditions of local rules'],
  [globalRule('when: group.up > 1', 'notify: group.up'), '5:13', 'notify is of type int', 'a text'],
  [globalRule('when: true', 'notify: group.name', 'pick: true'), '6:5', 'a notice picks nothing',
    'remove pick'],
];

t.test('every mistake is found at its line and column', (t) => {
  for (const [text, place, problem, remedy] of wrong) {
    const error = errorOf(text);
    t.equal(`${error.line}:${error.column}`, place, `${problem}: place`);
    t.equal(error.problem, problem);
    t.match(error.remedy, new RegExp(remedy.replace(/[.?]/g, '\\$&')), problem);
    const [head, source, caret] = error.message.split('\n');
    t.equal(head, `r.yaml:${place}: ${error.problem}, ${error.remedy}`);
    t.equal(source, `  ${text.split('\n')[error.line - 1]}`);
    t.equal(caret, `${' '.repeat(error.column + 1)}^`);
  }
  t.end();
});

t.test('what is too long, too deep or no pattern is said in a line, with its place', (t) => {
  const cases: readonly [string, RegExp][] = [
    [local(`1${'+1'.repeat(3000)} > 0`), /:5:11: the expression has too many parts, /],
    [local(`${'('.repeat(300)}1${')'.repeat(300)}`), /:5:111: the expression nests deeper than /],
    [local(`'${'!'.repeat(9000)}true'`), /:5:\d+: the expression nests |:5:\d+: .* too many parts/],
    [local(`entity.name == "${'x'.repeat(20_000)}"`), /:5:11: .* longer than 20000 characters/],
    [local('entity.name.matches("a(?=b)")'), /:5:31: this is no regular expression: inv.*RE2/],
    [local('entity.name.matches(bad)', 'let: { bad: "(" }'), /:5:31: this is no regular exp/],
    [local(`true && [1].exists(x, ${'[1].exists(y, '.repeat(3)}true${')'.repeat(4)}`),
      /:5:\d+: loops nest deeper than 2, make it several rules/],
    [local('entity.name.matches(3)'), /:5:\d+: found no matching overload for .*matches\(/],
    [`rules: ${'['.repeat(20_000)}`, /:1:\d+: this YAML nests too deeply, write it flatter/],
  ];
  for (const [text, message] of cases) {
    const error = errorOf(text);
    t.match(error.message, message);
    for (const line of error.message.split('\n').slice(1)) t.ok(line.length < 200, 'an excerpt');
  }
  t.end();
});

t.test('matches takes time as the text is long, whatever the pattern', (t) => {
  const rule = local(`entity.name.matches("^(a+)+$") || entity.name.matches("^b[0-9]+")`);
  const contextOf = (name: string): { entity: EntityView } => {
    const view = new EntityView();
    view.show({ ...entity(1), descriptor: { ...entity(1).descriptor, name } }, []);
    return { entity: view };
  };
  const [first] = rulesOf(...rule.split('\n')).rules as readonly LocalRule[];
  const fires = (name: string): boolean =>
    first.when(contextOf(name));
  t.ok(fires('aaa'));
  t.ok(fires('b7'));
  t.notOk(fires(`${'a'.repeat(30_000)}b`), 'for ever, if it went back');
  t.end();
});

t.test('the shipped rules are sound', (t) => {
  const sources = ['restart-crashed', 'keep-replicas', 'stop-surplus'].map((name) =>
    ({ file: name, text: readFileSync(`scenarios/rules/${name}.yaml`, 'utf8') }));
  t.same(dangersOf(parseRules(sources, kinds)), [], 'alone and together');
  for (const name of ['restart-crashed', 'keep-replicas', 'stop-surplus']) {
    const text = readFileSync(`scenarios/rules/${name}.yaml`, 'utf8');
    t.equal(parseRules([{ file: name, text }], kinds).rules[0]?.name, name);
  }
  t.end();
});

t.test('the guide\'s example is sound', (t) => {
  const guide = readFileSync('docs/writing-rules.md', 'utf8');
  const [, text = ''] = /```yaml\n(.*?)```/s.exec(guide) ?? [];
  const names = parseRules([{ file: 'guide', text }], kinds).rules.map(({ name }) => name);
  t.strictSame(names, ['restart-crashed', 'keep-replicas', 'tell-overload']);
  t.end();
});

t.test('the guide shows the message that a typo gives', (t) => {
  const guide = readFileSync('docs/writing-rules.md', 'utf8');
  const shipped = readFileSync('scenarios/rules/restart-crashed.yaml', 'utf8');
  const text = shipped.replace('entity.state ==', 'entity.stat ==');
  const shown = errorOf(text).message.replace('r.yaml', 'my-rules.yaml');
  t.ok(guide.includes(shown), shown);
  t.end();
});

t.test('what is optional has defaults; what begins with x- is left out', (t) => {
  const { rules, local: byKind } = rulesOf(
    'x-delay: &delay 10s', 'rules:', '  - name: a', '    x-owner: me', '    scope: local',
    '    when: true', '    do: stop', '    retry: { delay: *delay }', '  - name: b',
    '    scope: local', '    kind: [worker, service]', '    when: true', '    notify: entity.name',
  );
  t.match(rules[0], { kinds: ['service', 'worker'], description: null });
  t.match(rules[0]?.act, { verb: 'stop', retry: { delayUs: 10e6, factor: 2, maxUs: 60e6 } });
  t.strictSame(byKind.get('worker')?.map(({ name }) => name), ['a', 'b']);
  t.end();
});

t.test('offsets in quoted scalars point at the characters they stand for', (t) => {
  const unit = fc.constantFrom('a', 'b', '"', "'", '\\', ' ', '\t', 'é');
  const word = fc.string({ unit, minLength: 1, maxLength: 12 });
  fc.assert(fc.property(word, fc.boolean(), (value, double) => {
    const text = double ? `k: ${JSON.stringify(value)}` : `k: '${value.replaceAll("'", "''")}'`;
    const map = parseDocument(text).contents as YAMLMap;
    const scalar = map.items[0]?.value as Scalar;
    if (scalar.value !== value) throw new Error(`read ${String(scalar.value)}`);
    const offsets = scalarOffsets(scalar, text);
    let at = 4;
    for (const [index, character] of value.split('').entries()) {
      if (offsets[index] !== at) throw new Error(`${text}: ${index} at ${offsets[index]}`);
      const escaped = double ? '"\\\t'.includes(character) : character === "'";
      at += escaped ? 2 : 1;
    }
  }));
  t.pass('for 100 texts');
  t.end();
});
