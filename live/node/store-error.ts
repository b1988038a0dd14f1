/** What a node had stored cannot be read any more: its disk is at fault. */
export class DamagedStoreError extends Error {
  override readonly name = 'DamagedStoreError';
  readonly path: string;

  constructor(path: string) {
    super(`${path}: what was stored here is damaged, remove it to begin without`);
    this.path = path;
  }
}
