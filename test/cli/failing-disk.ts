/** A disk that fails, for what runs in this process: files by `node:fs`, synchronously. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const writes = ['writeFileSync', 'writeSync'] as const;
const changes = [
  'openSync', 'mkdirSync', 'renameSync', 'linkSync', 'symlinkSync', 'fsyncSync',
] as const;
type Operation = (typeof writes | typeof changes)[number];

export interface Disk {
  /** Bytes that fit; Infinity by default. */
  readonly bytes?: number;
  /** Operations that change something and still succeed; Infinity by default. */
  readonly operations?: number;
  /** What the others fail with. */
  readonly code: 'ENOSPC' | 'EROFS' | 'EIO' | 'EMFILE' | 'EDQUOT' | 'EACCES';
}

/** Runs `work` on it. Told: bytes written, operations done, whether any failed. */
export async function onDisk<Result>(
  disk: Disk,
  work: () => Promise<Result>,
): Promise<{ result: Result; bytes: number; operations: number; failed: boolean }> {
  const { bytes: most = Infinity, operations: mostOperations = Infinity, code } = disk;
  const sound = new Map<Operation, unknown>();
  const used = { bytes: 0, operations: 0, failed: false };
  const count = (name: Operation, path: unknown, size: number): void => {
    used.bytes += size;
    used.operations += 1;
    if (used.bytes <= most && used.operations <= mostOperations) return;
    used.failed = true;
    const where = typeof path === 'string' ? { path } : {};
    throw Object.assign(new Error(`${code}: ${name}`), { code, syscall: name, ...where });
  };
  for (const name of [...writes, ...changes]) {
    const own = fs[name] as (...given: unknown[]) => unknown;
    sound.set(name, own);
    (fs as unknown as Record<string, unknown>)[name] = (...given: unknown[]): unknown => {
      const [path, content] = given;
      // Who only reads needs no room.
      const reads = name === 'openSync' && (content === undefined || content === 'r');
      const isWrite = name === 'writeFileSync' || name === 'writeSync';
      const size = isWrite ? Buffer.byteLength(content as string) : 0;
      if (!reads) count(name, path, size);
      return own(...given);
    };
  }
  syncBuiltinESMExports();
  try {
    return { result: await work(), ...used };
  } finally {
    for (const [name, own] of sound) (fs as unknown as Record<string, unknown>)[name] = own;
    syncBuiltinESMExports();
  }
}
