// One line per file and what failed in it, then the runner's own closing lines: thousands of
// passed assertions would hide the failed one.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

/** The source of a test file, whether the event names that (by source map) or what was compiled. */
const sourceOf = (file) => relative(process.cwd(), file).replace(/^dist\/(.*)\.js$/, '$1.ts');

/** The test files of one process, by the module that scripts/test.mjs wrote to import them. */
const filesOf = (module) => existsSync(module)
  ? Array.from(readFileSync(module, 'utf8').matchAll(/^import '(.*)';$/gm), ([, url]) =>
    sourceOf(fileURLToPath(url)))
  : [];

export default async function* reporter(events) {
  /** By file; of a failed process it is shown, whether told before the end of that or after. */
  const printed = new Map();
  const failed = new Set();
  /** Of files that share a process: how that ended, which of their tests held, and how long. */
  const shared = new Map();
  for await (const { type, data } of events) {
    const from = data.file ?? data.name ?? '';
    const file = sourceOf(from);
    const files = data.name === from ? filesOf(from) : [];
    if (type === 'test:enqueue' && files.length > 1) {
      for (const own of files) shared.set(own, { process: true, tests: [], ms: 0 });
    } else if (type === 'test:stdout' || type === 'test:stderr') {
      if (failed.has(file)) yield data.message;
      else printed.set(file, (printed.get(file) ?? '') + data.message);
    } else if (type === 'test:pass') {
      if (data.skip) yield `skipped ${file}: ${data.name} (${data.skip})\n`;
      count(shared, file, data, true);
    } else if (type === 'test:fail') {
      yield* failure(file, data);
      count(shared, file, data, false);
    } else if (type === 'test:complete' && files.length > 0) {
      const { passed, duration_ms: ms } = data.details;
      for (const own of passed ? [] : [file, ...files]) {
        failed.add(own);
        yield printed.get(own) ?? '';
      }
      if (files.length === 1) yield lineOf(files[0], passed, ms);
      else for (const own of files) shared.get(own).process = passed;
    } else if (type === 'test:diagnostic' && !file) {
      for (const [own, { process, tests, ms }] of shared) {
        yield lineOf(own, tests.length > 0 ? tests.every(Boolean) : process, ms);
      }
      shared.clear();
      yield `# ${data.message}\n`;
    }
  }
}

function count(shared, file, { nesting, details }, passed) {
  const one = shared.get(file);
  if (!one || nesting > 0) return;
  one.tests.push(passed);
  one.ms += details.duration_ms;
}

const lineOf = (file, passed, ms) =>
  `${passed ? 'ok' : 'not ok'} ${file} (${(ms / 1000).toFixed(1)} s)\n`;

function* failure(file, { name, line, details }) {
  const { error } = details;
  if (error?.failureType === 'subtestsFailed') return;
  const said = error?.cause?.stack ?? error?.cause?.message ?? error?.cause ?? error?.message;
  yield `not ok ${file}:${line ?? '?'} ${name}\n`;
  yield `${stripVTControlCharacters(String(said)).replace(/^/gm, '    ')}\n`;
}
