/** A worker process of a verification: one run, step by step as it is told. */
import { parseScenario } from '../../checker/scenario.js';
import { loadPlugins } from '../plugins.js';
import { keepAllYoung } from '../heap.js';
import { LocalRun } from './stepped-run.js';
import type { VerifyReply, VerifyRequest } from './task.js';

keepAllYoung();

let run: LocalRun | null = null;

async function answer(request: VerifyRequest): Promise<VerifyReply> {
  if (request.kind === 'begin') {
    const { registry } = await loadPlugins(request.plugins);
    const scenario = parseScenario(request.scenario, 'scenario.yaml', { plugins: registry });
    run = new LocalRun(scenario, request.circumstances);
  }
  if (request.kind === 'records') return { kind: 'records', records: await run!.records() };
  return { kind: 'step', step: await run!.next() };
}

/** Whoever asked may be gone by now, by Ctrl-C: then there is nothing left to do. */
function tell(reply: VerifyReply): void {
  process.send!(reply, undefined, undefined, (error) => {
    if (error !== null) process.exit();
  });
}

process.on('message', (request: VerifyRequest) => {
  answer(request).then(tell, (error: unknown) => {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tell({ kind: 'failed', reason });
  });
});
// The parent is gone, kill -9 perhaps.
process.on('disconnect', () => process.exit());
