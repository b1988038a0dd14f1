// Before tsc: the sizes of the messages that come along, as plain code made of their definitions,
// since sizes are asked for at every sending. Nothing is done where they are current. With --check
// they are made anew in any case, nothing is written, and exit code 1 says that they differ.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const listed = 'core/messages.ts';
const made = join(root, 'core/wire/sizes.ts');

/** The sources that define messages: the list of all, and what it imports, by path. */
function definitions(path = listed, found = new Map()) {
  if (found.has(path)) return found;
  const text = readFileSync(join(root, path), 'utf8');
  found.set(path, text);
  for (const [, next] of text.matchAll(/^(?:import|export|\}) (?!type ).*from '(\..*)\.js';/gm)) {
    definitions(join(dirname(path), `${next}.ts`), found);
  }
  return found;
}

/** The definitions themselves. */
async function builtIns(sources) {
  const { default: ts } = await import('typescript');
  const compilerOptions = {
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true,
  };
  const folder = mkdtempSync(join(tmpdir(), 'howdah-sizes-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    for (const [path, text] of sources) {
      const place = join(folder, path.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, ts.transpileModule(text, { compilerOptions }).outputText);
    }
    const place = pathToFileURL(join(folder, listed.replace(/\.ts$/, '.js'))).href;
    return (await import(place)).builtIns;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const pascal = (name) => camel(`-${name}`);

class Generator {
  /** By name: the shape, and the code of the function and interface. */
  records = new Map();
  lists = new Map();

  /** The size of what stands at `at`: a constant, and terms. */
  size(shape, at) {
    switch (shape.kind) {
      case 'flag': case 'word': return [1, []];
      case 'id': return [16, []];
      case 'uint': return [0, [`uintSize(${at})`]];
      case 'index': return [0, [`uintSize(${at} + 1)`]];
      case 'text': case 'labels': case 'values': return [0, [`${shape.kind}Size(${at})`]];
      case 'list': return [0, [`${this.list(shape.of)}(${at})`]];
      case 'nullable': {
        const [bytes, terms] = this.size(shape.of, at);
        const sum = [bytes + 1, ...terms].join(' + ');
        return [0, [`(${at} === null ? 1 : ${sum})`]];
      }
      case 'record': return [0, [`${this.record(shape)}(${at})`]];
      default: throw new Error(`no size is known of ${shape.kind}`);
    }
  }

  type(shape) {
    switch (shape.kind) {
      case 'text': return 'string';
      case 'labels': return 'Readonly<Record<string, string>>';
      case 'values': return 'readonly number[] | null';
      case 'list': return `readonly ${this.type(shape.of)}[]`;
      case 'nullable': return `${this.type(shape.of)} | null`;
      case 'record': this.record(shape); return pascal(shape.name);
      default: return 'number';
    }
  }

  /** The name of the function that sums up a record. */
  record(shape) {
    const name = camel(shape.name);
    const known = this.records.get(name);
    if (known !== undefined && known.shape.fields !== shape.fields) {
      throw new Error(`two records are called ${shape.name}`);
    }
    if (known !== undefined) return name;
    const entry = { shape, code: '' };
    this.records.set(name, entry);
    let bytes = 0;
    const terms = [];
    const members = [];
    for (const [key, { shape: part }] of Object.entries(shape.fields)) {
      const [constant, own] = this.size(part, `of.${key}`);
      bytes += constant;
      terms.push(...own);
      if (own.length > 0) members.push(`  readonly ${key}: ${this.type(part)};\n`);
    }
    if (bytes > 0 || terms.length === 0) terms.unshift(bytes);
    const used = members.length > 0;
    entry.code = (used ? `interface ${pascal(name)} {\n${members.join('')}}\n\n` : '') +
      `function ${name}(${used ? `of: ${pascal(name)}` : ''}): number {\n` +
      `  return ${terms.join(' +\n    ')};\n}\n`;
    return name;
  }

  /** The name of the function that sums up a list. */
  list(shape) {
    const [bytes, terms] = this.size(shape, 'one');
    const name = `${shape.kind === 'record' ? camel(shape.name) : shape.kind}List`;
    const sum = [...(bytes > 0 ? [bytes] : []), ...terms].join(' + ');
    this.lists.set(name, `function ${name}(list: ${this.type({ kind: 'list', of: shape })}): ` +
      'number {\n  let size = uintSize(list.length);\n' +
      `  for (const one of list) size += ${sum};\n  return size;\n}\n`);
    return name;
  }
}

/** Code and checksum. */
const frame = 5;

function source(all, hash) {
  const generator = new Generator();
  const byCode = [...all].sort((a, b) => a.traits.code - b.traits.code);
  const cases = byCode.flatMap(({ type, fields, isEnvelope }) => {
    const own = `${frame} + ${generator.record(fields.shape)}(message as never)`;
    if (!isEnvelope) return [`    case '${type}': return ${own};`];
    const inner = byCode.find(({ traits }) => traits.unnamedIn?.includes(type));
    if (inner === undefined) return [];
    return [
      `    case '${type}':`,
      `      return carries(message, '${inner.type}') ? ${own} +`,
      `        ${generator.record(inner.fields.shape)}(message.payload as never) : -1;`,
    ];
  });
  const functions = [...generator.records.values()].map(({ code }) => code);
  return `// Made by scripts/generate-sizes.mjs of the definitions in core/messages.ts: not to be edited.
// ${hash}
/** The sizes of the messages that come along: the same as by the plain loop of record.ts. */
import type { Message } from './record.js';
import { labelsSize, textSize, uintSize, valuesSize } from './size.js';

/** With code and checksum; -1: it is none of these, or carries what its kind mostly does not. */
export function builtInSize(message: Message): number {
  switch (message.type) {
${cases.join('\n')}
    default: return -1;
  }
}

type Enveloping = Message & { readonly payload: Message };

function carries(message: Message, type: string): message is Enveloping {
  return (message as Enveloping).payload.type === type;
}

${[...functions, ...generator.lists.values()].join('\n')}`;
}

const sources = definitions();
const hash = createHash('sha256');
for (const [path, text] of sources) hash.update(`${path}\n${text}\n`);
hash.update(readFileSync(fileURLToPath(import.meta.url)));
const digest = hash.digest('hex').slice(0, 32);

let before = '';
try {
  before = readFileSync(made, 'utf8');
} catch {
  // It is made for the first time.
}
const check = process.argv.includes('--check');
if (check || !before.includes(`// ${digest}\n`)) {
  const text = source(await builtIns(sources), digest);
  if (!check) writeFileSync(made, text);
  else if (text !== before) process.exitCode = 1;
}
