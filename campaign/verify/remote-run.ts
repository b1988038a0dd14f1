/** A {@link SteppedRun} in a process of its own. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { toYaml, type ResolvedScenario } from '../../experiment/scenario/index.js';
import type { Circumstances, Step, SteppedRun, StepRecords } from './stepped-run.js';
import type { VerifyReply, VerifyRequest } from './task.js';

const script = fileURLToPath(new URL('worker.js', import.meta.url));

export class RemoteRun implements SteppedRun {
  private readonly child: ChildProcess;
  private readonly begin: VerifyRequest;
  private begun = false;

  constructor(
    scenario: ResolvedScenario, plugins: readonly string[], circumstances: Circumstances,
  ) {
    this.begin = { kind: 'begin', scenario: toYaml(scenario), plugins, circumstances };
    this.child = fork(script, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  }

  async next(): Promise<Step> {
    const reply = await this.ask(this.begun ? { kind: 'next' } : this.begin);
    this.begun = true;
    if (reply.kind === 'step') return reply.step;
    throw new Error(`a worker answered with ${reply.kind}`);
  }

  async records(): Promise<StepRecords> {
    const reply = await this.ask({ kind: 'records' });
    if (reply.kind === 'records') return reply.records;
    throw new Error(`a worker answered with ${reply.kind}`);
  }

  abandon(): void {
    this.child.kill('SIGKILL');
  }

  private ask(request: VerifyRequest): Promise<VerifyReply> {
    const { child } = this;
    return new Promise((resolve, reject) => {
      const ended = (code: number | null, signal: string | null): void => {
        reject(new Error(`a worker ended early (${signal ?? `exit code ${code}`})`));
      };
      child.once('exit', ended);
      child.once('message', (reply: VerifyReply) => {
        child.off('exit', ended);
        if (reply.kind === 'failed') reject(new Error(reply.reason));
        else resolve(reply);
      });
      child.send(request);
    });
  }
}
