/** A folder in which `sim` is run, with processes that end with it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../cli/main.js', import.meta.url));

export class Place {
  readonly directory = mkdtempSync(join(tmpdir(), 'howdah-soak-'));
  private readonly children = new Set<ChildProcess>();

  start(...words: string[]): ChildProcess {
    const child = spawn(process.execPath, [program, ...words], {
      cwd: this.directory, stdio: 'ignore',
    });
    this.children.add(child);
    child.once('exit', () => this.children.delete(child));
    return child;
  }

  async run(...words: string[]): Promise<number | null> {
    const child = this.start(...words);
    await once(child, 'exit');
    return child.exitCode;
  }

  async stop(child: ChildProcess): Promise<void> {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  /** Of a sweep directory, all tables. */
  tables(out: string): ReadonlyMap<string, Buffer> {
    const folder = join(this.directory, out);
    const names = readdirSync(folder).filter((name) => /\.(csv|parquet)$/.test(name));
    return new Map(names.map((name) => [name, readFileSync(join(folder, name))]));
  }

  end(): void {
    for (const child of this.children) child.kill('SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  }
}
