/** `--plugin MODULE`: finds, loads and checks the modules, and hashes what is in them. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createRegistry } from '../checker/plugins.js';
import { PluginError, type Registry } from '../experiment/plugins.js';

export interface LoadedPlugins {
  /** For {@link LoadOptions.plugins}. */
  readonly registry: Registry;
  /** Of the content of all of them, whatever their order and place; empty without any. */
  readonly hash: string;
  /** Their files, to name them by from anywhere. */
  readonly files: readonly string[];
}

/**
 * @param modules - paths of ESM files, relative to `directory`, or names of packages found from it
 * @throws PluginError where one is missing, does not load, exports something else, or clashes
 */
export async function loadPlugins(
  modules: readonly string[],
  directory = process.cwd(),
): Promise<LoadedPlugins> {
  const files = new Map<string, string>();
  for (const module of modules) {
    const origin = `--plugin ${module}`;
    const file = locate(module, directory, origin);
    // One that is named twice is one all the same.
    if (![...files.values()].includes(file)) files.set(origin, file);
  }
  const sources: { origin: string; plugin: unknown }[] = [];
  for (const [origin, file] of files) {
    sources.push({ origin, plugin: await defaultExport(file, origin) });
  }
  const registry = createRegistry(sources);
  const hashes = Array.from(files.values(), hashModule).sort();
  const hash = hashes.length === 0 ? '' : sha256(hashes.join());
  return { registry, hash, files: [...files.values()] };
}

function locate(module: string, directory: string, origin: string): string {
  const path = resolve(directory, module);
  if (module.startsWith('.') || isAbsolute(module) || isFile(path)) {
    if (isFile(path)) return path;
    throw new PluginError(origin, `there is no file ${path}`, 'name a module (.js or .mjs)');
  }
  const found = locatePackage(module, directory);
  if (found !== null) return found;
  const remedy = 'install it, or begin the path of a file with ./';
  throw new PluginError(origin, `there is no package ${module} here`, remedy);
}

/** As `require` resolves it, or else by what its package.json exports to `import` only. */
function locatePackage(name: string, directory: string): string | null {
  const require = createRequire(join(directory, 'any.js'));
  try {
    return require.resolve(name);
  } catch {
    for (const folder of require.resolve.paths(name) ?? []) {
      const manifest = join(folder, name, 'package.json');
      if (!existsSync(manifest)) continue;
      const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as { exports?: unknown };
      const entry = entryOf(exports);
      if (entry !== null) return join(folder, name, entry);
    }
    return null;
  }
}

/** Of `exports` in a package.json: the file behind `.` for `import`. */
function entryOf(exports: unknown): string | null {
  if (typeof exports === 'string') return exports;
  if (typeof exports !== 'object' || exports === null) return null;
  const conditions = exports as Readonly<Record<string, unknown>>;
  for (const key of ['.', 'import', 'node', 'default']) {
    const entry = entryOf(conditions[key]);
    if (entry !== null) return entry;
  }
  return null;
}

async function defaultExport(file: string, origin: string): Promise<unknown> {
  let module: { readonly default?: unknown };
  try {
    module = (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new PluginError(origin, `it does not load (${reason})`, 'correct the module', error);
  }
  if (module.default === undefined) {
    const remedy = 'write export default { detectors: { ... } }, see docs/extending.md';
    throw new PluginError(origin, 'it has no default export', remedy);
  }
  return module.default;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Specifiers after `from`, `import` and inside `import()`, of files beside the module. */
const relativeImports = /(?:\bfrom|\bimport)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g;

/** Of the file and of all that it imports by relative paths, in the order in which it does. */
function hashModule(entry: string): string {
  const seen = new Set([entry]);
  const hash = createHash('sha256');
  // A set grows while it is iterated over: the files found on the way come last.
  for (const file of seen) {
    if (!isFile(file)) continue;
    const content = readFileSync(file);
    hash.update(`${content.length}\0`).update(content);
    for (const [, specifier] of content.toString('utf8').matchAll(relativeImports)) {
      seen.add(fileURLToPath(new URL(specifier, pathToFileURL(join(dirname(file), 'any.js')))));
    }
  }
  return hash.digest('hex');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
