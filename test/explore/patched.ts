/** A copy of the built program with other sources of core in it. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Defect } from './defects.js';

/** From dist/test/explore, where this runs, to the checkout. */
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What a rebuild of the checkout does not disturb. */
export class Copy {
  readonly root = mkdtempSync(join(tmpdir(), 'howdah-copy-'));
  /** The program's entry: for `node`. */
  readonly main = join(this.root, 'dist/cli/main.js');

  constructor() {
    cpSync(join(root, 'dist'), join(this.root, 'dist'), { recursive: true });
    cpSync(join(root, 'package.json'), join(this.root, 'package.json'));
    for (const name of ['node_modules', 'scenarios', 'docs']) {
      symlinkSync(join(root, name), join(this.root, name));
    }
  }

  /** What is built of `source` takes the place of a file under core/. */
  replace(file: string, source: string): void {
    writeFileSync(join(this.root, 'dist/core', file.replace(/\.ts$/, '.js')), built(source));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** What is run of a source. */
export function built(source: string): string {
  return ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  }).outputText;
}

/** The text of a file under core/ of the checkout. */
export function coreSource(file: string): string {
  return readFileSync(join(root, 'core', file), 'utf8');
}

/** @throws Error where a patch finds no place, or several: sources have changed */
export function patched({ name, patches }: Defect): Copy {
  const sources = new Map<string, string>();
  for (const { file, from, to } of patches) {
    const source = sources.get(file) ?? coreSource(file);
    const places = source.split(from).length - 1;
    if (places !== 1) throw new Error(`${name}: its patch has ${places} places in core/${file}`);
    sources.set(file, source.replace(from, () => to));
  }
  const copy = new Copy();
  for (const [file, source] of sources) copy.replace(file, source);
  return copy;
}
