/** `npm run bench -- [NAME] [--full] [--json]`: runs one benchmark or all, prints what came out. */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import type { BenchResult, BenchTarget } from './benchmark.js';
import { benchmarks } from './registry.js';

const USAGE = `Usage: npm run bench -- [NAME] [--full] [--json]
  NAME    one of: ${Object.keys(benchmarks).join(', ')}; all when left out
  --full  more sizes and repetitions
  --json  one JSON document on stdout, nothing else there`;

process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  let options;
  try {
    options = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        full: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 2;
  }
  const { full, json, help } = options.values;
  if (help) {
    console.log(USAGE);
    return 0;
  }
  const names = options.positionals.length > 0 ? options.positionals : Object.keys(benchmarks);
  const unknown = names.find((name) => !Object.hasOwn(benchmarks, name));
  if (unknown !== undefined) {
    console.error(`no benchmark is called ${unknown}\n${USAGE}`);
    return 2;
  }
  const results: BenchResult[] = [];
  for (const name of names) {
    // Each in a process of its own: what the compiler learnt from one would slow the next.
    const result =
      names.length > 1 ? inProcess(name, full) : await benchmarks[name].run({ full, progress });
    results.push(result);
    if (!json) print(result);
  }
  if (json) {
    const { version, platform, arch } = process;
    console.log(JSON.stringify({ node: version, platform, arch, full, results }, null, 2));
  }
  return 0;
}

function inProcess(name: string, full: boolean): BenchResult {
  const { argv, execPath } = process;
  const words = [argv[1], name, '--json', ...(full ? ['--full'] : [])];
  const output = execFileSync(execPath, words, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return (JSON.parse(output) as { results: BenchResult[] }).results[0];
}

function progress(what: string): void {
  if (process.stderr.isTTY) console.error(`... ${what}`);
}

function print(result: BenchResult): void {
  const table = new Table({
    head: result.columns.map((column) => column.title),
    colAligns: result.columns.map(() => 'right'),
    style: { head: [], border: [] },
  });
  for (const row of result.rows) {
    table.push(result.columns.map(({ key, digits = 0 }) => cell(row[key], digits)));
  }
  console.log(`${result.name}: ${result.summary}\n${table.toString()}`);
  for (const target of result.targets) console.log(`  ${target.what}: ${verdict(target)}`);
}

function verdict(target: BenchTarget): string {
  const { measured } = target;
  const isLeast = 'atLeast' in target;
  const promised = isLeast ? `at least ${target.atLeast}` : `at most ${target.atMost}`;
  if (measured === null) return `${promised}: not measured`;
  const isReached = isLeast ? measured >= target.atLeast : measured <= target.atMost;
  const digits = measured < 100 ? 2 : 0;
  return `${promised}: ${measured.toFixed(digits)} ${isReached ? 'reached' : 'MISSED'}`;
}

function cell(value: number | string | null | undefined, digits: number): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'string') return value;
  const [whole, fraction] = value.toFixed(digits).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ' ');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
