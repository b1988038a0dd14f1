/** Where the files that a scenario names lie: beside the scenario, unless one says otherwise. */
import { dirname, isAbsolute, join } from 'node:path';

export class Files {
  /** Of relative names. */
  readonly directory: string;
  /** Relative names that were looked for. */
  readonly names = new Set<string>();
  private readonly known = new Map<string, unknown>();

  constructor(directory: string) {
    this.directory = directory;
  }

  static beside(file: string): Files {
    return new Files(dirname(file));
  }

  locate(name: string): string {
    if (isAbsolute(name)) return name;
    this.names.add(name);
    return join(this.directory, name);
  }

  /** Reads a path once: scenarios that share this share what is in the file, which may be large. */
  once<Content>(path: string, read: (path: string) => Content): Content {
    if (!this.known.has(path)) this.known.set(path, read(path));
    return this.known.get(path) as Content;
  }
}
