/** What an executor must do; that of queues is shown by sweeps through it. */
import t from 'tap';
import type { Executor, Task } from '../../campaign/executors/executor.js';
import { Pool } from '../../campaign/executors/pool.js';

interface Given extends Task {
  readonly does: string;
}

/** Does as it is told, in a process of its own. */
const worker = `
process.on('message', ({ runId, does }) => {
  if (does === 'die') process.exit(9);
  process.send({ kind: 'progress', runId, share: 0.5 });
  const kind = { ok: 'done', 'no space left': 'environment' }[does] ?? 'crashed';
  process.send({ kind, runId, reason: does, result: 'of ' + runId });
});
`;

t.test('workers', async (t) => {
  const folder = t.testdir({ 'worker.mjs': worker });
  const execute = async (does: readonly string[], more = 0, ended?: () => void) => {
    const waiting = does.map((one, index): Given => ({ runId: `${index}`, does: one }));
    const told: string[] = [];
    let extra = 0;
    const shares = new Set<number>();
    const executor: Executor<Given, string> = new Pool(2, new URL(`file://${folder}/worker.mjs`));
    await executor.execute({
      next: () => waiting.shift() ?? null,
      left: () => waiting.length,
      ended: ({ runId }, crashed, result) => {
        ended?.();
        told.push(`${runId}: ${crashed?.split('\n')[0] ?? result}`);
        // An outcome may make more to do.
        if (extra < more) waiting.push({ runId: `more ${extra++}`, does: 'ok' });
      },
      progress: (_task, share) => void shares.add(share),
    });
    return { told: told.sort(), shares };
  };
  t.same((await execute([])).told, [], 'nothing to do');
  const { told, shares } = await execute(['ok', 'bad', 'ok'], 2);
  t.match(told, ['0: of 0', /^1: .*bad$/, '2: of 2', 'more 0: of more 0', 'more 1: of more 1']);
  t.same([...shares], [0.5]);
  const full = execute(['ok', 'no space left', ...Array.from({ length: 9 }, () => 'ok')]);
  await t.rejects(full, { name: 'ExecutorError', message: 'no space left' });
  for (const does of ['ok', 'bad', 'die']) {
    const refused = execute([does, 'ok'], 0, () => {
      throw new Error('whoever asked for the runs has no space left');
    });
    await t.rejects(refused, { message: /whoever asked/ }, does);
  }
});
