import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

/**
 * Runs a command for set-up. The output goes to a log file and not to the screen: set-up prints one line about what it does,
 * and only a failure shows the last lines of the tool.
 */
export class CommandFailed extends Error {
  constructor(command, result) {
    const tail = result.output.trimEnd().split('\n').slice(-8).join('\n  ');
    super(
      `\`${command.join(' ')}\` ${result.timedOut ? 'took too long' : `failed (${result.code ?? result.signal})`}:\n  ${tail}`,
    );
    this.result = result;
  }
}

/** Runs a command and never throws: `{code, stdout, output}`. The code is 127 if the command does not exist. */
export function attempt(command, { cwd, env, input, timeout = 0, log, onOutput } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command[0], command.slice(1), {
      cwd,
      env: env ?? process.env,
      stdio: [input === undefined ? 'ignore' : input, 'pipe', 'pipe'],
    });
    let stdout = '';
    let output = '';
    let timedOut = false;
    const stop = () => {
      timedOut = true;
      child.kill('SIGKILL');
    };
    let timer = timeout ? setTimeout(stop, timeout) : undefined;
    /** Extends the time limit of a command that shows progress. */
    const extend = (more) => {
      clearTimeout(timer);
      timer = setTimeout(stop, more);
    };
    const keep = (text, isStdout) => {
      if (isStdout) stdout += text;
      output = (output + text).slice(-20_000);
      if (log) appendFileSync(log, text);
      onOutput?.(text, extend);
    };
    child.stdout.setEncoding('utf8').on('data', (text) => keep(text, true));
    child.stderr.setEncoding('utf8').on('data', (text) => keep(text, false));
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ code: 127, stdout, output: String(error), timedOut });
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, output, timedOut });
    });
  });
}

/** Runs a command and returns its stdout. Throws CommandFailed. */
export async function run(command, options = {}) {
  if (options.log) appendFileSync(options.log, `\n$ ${command.join(' ')}\n`);
  const result = await attempt(command, options);
  if (result.code !== 0) throw new CommandFailed(command, result);
  return result.stdout;
}
