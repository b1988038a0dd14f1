/** A copy of the built program with patches applied to the sources of core. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Defect } from './defects.js';

/** From dist/test/explore, where this runs, to the checkout. */
const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Patched {
  /** The program's entry: for `node`. */
  readonly main: string;
  remove(): void;
}

/** @throws Error where a patch finds no place, or several: sources have changed */
export function patched({ name, patches }: Defect): Patched {
  const sources = new Map<string, string>();
  for (const { file, from, to } of patches) {
    const source = sources.get(file) ?? readFileSync(join(root, 'core', file), 'utf8');
    const places = source.split(from).length - 1;
    if (places !== 1) throw new Error(`${name}: its patch has ${places} places in core/${file}`);
    sources.set(file, source.replace(from, () => to));
  }
  const copy = mkdtempSync(join(tmpdir(), 'howdah-defect-'));
  cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(copy, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const [file, source] of sources) {
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    });
    writeFileSync(join(copy, 'dist/core', file.replace(/\.ts$/, '.js')), outputText);
  }
  const remove = (): void => rmSync(copy, { recursive: true, force: true });
  return { main: join(copy, 'dist/cli/main.js'), remove };
}
