// One line per file and what failed in it, then the runner's own closing lines: thousands of
// passed assertions would hide the failed one.
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** The source of a test file, whether the event names that (by source map) or what was compiled. */
const sourceOf = (file) => relative(process.cwd(), file).replace(/^dist\/(.*)\.js$/, '$1.ts');

export default async function* reporter(events) {
  const printed = new Map();
  for await (const { type, data } of events) {
    const file = sourceOf(data.file ?? data.name ?? '');
    if (type === 'test:stdout' || type === 'test:stderr') {
      printed.set(file, (printed.get(file) ?? '') + data.message);
    } else if (type === 'test:pass') {
      if (data.skip) yield `skipped ${file}: ${data.name} (${data.skip})\n`;
    } else if (type === 'test:fail') {
      yield* failure(file, data);
    } else if (type === 'test:complete' && sourceOf(data.name) === file) {
      const seconds = (data.details.duration_ms / 1000).toFixed(1);
      if (!data.details.passed) yield printed.get(file) ?? '';
      yield `${data.details.passed ? 'ok' : 'not ok'} ${file} (${seconds} s)\n`;
      printed.delete(file);
    } else if (type === 'test:diagnostic' && !file) {
      yield `# ${data.message}\n`;
    }
  }
}

function* failure(file, { name, line, details }) {
  const { error } = details;
  if (error?.failureType === 'subtestsFailed') return;
  const said = error?.cause?.stack ?? error?.cause?.message ?? error?.cause ?? error?.message;
  yield `not ok ${file}:${line ?? '?'} ${name}\n`;
  yield `${stripVTControlCharacters(String(said)).replace(/^/gm, '    ')}\n`;
}
