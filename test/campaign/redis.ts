/** A Redis of a test's own: Debian's redis-server, on a free port, in a folder of its own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** False, or why tests that need one are skipped. */
export const noRedis = spawnSync('redis-server', ['--version']).status === 0
  ? false : 'there is no redis-server';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export class TestRedis {
  readonly port: number;
  private readonly settings: readonly string[];
  private readonly folder: string;
  private child: ChildProcess | null = null;

  private constructor(port: number, folder: string, settings: readonly string[]) {
    this.port = port;
    this.folder = folder;
    this.settings = settings;
  }

  /** @param settings - words of its command line; PORT stands for its port */
  static async start(folder: string, ...settings: string[]): Promise<TestRedis> {
    const redis = new TestRedis(await freePort(), folder, settings);
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Empty, unless its settings have it save. */
  async start(): Promise<void> {
    const words = ['--port', 'PORT', '--dir', this.folder, '--save', '', ...this.settings]
      .map((word) => word === 'PORT' ? `${this.port}` : word);
    this.child = spawn('redis-server', ['--bind', '127.0.0.1', ...words], { stdio: 'ignore' });
    while (!(await this.listens())) {
      if (this.child.exitCode !== null) throw new Error('redis-server ended');
      await sleep(20);
    }
  }

  private async listens(): Promise<boolean> {
    const socket = connect(this.port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return true;
    } catch {
      return false;
    } finally {
      socket.destroy();
    }
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { child } = this;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    if (signal === 'SIGKILL' || signal === 'SIGTERM') await gone;
  }

  /** What it answers to a command. */
  ask(...words: string[]): string {
    const { stdout } = spawnSync('redis-cli', ['-p', `${this.port}`, ...words], {
      encoding: 'utf8',
    });
    return stdout.trim();
  }
}
