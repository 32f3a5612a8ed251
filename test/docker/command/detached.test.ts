import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  adoptDetached,
  type DetachedResult,
  runDetached,
  setAside,
  stopDetached,
} from '../../../src/docker/command/detached.ts';
import { isAlive } from '../../../src/docker/command/processes.ts';
import { tailOf } from '../../../src/docker/files/tail.ts';

let directory: string;
const env = { PATH: process.env['PATH'] ?? '' };

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'paceline-detached-'));
});
afterAll(async () => await rm(directory, { recursive: true, force: true }));

const command = (name: string, script: string) => ({
  folder: join(directory, name),
  argv: ['sh', '-c', script] as [string, ...string[]],
  cwd: directory,
  env,
});

const exited = (result: DetachedResult) => {
  if (result.kind !== 'exited') throw new Error(result.reason);
  return result;
};

/** Waits for a file that the command itself makes, however busy the machine is. */
async function until(condition: () => Promise<unknown>): Promise<void> {
  while (!(await condition())) await delay(50);
}
const read = (file: string) => readFile(file, 'utf8').catch(() => null);

describe('a detached command', () => {
  it('leaves its output and exit code in its folder', async () => {
    const chunks: Buffer[] = [];
    const result = exited(
      await runDetached({
        ...command('ends', 'echo out; echo err >&2; exit 7'),
        onStderrChunk: (chunk) => void chunks.push(chunk),
      }),
    );
    expect(result).toMatchObject({ exitCode: 7, adopted: false });
    expect(await readFile(result.stdoutFile, 'utf8')).toBe('out\n');
    expect(Buffer.concat(chunks).toString()).toBe('err\n');
  });

  it('passes arguments on as they are', async () => {
    const argv: [string, ...string[]] = ['printf', '%s|', 'a b', '$HOME', '"quoted"', '', "it's"];
    const result = exited(await runDetached({ folder: join(directory, 'arguments'), argv, cwd: directory, env }));
    expect(await readFile(result.stdoutFile, 'utf8')).toBe('a b|$HOME|"quoted"||it\'s|');
  });

  it('is 127 when the command is not there', async () => {
    const result = await runDetached({
      folder: join(directory, 'absent'),
      argv: ['no-such-command'],
      cwd: directory,
      env,
    });
    expect(result).toMatchObject({ kind: 'exited', exitCode: 127 });
  });

  it('is lost when it cannot be started at all', async () => {
    const result = await runDetached({ ...command('nowhere', 'true'), cwd: join(directory, 'no-such-folder') });
    expect(result).toMatchObject({ kind: 'lost' });
  });

  it('runs once, however many ask for it at the same time', async () => {
    const once = command('once', 'echo run >> runs; sleep 0.3');
    const results = await Promise.all([runDetached(once), runDetached(once), runDetached(once)]);
    expect(results.filter((result) => !exited(result).adopted)).toHaveLength(1);
    expect(await readFile(join(directory, 'runs'), 'utf8')).toBe('run\n');
  });

  it('is never taken for lost just as it begins', async () => {
    const numbers = Array.from({ length: 100 }, (_, number) => number);
    const results = await Promise.all(numbers.map(async (number) => runDetached(command(`crowd ${number}`, 'true'))));
    expect(results.filter(({ kind }) => kind === 'lost')).toEqual([]);
  });

  it('goes on when its starter is killed, and the next one reads all of it', async () => {
    const folder = join(directory, 'survives');
    const script = 'echo begun >&2; touch begun; while [ ! -e release ]; do sleep 0.1; done; echo more >&2; exit 3';
    const module = new URL('../../../src/docker/command/detached.ts', import.meta.url).href;
    const starter = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import { runDetached } from ${JSON.stringify(module)};
       await runDetached(${JSON.stringify({ folder, argv: ['sh', '-c', script], cwd: directory, env })});`,
    ]);
    await until(async () => (await read(join(directory, 'begun'))) !== null);
    const killed = once(starter, 'exit');
    starter.kill('SIGKILL');
    expect(await killed).toEqual([null, 'SIGKILL']);

    const chunks: Buffer[] = [];
    const reading = runDetached({
      ...command('survives', script),
      onStderrChunk: (chunk) => void chunks.push(chunk),
    });
    await writeFile(join(directory, 'release'), '');
    expect(exited(await reading)).toMatchObject({ exitCode: 3, adopted: true });
    expect(Buffer.concat(chunks).toString()).toBe('begun\nmore\n');
  });

  it('can be followed by a caller that only waits for its end and never starts it', async () => {
    const { signal } = new AbortController();
    expect(await adoptDetached(join(directory, 'never begun'), signal)).toBeNull();
    const running = runDetached(command('awaited', 'while [ ! -e end-it ]; do sleep 0.1; done; exit 6'));
    await until(async () => (await read(join(directory, 'awaited', 'pid'))) !== null);
    const adopted = adoptDetached(join(directory, 'awaited'), signal);
    await writeFile(join(directory, 'end-it'), '');
    expect(exited((await adopted)!)).toMatchObject({ exitCode: 6, adopted: true });
    expect(exited(await running)).toMatchObject({ exitCode: 6, adopted: false });
  });

  it('gives the reason of the abort and lets the command go on', async () => {
    const stop = new AbortController();
    const reason = new Error('the attempt was stopped');
    const script = 'while [ ! -e go-on ]; do sleep 0.1; done; exit 4';
    const running = runDetached({ ...command('aborted', script), signal: stop.signal });
    stop.abort(reason);
    await expect(running).rejects.toBe(reason);
    await writeFile(join(directory, 'go-on'), '');
    expect(exited(await runDetached(command('aborted', 'exit 99')))).toMatchObject({ exitCode: 4, adopted: true });
  });

  it('is lost when it was killed before it could leave an exit code', async () => {
    const running = runDetached(command('killed', 'touch killed-begun; sleep 60'));
    await until(async () => (await read(join(directory, 'killed-begun'))) !== null);
    const [pid] = ((await read(join(directory, 'killed', 'pid'))) ?? '').split('\n');
    process.kill(-Number(pid), 'SIGKILL');
    expect(await running).toEqual({ kind: 'lost', reason: 'the command ended without leaving an exit code' });
    expect((await runDetached(command('killed', 'true'))).kind).toBe('lost');
    await setAside(join(directory, 'killed'));
    expect(exited(await runDetached(command('killed', 'exit 0')))).toMatchObject({ exitCode: 0, adopted: false });
  });

  it.each([
    ['another boot', (pid: string, start: string) => `${pid}\n${start}\nanother-boot\n`],
    ['a reused pid', (pid: string, _: string, boot: string) => `${pid}\n1\n${boot}\n`],
  ])('is lost when its pid is of %s', async (name, rewritten) => {
    const folder = join(directory, `stale ${name}`);
    const bystander = command('bystander of a pid', 'touch bystander; sleep 60');
    const running = runDetached({ ...bystander, folder: join(directory, `bystander ${name}`) });
    await until(async () => (await read(join(directory, `bystander ${name}`, 'pid'))) !== null);
    const [pid = '', start = '', boot = ''] = ((await read(join(directory, `bystander ${name}`, 'pid'))) ?? '').split(
      '\n',
    );
    await mkdir(folder);
    await writeFile(join(folder, 'pid'), rewritten(pid, start, boot));
    expect((await runDetached({ ...bystander, folder })).kind).toBe('lost');
    expect(await stopDetached(folder)).toBe(false);
    expect(await isAlive({ pid: Number(pid), startTime: start, bootId: boot })).toBe(true);
    await stopDetached(join(directory, `bystander ${name}`));
    await running;
  });

  it('is lost when the process that claimed it was killed before the start, and can never start afterwards', async () => {
    const folder = join(directory, 'only claimed');
    await mkdir(folder);
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(folder, longAgo, longAgo);
    expect(await runDetached({ ...command('x', 'true'), folder })).toEqual({
      kind: 'lost',
      reason: 'the command was claimed but never started',
    });
  });

  it('is stopped with everything it started, and says how it ended', async () => {
    const running = runDetached(command('stopped', 'sleep 61 & touch stopped-begun; wait'));
    await until(async () => (await read(join(directory, 'stopped-begun'))) !== null);
    expect(await stopDetached(join(directory, 'stopped'))).toBe(true);
    expect(exited(await running).exitCode).toBe(143);
    expect(await stopDetached(join(directory, 'stopped'))).toBe(false);
  });

  it('is killed when it does not stop by itself', async () => {
    const running = runDetached(command('stubborn', 'trap "" TERM; touch stubborn-begun; while :; do sleep 1; done'));
    await until(async () => (await read(join(directory, 'stubborn-begun'))) !== null);
    expect(await stopDetached(join(directory, 'stubborn'), 200)).toBe(true);
    expect((await running).kind).toBe('lost');
  });
});

describe('the tail of a file', () => {
  it.each([
    ['all of a short one', 'a\nb\n', 100, 'a\nb\n'],
    ['whole lines of a long one', 'aaaa\nbbbb\ncccc\n', 11, 'bbbb\ncccc\n'],
    ['nothing of an empty one', '', 10, ''],
  ])('is %s', async (_, content, maxBytes, expected) => {
    const file = join(directory, 'tail');
    await writeFile(file, content);
    expect(await tailOf(file, maxBytes)).toBe(expected);
  });

  it('is nothing where there is no file', async () => {
    expect(await tailOf(join(directory, 'no such file'), 10)).toBe('');
  });
});
