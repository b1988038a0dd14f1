/**
 * What authors of rules do wrong, and what they are told: errors, and dangers that are warnings.
 * The caret stands where `^^` does in the rule.
 */
import t from 'tap';
import { dangersOf, parseRules, RuleError } from '../../../core/rules/index.js';
import { kinds } from './fixtures.js';

const local = (when: string, more = 'do: restart'): string =>
  `{ name: a, scope: local, when: '${when}', ${more} }`;
const global = (when: string, verb: string, pick: string, name = 'a'): string =>
  `{ name: ${name}, scope: global, group: entity.labels.group, when: ${when}, do: ${verb}, ` +
  `pick: 'entity.state == "${pick}"' }`;
const down = 'entity.state == "down"';

/** The rules, what is said, and whether it is only a warning. */
const mistakes: readonly (readonly [rules: string, told: RegExp, kind: 'error' | 'danger'])[] = [
  [local('entity.^^stat == "down"'), /entity has no stat here, did you mean state\?/, 'error'],
  [local('entity.state == ^^"dead"'), /no state is called dead, the states are up, /, 'error'],
  [local('entity.state ^^= "down"'), /compare with ==/, 'error'],
  [local(`${down} ^^and entity.hostUp`), /and is no operator, write &&/, 'error'],
  [local('^^entity.name'), /when is of type string, write one that gives true or false/, 'error'],
  [local('^^entity.metrics.load == 3', 'kind: service, do: restart'),
    /== does not take double and int.*3\.0/, 'error'],
  [local('entity.metrics.^^queue > 1.0', 'kind: service, do: restart'),
    /kind service has no metric queue/, 'error'],
  [local(down, 'do: ^^reboot'), /unknown action reboot/, 'error'],
  [local(down, 'do: restart, ^^then: stop'), /unknown key then in the rule/, 'error'],
  ['^^{ name: a, scope: local, when: true }', /the rule does nothing, add do/, 'error'],
  [local(down, 'do: restart, ^^pick: true'), /pick is for global rules/, 'error'],
  [local(down, 'do: restart, retry: { delay: 5s, max: ^^1s }'), /max is less than delay/, 'error'],
  [local(down, 'do: restart, for: ^^30'), /for is 30, write a number with a unit/, 'error'],
  [local(down, 'do: restart, limit: ^^{ atMost: 5 }'), /limit has no per, add the key/, 'error'],
  [local(down, 'do: restart, limit: { atMost: ^^0, per: 1m }'), /atMost is 0.*at least 1/, 'error'],
  [local(down, 'do: restart, limit: { atMost: 5, per: 1m, then: ^^stop }'),
    /unknown then stop, known here: wait, give-up/, 'error'],
  [local(down, 'do: restart, limit: { atMost: 5, per: 1m, ^^reset: 1h }'),
    /what only waits is not reset, write then: give-up/, 'error'],
  [local(down, 'notify: entity.name, ^^limit: { atMost: 5, per: 1m }'),
    /a notice has no limit, write a cooldown/, 'error'],
  [local('entity.state == "up" && entity.metrics.load > 0.9', 'kind: service, do: ^^start'),
    /start is asked for what is up, and would always be refused, .* what is stopped or down/,
    'danger'],
  [local('entity.state != "stopped"').replace("'entity", "'^^entity"),
    /this holds of what is up too, which it is after a restart, ask for what is to be mended/,
    'danger'],
  [global('^^group.up < 3', 'start', 'stopped'),
    /would start every candidate there is, compare group\.up \+ group\.starting/, 'danger'],
  [global('^^group.down > 2', 'start', 'stopped'), /would start every candidate/, 'danger'],
  [global('group.up < 3', 'start', 'up').replace("'entity", "'^^entity"),
    /start is asked for what is up, and would always be refused/, 'danger'],
  [global('^^group.up > 3 && group.up < 2', 'stop', 'up'), /this never holds/, 'danger'],
  [`${global('group.up + group.starting < 4', 'start', 'stopped', 'more')}, ` +
    global('^^group.up > 2', 'stop', 'up', 'fewer'),
  /fewer and more undo each other: with 2 up, more would start one, and this one stop it/,
  'danger'],
  [`${local(`^^entity.state == "stopped"`, 'do: start')}, ` +
    global('group.up > 3', 'stop', 'up', 'fewer'),
  /this starts whatever fewer stops, say which of them it is for/, 'danger'],
];

function read(text: string): readonly string[] {
  try {
    return dangersOf(parseRules([{ file: 'r.yaml', text }], kinds)).map(({ message }) => message);
  } catch (error) {
    if (error instanceof RuleError) return [error.message];
    throw error;
  }
}

for (const [rules, told, kind] of mistakes) {
  const marked = `rules: [${rules}]`;
  const text = marked.replace('^^', '');
  t.test(text, (t) => {
    const parse = (): unknown => parseRules([{ file: 'r.yaml', text }], kinds);
    if (kind === 'error') t.throws(parse, { name: 'RuleError' });
    else t.doesNotThrow(parse, 'it can be run');
    const [message = 'nothing'] = read(text);
    t.match(message, told);
    const column = marked.indexOf('^^') + 1;
    t.equal(message.slice(0, message.indexOf(' ')), `r.yaml:1:${column}:`);
    t.equal(message.split('\n')[2]?.trim(), '^');
    t.end();
  });
}

t.test('where what is silent is told apart, rules of before are told what to write', (t) => {
  const told = (rule: string, tellsApart = true): readonly string[] =>
    dangersOf(parseRules([{ file: 'r.yaml', text: `rules: [${rule}]` }], kinds), tellsApart)
      .map(({ problem, remedy }) => `${problem}, ${remedy}`);
  const shortage = global('group.up + group.starting < 3', 'start', 'stopped');
  t.match(told(shortage)[0], /counts as missing here, write group.up \+ group.unknown/);
  t.same(told(shortage, false), []);
  const down = global('group.down > 0', 'restart', 'down');
  t.match(told(down)[0], /on a host that answers, write group.down \+ group.unreachable/);
  for (const sound of [
    global('group.up + group.starting + group.unknown < 3', 'start', 'stopped'),
    global('group.down + group.unreachable > 2', 'restart', 'down'),
  ]) t.same(told(sound), [], sound);
  t.end();
});

t.test('there are enough of them, and of sound rules nothing is said', (t) => {
  t.ok(mistakes.length >= 25);
  const sound = [
    local(`${down} && entity.hostUp`), local('entity.metrics.load > 0.9 && true',
      'kind: service, notify: entity.name'),
    global('group.up + group.starting < 3', 'start', 'stopped'),
    global('group.down > 0', 'restart', 'down'), global('group.up > 3', 'stop', 'up'),
  ];
  for (const rule of sound) t.same(read(`rules: [${rule}]`), [], rule);
  const pair = [
    global('group.up + group.starting < 3', 'start', 'stopped', 'keep'),
    global('group.up > 3', 'stop', 'up', 'shrink'),
  ];
  t.same(read(`rules: [${pair.join(', ')}]`), [], 'there is room between them');
  t.end();
});
