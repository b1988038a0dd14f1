/** What every executor must do, whoever makes the runs. */
import t from 'tap';
import type { Executor, Task } from '../../campaign/executors/executor.js';
import { Pool } from '../../campaign/executors/pool.js';
import { ThisProcess } from '../../campaign/executors/this-process.js';

interface Given extends Task {
  readonly does: string;
}

const outside = (error: unknown): error is Error =>
  error instanceof Error && error.message === 'no space left';

async function perform({ runId, does }: Given, report: (share: number) => void): Promise<string> {
  report(0.5);
  if (does !== 'ok') throw new Error(does);
  return `of ${runId}`;
}

/** The same as {@link perform}, in a process of its own. */
const worker = `
process.on('message', ({ runId, does }) => {
  process.send({ kind: 'progress', runId, share: 0.5 });
  const kind = { ok: 'done', 'no space left': 'environment' }[does] ?? 'crashed';
  process.send({ kind, runId, reason: does, result: 'of ' + runId });
});
`;

const executors: Record<string, (folder: string) => Executor<Given, string>> = {
  'this process': () => new ThisProcess(perform, outside),
  workers: (folder) => new Pool(2, new URL(`file://${folder}/worker.mjs`)),
};

for (const [name, create] of Object.entries(executors)) {
  t.test(name, async (t) => {
    const folder = t.testdir({ 'worker.mjs': worker });
    const execute = async (does: readonly string[], more = 0) => {
      const waiting = does.map((one, index): Given => ({ runId: `${index}`, does: one }));
      const told: string[] = [];
      let extra = 0;
      const shares = new Set<number>();
      const executor = create(folder);
      const end = executor.execute({
        next: () => waiting.shift() ?? null,
        left: () => waiting.length,
        ended: ({ runId }, crashed, result) => {
          told.push(`${runId}: ${crashed?.split('\n')[0] ?? result}`);
          // An outcome may make more to do.
          if (extra < more) waiting.push({ runId: `more ${extra++}`, does: 'ok' });
        },
        progress: (_task, share) => void shares.add(share),
      });
      await end;
      return { told: told.sort(), shares };
    };
    t.same((await execute([])).told, [], 'nothing to do');
    const { told, shares } = await execute(['ok', 'bad', 'ok'], 2);
    t.match(told, ['0: of 0', /^1: .*bad$/, '2: of 2', 'more 0: of more 0', 'more 1: of more 1']);
    t.same([...shares], [0.5]);
    const full = execute(['ok', 'no space left', ...Array.from({ length: 9 }, () => 'ok')]);
    await t.rejects(full, { name: 'ExecutorError', message: 'no space left' });
  });
}
