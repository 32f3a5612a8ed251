import { expect, test } from 'vitest';
import { runCommand } from '../../src/data/command.ts';

const sh = (script: string, options?: Parameters<typeof runCommand>[1]) => runCommand(['sh', '-c', script], options);

test.each([
  [
    'exit code and both outputs, without the last line break',
    'printf "a\\n\\n"; echo b >&2; exit 3',
    { kind: 'exited', exitCode: 3, stdout: 'a\n', stderr: 'b' },
  ],
  ['the signal that ended it', 'kill -KILL $$', { kind: 'killed', signal: 'SIGKILL', stderr: '' }],
])('a command has %s', async (_, script, outcome) => {
  expect(await sh(script)).toEqual(outcome);
});

test('a program that does not exist is missing; one that may not be run is an error', async () => {
  expect(await runCommand(['no-such-program-here'])).toEqual({ kind: 'missing' });
  await expect(runCommand(['/etc/passwd'])).rejects.toMatchObject({ code: 'EACCES' });
});

test('the environment is the given one, with messages in English', async () => {
  const outcome = await runCommand(['/usr/bin/env'], { env: { A: '1', B: undefined, LANGUAGE: 'de' } });
  expect(outcome).toMatchObject({ stdout: 'A=1\nLANGUAGE=\nLC_ALL=C.UTF-8' });
});

test('input is read, or left; latin1 keeps each byte', async () => {
  expect(await runCommand(['cat'], { input: new Uint8Array([0xe4, 0x0a]), encoding: 'latin1' })).toMatchObject({
    stdout: 'ä',
  });
  expect(await runCommand(['true'], { input: new Uint8Array(1_000_000) })).toMatchObject({ exitCode: 0 });
});

test('a command that prints without end is ended', async () => {
  expect(await runCommand(['yes'])).toMatchObject({ kind: 'killed', signal: 'SIGTERM' });
});

test('an abort ends the command with what it started, also where it does not want to end', async () => {
  const stop = new AbortController();
  const reason = new Error('enough');
  const running = sh('trap "" TERM; sleep 600 & wait; sleep 600', { signal: stop.signal });
  setTimeout(() => stop.abort(reason), 200);
  await expect(running).rejects.toBe(reason);
  await expect(sh('true', { signal: stop.signal })).rejects.toBe(reason);
});
