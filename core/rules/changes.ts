/** Which groups of which global rules have changed since when, for those who are told of it. */
export interface Changed {
  readonly rule: string;
  readonly group: string;
}

interface Entry extends Changed {
  readonly version: number;
}

export class Changes {
  /** Of the latest change. */
  version = 0;
  /** By rule and group, the latest change last. */
  readonly #entries = new Map<string, Entry>();

  note(rule: string, group: string): void {
    this.version += 1;
    const key = `${rule}\n${group}`;
    this.#entries.delete(key);
    this.#entries.set(key, { rule, group, version: this.version });
  }

  /** Something else has changed that is told with them. */
  noteBeside(): void {
    this.version += 1;
  }

  /** Those since then, the first first: so many at most, and up to which version these are all. */
  since(from: number, most: number): { readonly changed: readonly Changed[]; readonly to: number } {
    const changed = [...this.#entries.values()].filter(({ version }) => version > from);
    const some = changed.slice(0, most);
    const to = some.length < changed.length ? some.at(-1)!.version : this.version;
    return { changed: some, to };
  }
}
