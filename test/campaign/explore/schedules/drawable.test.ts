/** Whatever a scenario can say, exploration can draw, unless there is a reason: field by field. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { drawSettings } from '../../../../campaign/explore/schedules/settings/draw.js';
import { explorationOf } from '../../../../campaign/explore/schedules/index.js';
import { buildInventory } from '../../../../experiment/inventory.js';
import { openScenario, parseScenario } from '../../../../checker/scenario.js';
import {
  scenarioJsonSchema, type OpenScenario, type ResolvedScenario,
} from '../../../../experiment/scenario/index.js';
import { toSettings } from '../../../../experiment/scenario/to-yaml.js';

/** What exploration leaves alone, with all that is inside, and why. */
const reasons: Readonly<Record<string, string>> = {
  'system.managers': 'what there is the file has to say',
  'system.resources.kind': 'what there is the file has to say',
  'system.resources.count': 'what there is the file has to say',
  'system.resources.labels': 'rules and names depend on them',
  'coordination.quorum': 'there is one choice only',
  'brakes.of=restart': 'refused beside a local rule that restarts, as the swarm has one',
  'network.latency.matrix': 'it needs a file',
  'network.latency.lognormal.mean': 'another way to say the median',
  'network.latency.weibull.mean': 'another way to say the scale',
  'network.latency.pareto.mean': 'another way to say the minimum',
  'faults.trace': 'it needs a file',
  'faults.random': 'lives are drawn by the place among the faults: leaving one out changes others',
  'faults.*.managers': 'drawn when it strikes, by its place among the faults',
  'faults.*.hosts': 'drawn when it strikes, by its place among the faults',
  'faults.*.resources': 'drawn when it strikes, by its place among the faults',
  'faults.*.zones': 'drawn when it strikes, by its place among the faults',
  'faults.*.racks': 'drawn when it strikes, by its place among the faults',
  'faults.*.each': 'it goes with random and trace',
  'faults.partition=halves': 'drawn when it strikes, by its place among the faults',
};

/** Each fault names whom it hits in the same words. */
const targetWords = [
  'successors', 'concerned', 'fullest', 'managers', 'hosts', 'resources', 'zone', 'rack', 'zones',
  'racks', 'each',
];

/** Some are just true or false. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}

/** Every field, names of the user's own as *; a choice as field=choice. */
function* fieldsOf(schema: Schema, path: string): Iterable<string> {
  if (typeof schema !== 'object') return;
  // A distribution is one value, however it is written; but latency is tried law by law.
  const isLaw = schema.properties?.['weibull'] !== undefined && path !== 'network.latency';
  const values = schema.enum ?? ('const' in schema ? [schema.const] : []);
  for (const value of values) yield `${path}=${String(value)}`;
  for (const some of schema.anyOf ?? schema.oneOf ?? []) yield* fieldsOf(some, path);
  if (schema.items !== undefined) yield* fieldsOf(schema.items, path);
  const { additionalProperties: inner } = schema;
  if (typeof inner === 'object') yield* fieldsOf(inner, `${path}.*`);
  if (isLaw) return;
  for (const [key, some] of Object.entries(schema.properties ?? {})) {
    const isTarget = path.startsWith('faults.') && targetWords.includes(key);
    const field = isTarget ? `faults.*.${key}` : `${path}.${key}`;
    yield field;
    yield* fieldsOf(some, field);
  }
}

/** The fields in a value as a user writes it. */
function* fieldsIn(value: unknown, path: string): Iterable<string> {
  if (typeof value === 'string' || typeof value === 'boolean') yield `${path}=${String(value)}`;
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const one of value) yield* fieldsIn(one, path);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const isTarget = path.startsWith('faults.') && targetWords.includes(key);
    const field = isTarget ? `faults.*.${key}` : `${path}.${key}`;
    yield field;
    yield* fieldsIn(inner, field);
  }
}

const bare = 'name: bare\nduration: 5m\nwarmUp: 1m\nsystem:\n  managers: 5\n' +
  '  resources: [{ kind: service, count: 12, labels: { group: web } }]\n';
const zoned = readFileSync('scenarios/swarm.yaml', 'utf8');
const served = bare
  .replace('system:', 'system:\n  zones: 3\n  racks: 2\n  service: { manager: 1us }')
  .concat('rules: [{ file: r.yaml, text: "rules: []" }]\n');

function opened(text: string): { readonly open: OpenScenario; readonly base: ResolvedScenario } {
  const file = 'scenarios/here.yaml';
  return { open: openScenario(text, file, {}), base: parseScenario(text, file) };
}

/** Of the two ways to write a choice, one will do. */
const choice = (field: string): string => field.replace('.name=', '=');

/** Those that seeds draw, until all that are wanted are, or it has been tried often enough. */
function drawnFields(wanted: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  const missing = new Set(wanted);
  const add = (fields: Iterable<string>): void => {
    for (const field of fields) {
      found.add(choice(field));
      missing.delete(choice(field));
    }
  };
  const isOver = (part: RegExp): boolean => ![...missing].some((field) => part.test(field));
  for (const text of [bare, zoned]) {
    const { open, base } = opened(text);
    for (let seed = 1; seed <= 100 && !isOver(/^(?!faults)/); seed += 1) {
      const { changes, scenario } = drawSettings(open, base, seed);
      const rules = scenario.rules.filter((rule) => !base.rules.includes(rule));
      if (rules.length > 0) add(['rules', ...fieldsIn(rules, 'rules')]);
      for (const { path, value } of changes) {
        // Names of kinds and metrics, and numbers of groups, are no fields.
        const steps = path.filter((step) => typeof step === 'string')
          .map((step, index) => index === 2 && path[1] === 'kinds' ? '*' : step)
          .map((step, index) => index === 4 && path[3] === 'metrics' ? '*' : step);
        add(steps.map((_, end) => steps.slice(0, end + 1).join('.')));
        add(fieldsIn(value, steps.join('.')));
      }
    }
  }
  const { base } = opened(served);
  const inventory = buildInventory(base);
  for (let seed = 1; seed <= 400 && !isOver(/^faults/); seed += 1) {
    const { scenario } = explorationOf(base, inventory, seed);
    add(fieldsIn(toSettings({ ...scenario, rules: [] })['faults'], 'faults'));
  }
  return found;
}

/** Whether it, or what it is inside of, is left alone for a reason. */
function isExcused(field: string): boolean {
  return Object.keys(reasons).some((known) => {
    return field === known || field.startsWith(`${known}.`) || field.startsWith(`${known}=`);
  });
}

t.test('every field of what a seed may draw is drawn', async (t) => {
  const { properties } = scenarioJsonSchema() as Schema;
  const parts = [
    'system', 'coordination', 'network', 'rules', 'brakes', 'silences', 'faults',
  ];
  const all = parts.flatMap((part) => [...fieldsOf(properties![part], part)]);
  const fields = new Set(all.map(choice));
  t.ok(fields.size > 150, `${fields.size} fields`);
  const wanted = new Set([...fields].filter((field) => !isExcused(field)));
  const drawn = drawnFields(wanted);
  for (const field of wanted) t.ok(drawn.has(field), `nothing draws ${field}`);
  for (const known of Object.keys(reasons)) {
    t.ok([...fields].some((field) => field === known || field.startsWith(`${known}.`)), known);
  }
});
