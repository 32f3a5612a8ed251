/** Explains why compose refuses a file. */
import { LineCounter, parseDocument } from 'yaml';
import { PacelineError } from '../../model/failure.ts';

/**
 * @param input.file the compose file as the user named it
 * @param input.files all of the project's, where it has several
 * @param input.text its content, where it could be read: a YAML error gets its line and column from it
 * @param input.stderr what `docker compose config` wrote
 * @returns WrongUsage for invalid YAML, ComposeFailed for whatever else compose does not accept
 */
export function refusedByCompose(input: {
  readonly file: string;
  readonly files?: readonly string[];
  readonly text: string | null;
  readonly stderr: string;
}): PacelineError {
  const said = lastMessage(input.stderr);
  if (/^yaml:|while parsing|unmarshal errors/m.test(said)) return invalidYaml(input.file, input.text, said);
  if (/^env file .* not found/.test(said)) {
    return new PacelineError({
      type: 'WrongUsage',
      what: `${input.file} needs a file that does not exist: ${oneLine(said).replace(/: stat .*/, '')}.`,
      next: 'Create it (for example as a copy of its example file), or remove it from `env_file`.',
    });
  }
  if (/required variable|missing a value/.test(said)) {
    return new PacelineError({
      type: 'WrongUsage',
      what: `${input.file} needs a variable that is not set: ${oneLine(said)}.`,
      next: 'Set it in the environment or in the .env file next to the compose file.',
    });
  }
  return new PacelineError({
    type: 'ComposeFailed',
    what: `Compose does not accept ${input.file}: ${oneLine(said)}.`,
    next: `Correct the file and run the command again. Paceline ran \`docker compose ${(input.files ?? [input.file]).map((file) => `-f ${file}`).join(' ')} config\` on a copy of the project.`,
  });
}

/** Compose names a line at most, and not always the right one. Our parser finds line and column. */
function invalidYaml(file: string, text: string | null, said: string): PacelineError {
  const lines = new LineCounter();
  const error = text === null ? undefined : parseDocument(text, { lineCounter: lines }).errors[0];
  const at = error === undefined ? null : lines.linePos(error.pos[0]);
  const byCompose = /line (\d+)/.exec(said)?.[1];
  const where = at === null ? (byCompose === undefined ? '' : `:${byCompose}`) : `:${at.line}:${at.col}`;
  const reason = error === undefined ? oneLine(said).replace(/^yaml: /, '') : (error.message.split('\n')[0] ?? '');
  return new PacelineError({
    type: 'WrongUsage',
    what: `${file}${where} is not valid YAML: ${reason.replace(/ at line \d+, column \d+:?$/, '').replace(/[.:]+$/, '')}.`,
    next: 'Correct that line and run the command again.',
  });
}

/** Warnings come first, each with a time stamp and a level. The error follows them. */
function lastMessage(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('time="'));
  return lines.join('\n').trim() || 'no reason given';
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replace(/\.$/, '');
}

/** @returns the warnings among compose's messages, as sentences */
export function composeWarnings(stderr: string): readonly string[] {
  const messages = [...stderr.matchAll(/^time="[^"]*" level=warning msg="((?:[^"\\]|\\.)*)"/gm)].map((match) =>
    (match[1] ?? '').replaceAll('\\"', '"'),
  );
  return [...new Set(messages)].filter((message) => !/`?version`? is obsolete/.test(message));
}
