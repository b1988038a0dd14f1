/** What the operating system refused, in words, with what would help. */

const words: Readonly<Record<string, readonly [problem: string, remedy: string]>> = {
  ENOENT: ['there is no such file', 'name one that exists'],
  EEXIST: ['something else has this name', 'choose another'],
  EISDIR: ['it is a directory', 'name a file'],
  ENOTDIR: ['part of the path is no directory', 'correct the path'],
  EACCES: ['permission denied', 'name a place of your own'],
  EPERM: ['permission denied', 'name a place of your own'],
  EROFS: ['the disk is read-only', 'name a place that is not'],
  EMFILE: ['too many files are open for one process', 'allow more: ulimit -n 1024'],
  ENFILE: ['too many files are open on this machine', 'close some programs'],
  ENOSPC: ['no space left on the disk', 'make some, or name a place on another'],
  EDQUOT: ['your share of the disk is used up', 'make some space'],
  EFBIG: ['the file would be larger than is allowed', 'allow more: ulimit -f unlimited'],
  EIO: ['the device does not answer', 'name a place on another'],
  ENAMETOOLONG: ['the name is too long', 'choose a shorter one'],
  ELOOP: ['symbolic links lead in a circle', 'correct them'],
  EAGAIN: ['no more processes are allowed', 'allow more (ulimit -u) or use fewer --jobs'],
  ENOMEM: ['there is no memory left', 'use fewer --jobs or a smaller scenario'],
};

export interface Refusal {
  readonly problem: string;
  /** What would help; undefined: we know of nothing. */
  readonly remedy: string | undefined;
}

export function refusalOf(error: unknown): Refusal {
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  if (syscall === 'uv_cwd') {
    return { problem: 'the folder that you are in is gone', remedy: 'go to one that exists' };
  }
  if (Object.hasOwn(words, code)) {
    const [problem, remedy] = words[code];
    return { problem, remedy };
  }
  return { problem: error instanceof Error ? error.message : String(error), remedy: undefined };
}

/** One line, with the path where there is one. */
export function inWords(error: unknown): string {
  const { problem, remedy } = refusalOf(error);
  const { path } = error as NodeJS.ErrnoException;
  const place = path === undefined || remedy === undefined ? '' : `${path}: `;
  return `${place}${problem}${remedy === undefined ? '' : `, ${remedy}`}`;
}
