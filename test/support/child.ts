/** Real second processes for what one process cannot show: races, locks and kills. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

export interface Child {
  readonly process: ChildProcess;
  /** The next line of its output; rejects with what it wrote to stderr when it ends before. */
  line(): Promise<string>;
  /** The signal that ended it, else its exit code. */
  ended(): Promise<NodeJS.Signals | number | null>;
}

/** Runs a TypeScript file on the Node that runs the tests; killed, if it still runs, when the test is over. */
export function startChild(file: string, args: readonly string[]): Child {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const closed = once(child, 'close');
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    process: child,
    async line() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`the child ended without another line: ${stderr}`);
      return value;
    },
    async ended() {
      await closed;
      return child.signalCode ?? child.exitCode;
    },
  };
}
